//! Portfolios and price series.

use thiserror::Error;

/// Why a calculation was refused. Rows, columns and indices count from 0, so that a caller can point at the value.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum QuantError {
    /// A list that must hold at least one value holds none.
    #[error("{what} must not be empty")]
    Empty {
        /// The list's name.
        what: &'static str,
    },
    /// Fewer rows than the calculation needs.
    #[error("at least {minimum} rows are needed, got {rows}")]
    TooFewRows {
        /// The rows that were given.
        rows: usize,
        /// The rows that are needed.
        minimum: usize,
    },
    /// A row that has more or fewer values than the first one.
    #[error("row {row} has {found} values where {expected} were expected")]
    RaggedRow {
        /// The row.
        row: usize,
        /// Its number of values.
        found: usize,
        /// The number of values of the first row.
        expected: usize,
    },
    /// A value that is NaN or infinite.
    #[error("{what}: the value in row {row}, column {column} is not a finite number")]
    NotFinite {
        /// The table's or list's name.
        what: &'static str,
        /// The row; 0 for a list.
        row: usize,
        /// The column.
        column: usize,
    },
    /// A simple return of -100 % or less, which has no logarithm.
    #[error("the simple return in row {row}, column {column} must be above -1, got {value}")]
    TotalLoss {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The return.
        value: f64,
    },
    /// A price of 0 or less.
    #[error("the price in row {row}, column {column} must be positive, got {value}")]
    PriceNotPositive {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The price.
        value: f64,
    },
    /// Weights, means or a covariance that don't fit the number of assets.
    #[error("{what} covers {found} assets where {expected} were expected")]
    AssetsMismatch {
        /// What doesn't fit.
        what: &'static str,
        /// The assets that it covers.
        found: usize,
        /// The assets that there are.
        expected: usize,
    },
    /// Two series of the same periods with different lengths.
    #[error("{what} has {found} values where {expected} were expected")]
    LengthMismatch {
        /// The series that doesn't fit.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length of the other one.
        expected: usize,
    },
    /// Dates that aren't one more than the returns: of the start, then of each return.
    #[error("{expected} dates were expected, one of the start and one a return, got {found}")]
    DatesMismatch {
        /// The number of dates.
        found: usize,
        /// The number of returns and 1.
        expected: usize,
    },
    /// A date that isn't after the one before it.
    #[error("the date in row {row} must be after the one before it")]
    DatesNotAscending {
        /// The row.
        row: usize,
    },
    /// A portfolio that is worth nothing, or less, where a return is taken from its worth.
    #[error("the portfolio's value in row {row} must be positive, got {value}")]
    ValueNotPositive {
        /// The row.
        row: usize,
        /// The value.
        value: f64,
    },
    /// Weights that don't sum to 1 within [`crate::WEIGHT_SUM_TOLERANCE`].
    #[error("weights must sum to 1, got {sum}")]
    WeightsSum {
        /// Their sum.
        sum: f64,
    },
    /// A covariance whose entries (i, j) and (j, i) differ.
    #[error("the covariance is not symmetric in row {row}, column {column}")]
    NotSymmetric {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
    },
    /// A negative variance on the diagonal of a covariance.
    #[error("the variance of asset {asset} is negative")]
    NegativeVariance {
        /// The asset.
        asset: usize,
    },
    /// A correlation with a negative eigenvalue: no random numbers are correlated so.
    #[error("the correlation is not positive semidefinite: its smallest eigenvalue is {smallest}")]
    NotPositiveSemidefinite {
        /// The smallest eigenvalue.
        smallest: f64,
    },
    /// A parameter outside its range.
    #[error("{name} must be {range}, got {value}")]
    OutOfRange {
        /// The parameter.
        name: &'static str,
        /// The range in words.
        range: &'static str,
        /// The value that was given.
        value: f64,
    },
    /// A perpetuity that grows as fast as it is discounted, or faster: it has no value.
    #[error("terminal growth must be below the WACC of {wacc}, got {growth}")]
    GrowthNotBelowWacc {
        /// The growth of the perpetuity a year.
        growth: f64,
        /// The weighted average cost of capital.
        wacc: f64,
    },
    /// Something that this version can't do.
    #[error("{what} is not supported")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
    },
    /// A result that no `f64` can hold.
    #[error("{what} is outside the range of floating-point numbers")]
    Overflow {
        /// The figure.
        what: &'static str,
    },
    /// A range of blocks that the simulation doesn't have.
    #[error("blocks {start}..{end} are outside 0..{blocks}")]
    BlocksOutOfRange {
        /// The first block asked for.
        start: u64,
        /// The block after the last one asked for.
        end: u64,
        /// The blocks of the simulation.
        blocks: u64,
    },
    /// Partial results that leave a gap, overlap, or come out of order.
    #[error("a partial result starts at block {found} where block {expected} was expected")]
    BlocksNotCovered {
        /// The block that was next.
        expected: u64,
        /// The block that came instead; the number of blocks seen where the end is missing.
        found: u64,
    },
    /// A partial result of a simulation with other inputs.
    #[error("a partial result belongs to a simulation with other inputs")]
    ForeignPartial,
}

use serde::{Deserialize, Serialize};

use crate::{optimisation, performance, rebalancing};

/// A portfolio task's input, by its kind: complete, checked, and with nothing left to look up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PortfolioInput {
    /// An optimisation.
    Optimise(Box<optimisation::Input>),
    /// A rebalancing.
    Rebalance(rebalancing::Input),
    /// A performance analysis.
    Performance(performance::Input),
}

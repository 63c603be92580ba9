//! A portfolio's ledger: transactions in the order in which they were recorded, and what follows from them.
//!
//! Nothing that was recorded is ever changed. A correction is a further entry, a reversal, which takes an earlier one out of
//! the books; what is to stand in its place is recorded with it, and counts at the place of the first one. The books are
//! kept by date: an entry counts from its own date on, whenever it was recorded.
//!
//! Money is exact. What a trade amounts to is rounded to the currency's smallest unit once, when it is recorded; the cost of
//! what is sold is rounded to the same unit, and what is left keeps the rest. So the sums are right to the last cent:
//! `cash + cost of what is held = deposits - withdrawals + dividends - fees + realised gains`.

mod book;
mod correct;
mod draft;
mod entry;
mod fraction;
mod held;
mod history;
mod lots;
mod order;
mod parts;
mod record;
mod references;
mod removal;
mod segment;
mod splits;

pub use book::{Book, NoBook, Position};
pub use correct::{CorrectionError, correct};
pub use draft::{Draft, Fields};
pub use entry::{Action, Entry, Kind, MAXIMUM_AMOUNT, Note, Reference, Split, Trade};
pub use held::{Held, HeldError};
pub use history::{DailyValue, DailyValues, Flows, PricedBy};
pub use lots::CostMethod;
pub use order::{in_order, reversals};
pub use record::{Earlier, Fault, LedgerHead, MAXIMUM_ENTRIES, Recorded, record};
pub use references::{REFERENCE_PARTS, References, ReferencesKey};
pub use removal::Removal;
pub use segment::{SEGMENT_LENGTH, Segment, SegmentKey};
pub use splits::Splits;

//! Transactions that are recorded together, and how a client finds the bad one among them.

use domain::{
    FieldError, Invalid, Validation,
    currency::Currency,
    ledger::{Draft, Fault, Reference},
};
use jiff::civil::Date;

use super::{
    input::{TransactionInput, TransactionsInput},
    table,
};
use crate::rows::Rows;

/// The most transactions of one load: what is loaded together is written together.
pub(super) const MAXIMUM_LOAD: usize = 10_000;
/// The most faults that are told of; more help nobody.
const MAXIMUM_FAULTS: usize = 100;

/// What was sent.
pub(super) struct Batch<'a> {
    inputs: Vec<TransactionInput>,
    form: Form<'a>,
}

enum Form<'a> {
    One,
    Many,
    Csv(Rows<'a>),
}

impl<'a> Batch<'a> {
    /// The lines of a CSV text.
    ///
    /// # Errors
    /// Names the first row that can't be read.
    pub(super) fn csv(text: &'a str) -> Result<Self, Invalid> {
        let (inputs, rows) = table::parse(text)?;
        if inputs.is_empty() {
            return Err(Invalid::field("/rows", "must have at least one transaction"));
        }
        Ok(Self { inputs, form: Form::Csv(rows) })
    }

    /// One transaction, or an array.
    ///
    /// # Errors
    /// When there are none, or too many.
    pub(super) fn json(input: TransactionsInput) -> Result<Self, Invalid> {
        match input {
            TransactionsInput::One(input) => Ok(Self { inputs: vec![*input], form: Form::One }),
            TransactionsInput::Many(inputs) if (1..=MAXIMUM_LOAD).contains(&inputs.len()) => {
                Ok(Self { inputs, form: Form::Many })
            }
            TransactionsInput::Many(inputs) => {
                let detail = format!("must have 1 to {MAXIMUM_LOAD} transactions, but has {}", inputs.len());
                Err(Invalid::field("", detail))
            }
        }
    }

    /// Whether it is a transaction by itself.
    pub(super) fn is_one(&self) -> bool {
        matches!(self.form, Form::One)
    }

    /// The transactions, for a portfolio of this currency.
    ///
    /// # Errors
    /// Names the fields that can't be taken.
    pub(super) fn drafts(&self, currency: Currency, today: Date) -> Result<Vec<Draft>, Invalid> {
        let mut validation = Validation::new();
        let mut drafts = Vec::with_capacity(self.inputs.len());
        let mut faults = 0;
        for (index, input) in self.inputs.iter().enumerate() {
            let parsed = input.parse(currency, today);
            let parsed = parsed.map_err(|Invalid(errors)| {
                Invalid(
                    errors
                        .into_iter()
                        .map(|error| self.place(index, &error.pointer, &error.detail))
                        .collect(),
                )
            });
            faults += usize::from(parsed.is_err());
            drafts.extend(validation.nest("", parsed));
            if faults == MAXIMUM_FAULTS {
                break;
            }
        }
        validation.finish(Some(drafts))
    }

    /// The references that the transactions have.
    pub(super) fn references(&self) -> Vec<Reference> {
        let references = self.inputs.iter().filter_map(|input| input.reference.as_deref());
        references.filter_map(|reference| Reference::parse(reference).ok()).collect()
    }

    /// The faults, where the client finds them.
    pub(super) fn blame(&self, faults: &[Fault]) -> Invalid {
        let faults = faults.iter().take(MAXIMUM_FAULTS);
        Invalid(faults.map(|fault| self.place(fault.index, fault.pointer, &fault.detail)).collect())
    }

    fn place(&self, index: usize, pointer: &str, detail: &str) -> FieldError {
        let (pointer, detail) = match &self.form {
            Form::One => (pointer.to_owned(), detail.to_owned()),
            Form::Many => (format!("/{index}{pointer}"), detail.to_owned()),
            Form::Csv(rows) => {
                (format!("/rows/{index}{pointer}"), format!("line {}: {detail}", rows.line(index)))
            }
        };
        FieldError { pointer, detail }
    }
}

//! How a client wrote an assumption: under which of its names, and as one figure or one a year.

use std::collections::BTreeMap;

use domain::Validation;
use quant::valuation::Fault;

/// One of an assumption's names, with the value that was given under it, if any.
pub(super) type Named<T> = (&'static str, Option<T>);

/// The names under which a client gave its assumptions, so that a fault points to what it wrote.
#[derive(Debug, Default)]
pub(super) struct Written {
    names: BTreeMap<&'static str, (&'static str, bool)>,
}

impl Written {
    /// The one value of an assumption that may be given under several names.
    pub(super) fn choose<T>(
        &mut self,
        validation: &mut Validation,
        field: &'static str,
        names: impl IntoIterator<Item = Named<T>>,
    ) -> Option<T> {
        let mut chosen: Option<(&'static str, T)> = None;
        for (name, value) in names {
            match (&chosen, value) {
                (None, Some(value)) => chosen = Some((name, value)),
                (Some((first, _)), Some(_)) => {
                    validation.reject(format!("/{name}"), format!("must not be given together with {first}"));
                }
                (_, None) => {}
            }
        }
        let (name, value) = chosen?;
        self.names.insert(field, (name, false));
        Some(value)
    }

    /// Notes that an assumption was given as a list.
    pub(super) fn as_list(&mut self, field: &'static str) {
        let name = self.names.get(field).map_or(field, |(name, _)| name);
        self.names.insert(field, (name, true));
    }

    /// The name under which an assumption was given.
    pub(super) fn name(&self, field: &'static str) -> &'static str {
        self.names.get(field).map_or(field, |(name, _)| name)
    }

    /// Where a fault is. What was one figure for all years has one fault, not one a year.
    pub(super) fn pointer(&self, fault: &Fault) -> String {
        let Some(index) = fault.index else { return format!("/{}", self.name(fault.field)) };
        if let Some((list, part)) = fault.field.split_once('/') {
            return format!("/{list}/{index}/{part}");
        }
        match self.names.get(fault.field) {
            Some((name, true)) => format!("/{name}/{index}"),
            _ => format!("/{}", self.name(fault.field)),
        }
    }
}

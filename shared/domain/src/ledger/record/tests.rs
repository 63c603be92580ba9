//! Ledgers that are recorded into and corrected.

use jiff::civil::date;
use rust_decimal::Decimal;

use super::*;
use crate::ledger::{Action, CorrectionError, Trade, correct};

fn trade(quantity: i64) -> Trade {
    let (symbol, one) = ("A".parse().unwrap(), Decimal::ONE);
    Trade { symbol, quantity: quantity.into(), price: one, amount: quantity.into(), fee: Decimal::ZERO }
}

fn draft(day: i8, action: Action, reference: Option<&str>) -> Draft {
    let reference = reference.map(|text| Reference::parse(text).unwrap());
    Draft { date: date(2024, 1, day), action, reference, note: None }
}

fn buy(day: i8, quantity: i64) -> Draft {
    draft(day, Action::Buy(trade(quantity)), None)
}

fn sell(day: i8, quantity: i64) -> Draft {
    draft(day, Action::Sell(trade(quantity)), None)
}

/// A ledger that grows.
#[derive(Default)]
struct Growing {
    head: LedgerHead,
    entries: Vec<Entry>,
}

impl Growing {
    fn record(&mut self, drafts: Vec<Draft>) -> Result<Recorded, Vec<Fault>> {
        let earlier = Earlier::Entries(&self.entries);
        let recorded = record(self.head, earlier, drafts, Timestamp::UNIX_EPOCH, &mut rand::rng())?;
        self.head = recorded.head;
        self.entries.extend(recorded.entries.clone());
        Ok(recorded)
    }

    fn correct(&mut self, place: usize, replacement: Option<Draft>) -> Result<Recorded, CorrectionError> {
        let (ledger, id) = ((self.head, &*self.entries), self.entries[place].id);
        let recorded = correct(ledger, id, replacement, None, Timestamp::UNIX_EPOCH, &mut rand::rng())?;
        self.head = recorded.head;
        self.entries.extend(recorded.entries.clone());
        Ok(recorded)
    }
}

fn held(recorded: &Recorded) -> Decimal {
    Held::of(&recorded.holdings).quantity(&"A".parse().unwrap())
}

#[test]
fn a_known_reference_is_the_entry_that_has_it() {
    let mut ledger = Growing::default();
    let named = |quantity| draft(2, Action::Buy(trade(quantity)), Some("one"));
    let first = ledger.record(vec![named(5), named(5)]).unwrap();
    assert_eq!((first.entries.len(), first.ids.len(), held(&first)), (1, 2, 5.into()));
    let holdings = &first.holdings;
    let repeat = |drafts| {
        let earlier = Earlier::Holdings(holdings, &first.entries);
        record(first.head, earlier, drafts, Timestamp::UNIX_EPOCH, &mut rand::rng())
    };
    assert!(first.head.suffices(&[named(5)]));
    assert_eq!(repeat(vec![named(5)]).unwrap().ids, first.ids[..1]);
    assert_eq!(repeat(vec![named(6)]).unwrap_err()[0].pointer, "/reference");
    let again = ledger.record(vec![named(5), buy(3, 1)]).unwrap();
    assert_eq!((again.ids[0], again.entries.len(), held(&again)), (first.ids[0], 1, 6.into()));
    let faults = ledger.record(vec![buy(3, 1), named(6)]).unwrap_err();
    assert_eq!((faults[0].index, faults[0].pointer), (1, "/reference"));
}

#[test]
fn a_reference_is_that_of_the_entry_that_counts_too() {
    let mut ledger = Growing::default();
    let named = |quantity, reference| draft(2, Action::Buy(trade(quantity)), Some(reference));
    let first = ledger.record(vec![named(5, "one"), named(1, "two")]).unwrap();
    assert_eq!(first.reversed, BTreeMap::new());
    let taken = ledger.correct(0, Some(named(6, "two")));
    assert!(matches!(taken, Err(CorrectionError::Faults(faults)) if faults[0].pointer == "/reference"));
    // It is called what the one was called that it replaces, whether that is said or not.
    let six = ledger.correct(0, Some(buy(2, 6))).unwrap();
    let seven = ledger.correct(3, Some(named(7, "one"))).unwrap();
    let again = |ledger: &mut Growing, quantity| ledger.record(vec![named(quantity, "one")]);
    let counting = again(&mut ledger, 7).unwrap();
    assert_eq!((&*counting.ids, counting.entries.len()), (&[seven.ids[1]][..], 0));
    assert_eq!(counting.reversed, BTreeMap::new());
    for (quantity, id, by) in [(5, first.ids[0], six.ids[0]), (6, six.ids[1], seven.ids[0])] {
        let old = again(&mut ledger, quantity).unwrap();
        assert_eq!((&*old.ids, old.entries.len()), (&[id][..], 0));
        assert_eq!(old.reversed, BTreeMap::from([(id, by)]));
    }
    let other = again(&mut ledger, 8).unwrap_err();
    assert!(other[0].detail.contains(&seven.ids[1].to_string()), "{other:?}");
    // Taken out for good, and sent again: it stays out, and that is told.
    let out = ledger.correct(5, None).unwrap();
    let back = again(&mut ledger, 7).unwrap();
    assert_eq!(back.reversed, BTreeMap::from([(seven.ids[1], out.ids[0])]));
    assert_eq!(held(&back), 1.into());
}

#[test]
fn what_comes_newest_first_is_recorded_from_its_end() {
    let split = |day| {
        let split = crate::ledger::Split { symbol: "A".parse().unwrap(), new: 2, old: 1 };
        draft(day, Action::Split(split), None)
    };
    // Bought after the split of the same morning.
    let newest_first = vec![sell(5, 3), buy(4, 10), split(4), buy(2, 1)];
    let recorded = Growing::default().record(newest_first).unwrap();
    assert_eq!((held(&recorded), recorded.entries[0].date), (9.into(), date(2024, 1, 2)));
    let as_given = Growing::default().record(vec![buy(2, 1), buy(4, 10), split(4), sell(5, 3)]).unwrap();
    assert_eq!(held(&as_given), 19.into());
    let one_day = Growing::default().record(vec![buy(4, 10), split(4)]).unwrap();
    assert_eq!(held(&one_day), 20.into());
    let faults = Growing::default().record(vec![sell(5, 3), sell(4, 1), buy(2, 3)]).unwrap_err();
    assert_eq!((faults[0].index, faults[0].pointer), (0, "/quantity"));
}

#[test]
fn the_draft_that_makes_a_sale_impossible_is_blamed() {
    let mut ledger = Growing::default();
    ledger.record(vec![buy(2, 10), sell(20, 10)]).unwrap();
    let faults = ledger.record(vec![buy(1, 1), sell(5, 2)]).unwrap_err();
    assert_eq!((faults[0].index, faults[0].pointer), (1, ""));
    assert!(faults[0].detail.ends_with("sells 10 A, but only 9 are held on 2024-01-20 then"), "{faults:?}");
    let own = ledger.record(vec![sell(1, 1)]).unwrap_err();
    assert_eq!(
        (own[0].pointer, own[0].detail.as_str()),
        ("/quantity", "sells 1 A, but only 0 are held on 2024-01-01")
    );
}

#[test]
fn the_holdings_alone_suffice_for_what_comes_last() {
    let mut ledger = Growing::default();
    let whole = ledger.record(vec![buy(2, 10), sell(3, 4)]).unwrap();
    assert!(whole.head.suffices(&[sell(3, 6)]) && !whole.head.suffices(&[sell(2, 6)]));
    let next = |quantity| {
        let earlier = Earlier::Holdings(&whole.holdings, &[]);
        record(whole.head, earlier, vec![sell(3, quantity)], Timestamp::UNIX_EPOCH, &mut rand::rng())
    };
    assert_eq!(next(7).unwrap_err()[0].detail, "sells 7 A, but only 6 are held on 2024-01-03");
    let last = next(6).unwrap();
    assert_eq!((held(&last), last.head.entries, last.ids[0].place()), (Decimal::ZERO, 3, 2));
}

#[test]
fn a_replacement_stands_where_the_first_one_stood() {
    let mut ledger = Growing::default();
    ledger.record(vec![buy(2, 10), sell(2, 8)]).unwrap();
    assert!(matches!(ledger.correct(0, None), Err(CorrectionError::Faults(_))));
    let corrected = ledger.correct(0, Some(buy(2, 8))).unwrap();
    assert_eq!((held(&corrected), corrected.head.corrected), (Decimal::ZERO, true));
    assert!(matches!(ledger.correct(0, None), Err(CorrectionError::Reversed(id)) if id == corrected.ids[0]));
    assert_eq!(ledger.correct(2, None), Err(CorrectionError::IsReversal));
    // The replacement of the replacement stands there too, and the sale can be taken back before it.
    assert_eq!(held(&ledger.correct(3, Some(buy(2, 9))).unwrap()), 1.into());
    assert_eq!(held(&ledger.correct(1, None).unwrap()), 9.into());
    let unknown = TransactionId::at(0, Timestamp::UNIX_EPOCH, &mut rand::rng());
    let ledger = (ledger.head, &*ledger.entries);
    let missing = correct(ledger, unknown, None, None, Timestamp::UNIX_EPOCH, &mut rand::rng());
    assert_eq!(missing, Err(CorrectionError::NotFound));
}

#[test]
fn there_are_bounds() {
    let full = LedgerHead { entries: MAXIMUM_ENTRIES, ..LedgerHead::default() };
    let Ok(nothing) = Held::default().holdings() else { panic!("no holdings are holdings") };
    let more = record(
        full,
        Earlier::Holdings(&nothing, &[]),
        vec![buy(2, 1)],
        Timestamp::UNIX_EPOCH,
        &mut rand::rng(),
    );
    assert!(more.unwrap_err()[0].detail.contains("at most 100000 entries"));
    let many = (0..=500).map(|n| {
        let trade = Trade { symbol: format!("S{n}").parse().unwrap(), ..trade(1) };
        draft(2, Action::Buy(trade), None)
    });
    let many = Growing::default().record(many.collect()).unwrap_err();
    assert_eq!(many[0].detail, "the portfolio must have at most 500 holdings");
}

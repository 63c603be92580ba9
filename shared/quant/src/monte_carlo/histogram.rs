use serde::{Deserialize, Serialize};

/// Pages of the range of `f64`: sign and exponent, one page an octave.
const PAGES: usize = 1 << 12;

/// A histogram over all finite numbers whose bins have a constant relative width, so that it needs no range beforehand,
/// takes constant memory, and merges by adding whole numbers (after the HDR histogram of Tene). A bin is the numbers
/// that share sign, exponent and the first `bits` bits of their fraction: at most `2^-bits` of the value wide.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    bits: u32,
    /// For each octave, where its bins begin in `counts`, divided by their number, plus 1; 0 before its first value.
    pages: Vec<u16>,
    counts: Vec<u32>,
}

/// The bins that aren't empty, ascending: (distance from the bin before, count).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sparse(Vec<(u32, u32)>);

impl Histogram {
    pub(super) fn new(bits: u32) -> Self {
        Self { bits, pages: vec![0; PAGES], counts: Vec::new() }
    }

    /// The bin of a finite value. Bins ascend with the values, negative ones included.
    #[inline(always)]
    pub(super) fn key(value: f64, bits: u32) -> u32 {
        let raw = value.to_bits();
        let negative = 0u64.wrapping_sub(raw >> 63);
        ((raw ^ (negative | 1 << 63)) >> (52 - bits)) as u32
    }

    /// The smallest number of a bin, in the order of keys.
    fn edge(&self, key: u32) -> f64 {
        let ordered = u64::from(key) << (52 - self.bits);
        if ordered >> 63 == 1 {
            return f64::from_bits(ordered ^ (1 << 63));
        }
        f64::from_bits(!ordered)
    }

    /// The bin's lower and upper edge.
    pub(super) fn edges(&self, key: u32) -> (f64, f64) {
        (self.edge(key), self.edge(key + 1))
    }

    #[inline(always)]
    pub(super) fn add(&mut self, key: u32, count: u32) {
        let octave = (key >> self.bits) as usize & (PAGES - 1);
        if self.pages[octave] == 0 {
            self.grow(octave);
        }
        let page = usize::from(self.pages[octave]) - 1;
        let bin = key as usize & ((1 << self.bits) - 1);
        self.counts[(page << self.bits) | bin] += count;
    }

    #[cold]
    fn grow(&mut self, octave: usize) {
        let bins = 1 << self.bits;
        self.counts.resize(self.counts.len() + bins, 0);
        self.pages[octave] = (self.counts.len() / bins) as u16;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (key, count) in other.bins() {
            self.add(key, count);
        }
    }

    pub(super) fn add_sparse(&mut self, sparse: &Sparse) {
        let mut key = 0u32;
        for &(step, count) in &sparse.0 {
            key = key.wrapping_add(step);
            self.add(key, count);
        }
    }

    /// The bins that aren't empty, ascending.
    pub(super) fn bins(&self) -> impl DoubleEndedIterator<Item = (u32, u32)> + '_ {
        let octaves = self.pages.iter().enumerate().filter(|&(_, &page)| page > 0);
        octaves.flat_map(move |(octave, &page)| {
            let start = (usize::from(page) - 1) << self.bits;
            let counts = self.counts[start..start + (1 << self.bits)].iter().enumerate();
            let keys = counts.filter(|&(_, &count)| count > 0);
            keys.map(move |(bin, &count)| (((octave << self.bits) | bin) as u32, count))
        })
    }

    pub(super) fn sparse(&self) -> Sparse {
        let mut before = 0;
        let steps = self.bins().map(|(key, count)| (key - std::mem::replace(&mut before, key), count));
        Sparse(steps.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_ascend_with_values_and_hold_them() {
        let values = [-1e300, -2.0, -1.001, -1.0, -1e-300, -0.0, 0.0, 1e-300, 0.999, 1.0, 1.5, 1e300];
        let keys: Vec<u32> = values.iter().map(|&value| Histogram::key(value, 12)).collect();
        assert!(keys.is_sorted());
        let histogram = Histogram::new(12);
        for (&value, key) in values.iter().zip(keys) {
            let (low, high) = histogram.edges(key);
            assert!(low <= value && value <= high && high - low <= value.abs() / 4096.0 + f64::MIN_POSITIVE);
        }
    }

    #[test]
    fn sparse_form_keeps_every_count() {
        let mut histogram = Histogram::new(6);
        for value in [0.5, -0.5, 0.5, 3.0, -1e-9] {
            histogram.add(Histogram::key(value, 6), 1);
        }
        let mut copy = Histogram::new(6);
        copy.add_sparse(&histogram.sparse());
        copy.merge(&histogram);
        let doubled: Vec<_> = histogram.bins().map(|(key, count)| (key, 2 * count)).collect();
        assert_eq!(copy.bins().collect::<Vec<_>>(), doubled);
        assert_eq!(doubled.iter().map(|bin| bin.1).sum::<u32>(), 10);
    }
}

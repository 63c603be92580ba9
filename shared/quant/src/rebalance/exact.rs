use super::allocation::{AllocationOutcome, Item};

/// The nodes that are searched at most.
const NODES: usize = 200_000;

/// What is not worth searching for: half a cent.
const TOLERANCE: f64 = 0.005;

/// The whole numbers of lots that minimise `Σ |wanted - held| + idle cash` within the budget.
///
/// With all wants within the budget this is twice the shortfall `Σ max(wanted - held, 0)` and a constant, so that no asset
/// holds more lots than its want rounded up. From there lots have to be taken away until the budget is met: the first lot
/// of an asset costs the shortfall that it opens (less than the lot), each further lot its full value. Branch and bound
/// over the assets in the order of shortfall per money freed, first for which a lot is taken from, then for further lots of
/// these; the bound lets a lot be taken in part. Exact to half a unit of the currency's hundredths.
pub(super) fn exact(items: &[Item], budget: f64, start: &[u64]) -> (Vec<u64>, AllocationOutcome) {
    let most: Vec<u64> =
        items.iter().map(|item| (item.wanted / item.lot - 1e-12).ceil().max(0.0) as u64).collect();
    let over = items.iter().zip(&most).map(|(item, &count)| count as f64 * item.lot).sum::<f64>() - budget;
    if over <= 0.0 {
        return (most, AllocationOutcome::Optimal);
    }
    let opened = |at: usize| items[at].wanted - (most[at] as f64 - 1.0) * items[at].lot;
    let mut order: Vec<usize> = (0..items.len()).filter(|&at| most[at] > 0).collect();
    order.sort_by(|&a, &b| (opened(a) / items[a].lot).total_cmp(&(opened(b) / items[b].lot)).then(a.cmp(&b)));
    let sorted: Vec<Removal> =
        order.iter().map(|&at| Removal { lot: items[at].lot, first: opened(at), most: most[at] }).collect();
    let shortfall =
        items.iter().zip(start).map(|(item, &count)| (item.wanted - count as f64 * item.lot).max(0.0));
    let taken = order.iter().map(|&at| most[at].saturating_sub(start[at])).collect();
    let mut search = Search {
        sorted: &sorted,
        best: shortfall.sum(),
        best_taken: taken,
        taken: vec![0; sorted.len()],
        nodes: 0,
    };
    let bound = search.bound(0, over);
    search.visit(0, over, 0.0);
    let mut lots = most;
    for (&at, taken) in order.iter().zip(&search.best_taken) {
        lots[at] -= taken;
    }
    let outcome = if search.nodes < NODES {
        AllocationOutcome::Optimal
    } else {
        AllocationOutcome::NodeLimit { gap: (search.best - bound).max(0.0) }
    };
    (lots, outcome)
}

/// What taking lots of an asset away costs and frees.
struct Removal {
    lot: f64,
    first: f64,
    most: u64,
}

struct Search<'a> {
    sorted: &'a [Removal],
    best: f64,
    best_taken: Vec<u64>,
    taken: Vec<u64>,
    nodes: usize,
}

impl Search<'_> {
    /// The least cost of freeing `need` from the assets on, where parts of a lot may be taken.
    fn bound(&self, from: usize, mut need: f64) -> f64 {
        let mut cost = 0.0;
        for removal in &self.sorted[from..] {
            if need <= removal.lot {
                return cost + need.max(0.0) * removal.first / removal.lot;
            }
            need -= removal.lot;
            cost += removal.first;
        }
        cost + need
    }

    fn record(&mut self, cost: f64) {
        if cost < self.best {
            self.best = cost;
            self.best_taken.clone_from(&self.taken);
        }
    }

    /// Decides from which assets a first lot is taken.
    fn visit(&mut self, at: usize, need: f64, cost: f64) {
        self.nodes += 1;
        if need <= 0.0 {
            return self.record(cost);
        }
        if self.nodes >= NODES || cost + self.bound(at, need) >= self.best - TOLERANCE {
            return;
        }
        let mut chosen: Vec<usize> = (0..at).filter(|&own| self.taken[own] > 0).collect();
        chosen.sort_by(|&a, &b| self.sorted[b].lot.total_cmp(&self.sorted[a].lot));
        self.further(&chosen, need, cost);
        if at < self.sorted.len() {
            self.taken[at] = 1;
            self.visit(at + 1, need - self.sorted[at].lot, cost + self.sorted[at].first);
            self.taken[at] = 0;
            self.visit(at + 1, need, cost);
        }
    }

    /// Takes further lots from the assets chosen, the largest lots first; the smallest one closes the rest.
    fn further(&mut self, chosen: &[usize], need: f64, cost: f64) {
        self.nodes += 1;
        if need <= 0.0 {
            return self.record(cost);
        }
        let Some((&at, rest)) = chosen.split_first() else { return };
        if self.nodes >= NODES || cost + need >= self.best - TOLERANCE {
            return;
        }
        let (lot, before) = (self.sorted[at].lot, self.taken[at]);
        let enough = ((need / lot).ceil() as u64).min(self.sorted[at].most - before);
        let least = if rest.is_empty() { enough } else { 0 };
        for count in (least..=enough).rev() {
            if self.nodes >= NODES {
                break;
            }
            let freed = count as f64 * lot;
            self.taken[at] = before + count;
            self.further(rest, need - freed, cost + freed);
        }
        self.taken[at] = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least shortfall by trying everything.
    fn brute(items: &[Item], budget: f64) -> f64 {
        let Some((first, rest)) = items.split_first() else { return 0.0 };
        let most = (first.wanted / first.lot).ceil() as u64;
        (0..=most)
            .filter(|&count| count as f64 * first.lot <= budget + 1e-12)
            .map(|count| {
                let held = count as f64 * first.lot;
                (first.wanted - held).max(0.0) + brute(rest, budget - held)
            })
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn is_as_good_as_trying_everything() {
        let mut state = 7u64;
        let mut next = |range: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % range
        };
        for _ in 0..300 {
            let items: Vec<Item> =
                (0..4).map(|_| Item { wanted: next(60) as f64, lot: 1.0 + next(40) as f64 }).collect();
            let budget: f64 = items.iter().map(|item| item.wanted).sum();
            let nothing = vec![0; 4];
            let (lots, outcome) = exact(&items, budget, &nothing);
            assert_eq!(outcome, AllocationOutcome::Optimal);
            let held = |item: &Item, &count: &u64| count as f64 * item.lot;
            assert!(items.iter().zip(&lots).map(|(i, c)| held(i, c)).sum::<f64>() <= budget + 1e-9);
            let shortfall: f64 = items.iter().zip(&lots).map(|(i, c)| (i.wanted - held(i, c)).max(0.0)).sum();
            assert!((shortfall - brute(&items, budget)).abs() < 1e-9);
        }
    }
}

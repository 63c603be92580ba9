use super::{Join, Tree};
use crate::Matrix;

/// The hierarchy with the children of each join turned so that neighbouring leaves are near (Bar-Joseph, Gifford &
/// Jaakkola 2001), by dynamic programming in O(n³). The root's children stay where they are.
///
/// As `SciPy` does it, and so Riskfolio-Lib and skfolio: each cluster is turned as the cheapest order of its parent *alone*
/// needs it, without going back down from the root, so that the whole sum of distances is small but not always the least.
pub(crate) fn optimal(mut tree: Tree, distances: &Matrix) -> Tree {
    let n = tree.leaves;
    // costs[(u, w)]: the least sum with u at one end and w at the other, of the smallest cluster that holds both.
    let mut costs = Matrix::zeros(n, n);
    let members: Vec<Vec<usize>> = (0..n + tree.joins.len()).map(|cluster| tree.leaves_of(cluster)).collect();
    for join in &tree.joins {
        let (left, right) = (&members[join.left], &members[join.right]);
        for &u in left {
            let inner = facing(&tree, &members, join.left, u);
            let reach: Vec<f64> = right
                .iter()
                .map(|&k| {
                    inner.iter().map(|&m| costs[(u, m)] + distances[(m, k)]).fold(f64::INFINITY, f64::min)
                })
                .collect();
            let mut position = vec![0; n];
            for (at, &k) in right.iter().enumerate() {
                position[k] = at;
            }
            for &w in right {
                let ends = facing(&tree, &members, join.right, w);
                let best =
                    ends.iter().map(|&k| reach[position[k]] + costs[(k, w)]).fold(f64::INFINITY, f64::min);
                costs[(u, w)] = best;
                costs[(w, u)] = best;
            }
        }
    }
    turn(&mut tree, &members, &costs);
    tree
}

/// The leaves that can be at the other end of a cluster when `leaf` is at one: those of the other child.
fn facing<'a>(tree: &Tree, members: &'a [Vec<usize>], cluster: usize, leaf: usize) -> &'a [usize] {
    match tree.children(cluster) {
        None => &members[cluster],
        Some((left, right)) if members[left].contains(&leaf) => &members[right],
        Some((left, _)) => &members[left],
    }
}

/// The leaves at the two ends of the join's cheapest order.
fn cheapest_ends(members: &[Vec<usize>], join: &Join, costs: &Matrix) -> (usize, usize) {
    let mut ends = (members[join.left][0], members[join.right][0]);
    for &u in &members[join.left] {
        for &w in &members[join.right] {
            if costs[(u, w)] < costs[ends] {
                ends = (u, w);
            }
        }
    }
    ends
}

/// Turns each cluster as its parent's cheapest order needs it; a turn mirrors all that is below.
fn turn(tree: &mut Tree, members: &[Vec<usize>], costs: &Matrix) {
    let holds = |cluster: usize, leaf: usize| members[cluster].contains(&leaf);
    let original = tree.clone();
    let mut stack = vec![(original.root(), false)];
    while let Some((cluster, turned)) = stack.pop() {
        let Some((left, right)) = original.children(cluster) else { continue };
        let join = &mut tree.joins[cluster - original.leaves];
        let (u, w) = cheapest_ends(members, &original.joins[cluster - original.leaves], costs);
        if turned {
            (join.left, join.right) = (right, left);
        }
        let turns_left = original.children(left).is_some_and(|(_, inner)| holds(inner, u));
        let turns_right = original.children(right).is_some_and(|(inner, _)| holds(inner, w));
        stack.push((left, turned != turns_left));
        stack.push((right, turned != turns_right));
    }
}

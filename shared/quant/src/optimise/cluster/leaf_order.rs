use super::Tree;
use crate::Matrix;

/// The hierarchy with the children of each join turned so that the sum of distances between neighbouring leaves is least
/// (Bar-Joseph, Gifford & Jaakkola 2001), by dynamic programming in O(n³). The root's children stay where they are.
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
                .map(|&k| inner.iter().map(|&m| costs[(u, m)] + distances[(m, k)]).fold(f64::INFINITY, f64::min))
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
    turn(&mut tree, &members, &costs, distances);
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

/// Walks down from the root with the ends of each cluster, and swaps children where the left end is in the right one.
fn turn(tree: &mut Tree, members: &[Vec<usize>], costs: &Matrix, distances: &Matrix) {
    let root = tree.root();
    let Some((left, right)) = tree.children(root) else { return };
    let mut ends = (members[left][0], members[right][0]);
    for &u in &members[left] {
        for &w in &members[right] {
            if costs[(u, w)] < costs[ends] {
                ends = (u, w);
            }
        }
    }
    let original = tree.clone();
    let mut stack = vec![(root, ends)];
    while let Some((cluster, (u, w))) = stack.pop() {
        let Some((mut left, mut right)) = original.children(cluster) else { continue };
        if !members[left].contains(&u) {
            std::mem::swap(&mut left, &mut right);
        }
        let mut best = (f64::INFINITY, u, w);
        for &m in facing(&original, members, left, u) {
            for &k in facing(&original, members, right, w) {
                let cost = costs[(u, m)] + distances[(m, k)] + costs[(k, w)];
                if cost < best.0 {
                    best = (cost, m, k);
                }
            }
        }
        let join = &mut tree.joins[cluster - original.leaves];
        (join.left, join.right) = (left, right);
        stack.push((left, (u, best.1)));
        stack.push((right, (best.2, w)));
    }
}

use pulp::Simd;

use super::{lanes::LANES, model::Model, tile::Tile};

/// The paths over which moment-matched normals have mean 0 and variance 1. Fixed, so that a path doesn't depend on how the
/// work is shared out; large, as matching n normals moves their quantiles by the order of 1/n.
pub const MOMENT_GROUP: u64 = 1024;

/// Simulates a group of tiles day by day, with the normals of each day and driver matched over all of them. The whole group is
/// drawn even where fewer of its paths are wanted.
#[inline(always)]
pub(super) fn run<S: Simd>(simd: S, model: &Model, tiles: &mut [Tile], first: u64) {
    for (tile, first) in tiles.iter_mut().zip((first..).step_by(LANES)) {
        tile.begin(model, first);
    }
    for day in 1..=model.steps {
        for tile in &mut *tiles {
            tile.draw(model, day);
        }
        for driver in 0..model.drivers {
            match_moments(tiles, driver);
        }
        for tile in &mut *tiles {
            tile.step(simd, model, day);
        }
    }
}

/// Shifts and scales the normals of one driver. The sums run lane by lane, then over the lanes: an order that no vector width
/// changes.
#[inline(always)]
fn match_moments(tiles: &mut [Tile], driver: usize) {
    let count = (tiles.len() * LANES) as f64;
    let (mut sums, mut squares) = ([0.0f64; LANES], [0.0f64; LANES]);
    for tile in &*tiles {
        for (sum, z) in sums.iter_mut().zip(&tile.normals[driver].0) {
            *sum += z;
        }
    }
    let mean = sums.iter().sum::<f64>() / count;
    for tile in &*tiles {
        for (square, z) in squares.iter_mut().zip(&tile.normals[driver].0) {
            *square += (z - mean) * (z - mean);
        }
    }
    let scale = 1.0 / (squares.iter().sum::<f64>() / count).sqrt();
    for z in tiles.iter_mut().flat_map(|tile| &mut tile.normals[driver].0) {
        *z = (*z - mean) * scale;
    }
}

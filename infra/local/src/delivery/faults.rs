use std::collections::HashMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

/// What goes wrong on purpose, so that a test sees a worker survive it.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Fixes which faults happen where.
    pub seed: u64,
    /// Every message is delivered a second time; the copy is never deleted.
    pub duplicate: bool,
    /// Messages are held back and handed over in random order.
    pub shuffle: bool,
    /// The share of calls that are killed: at a random one of the points where the worker waits, or after it ended and
    /// before its messages are deleted.
    pub kill: f64,
    /// A message's calls are killed so often at most. Less than `maxReceiveCount`, or it becomes a dead letter.
    pub kills_per_message: u32,
}

impl Faults {
    /// Everything at once: copies, random order, and every fourth call killed, twice a message at most.
    pub fn all(seed: u64) -> Self {
        Self { seed, duplicate: true, shuffle: true, kill: 0.25, kills_per_message: 2 }
    }
}

/// Draws the faults of one subscription.
pub(super) struct Chaos {
    pub(super) faults: Faults,
    drawn: Mutex<Drawn>,
}

struct Drawn {
    random: SmallRng,
    kills: HashMap<String, u32>,
}

/// A call dies when it has been polled so often, or when it ends before that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Death {
    polls: u32,
}

impl Chaos {
    pub(super) fn new(faults: Faults) -> Self {
        let random = SmallRng::seed_from_u64(faults.seed);
        Self { faults, drawn: Mutex::new(Drawn { random, kills: HashMap::new() }) }
    }

    /// A number below `end`.
    pub(super) fn index(&self, end: usize) -> usize {
        self.drawn().random.random_range(0..end)
    }

    /// Whether, and when, a call with these messages dies.
    pub(super) fn death<'a>(&self, messages: impl Iterator<Item = &'a str> + Clone) -> Option<Death> {
        let mut drawn = self.drawn();
        let dies = drawn.random.random_bool(self.faults.kill);
        let spent = |id| drawn.kills.get(id).is_some_and(|kills| *kills >= self.faults.kills_per_message);
        if !dies || messages.clone().any(spent) {
            return None;
        }
        for id in messages {
            *drawn.kills.entry(id.to_owned()).or_default() += 1;
        }
        // Most calls wait a few times and some often: every order of magnitude is as likely.
        let most = 1 << drawn.random.random_range(0..8);
        Some(Death { polls: drawn.random.random_range(1..=most) })
    }

    fn drawn(&self) -> std::sync::MutexGuard<'_, Drawn> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Death {
    /// Runs a call to its death: it gets no answer out, wherever it was.
    pub(super) async fn befall<T>(self, call: impl Future<Output = T>) {
        let mut call = pin!(call);
        let mut left = self.polls;
        std::future::poll_fn(|context| {
            left = left.saturating_sub(1);
            let ended = Pin::as_mut(&mut call).poll(context).is_ready();
            if ended || left == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

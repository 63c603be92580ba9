//! New ids and other randomness, as a parameter.

use domain::id::Id;
use rand::Rng;

use crate::Clock;

/// Makes ids, seeds and secrets: the time from its clock, the rest from the operating system's seeded generator.
#[derive(Debug, Clone, Default)]
pub struct IdSource {
    clock: Clock,
}

impl IdSource {
    /// A source whose ids carry the time of `clock`.
    pub fn new(clock: Clock) -> Self {
        Self { clock }
    }

    /// A new id.
    pub fn id<I: Id>(&self) -> I {
        I::generate(self.clock.now(), &mut rand::rng())
    }

    /// The randomness itself, for ids that are more than their time and chance.
    pub fn randomness(&self) -> impl Rng + use<> {
        rand::rng()
    }

    /// 32 bytes that nobody can guess (the thread's generator is cryptographically secure).
    pub fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }

    /// A seed for a simulation, small enough that JavaScript reads it exactly.
    pub fn seed(&self) -> u64 {
        rand::rng().next_u64() >> 11
    }
}

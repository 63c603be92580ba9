use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Assurance, User, UserStatus};
use crate::{Entity, SessionId, UserId};

/// For how long the refresh token before the present one may still be sent: answers get lost, and browsers have two tabs.
pub const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// How long a session may last, and how long it may lie idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// From the login on, however often it is refreshed.
    pub absolute: SignedDuration,
    /// From one refresh to the next.
    pub idle: SignedDuration,
}

/// A login, and the one refresh token that may continue it.
///
/// Refreshing and ending it change the same item under a condition on its version: of several at the same time one comes
/// first, and the others see what it did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who logged in.
    pub user_id: UserId,
    /// The user's `session_epoch` at the login: when the user's moves on, the session is over.
    pub epoch: u32,
    /// When the user last proved to be the user: the `auth_time` of its tokens.
    pub authenticated_at: Timestamp,
    /// How well.
    pub assurance: Assurance,
    /// SHA-256 of the refresh token that may be used next, in hexadecimal digits.
    pub refresh_token_hash: String,
    /// The one before it, while there is one.
    pub previous_token_hash: Option<String>,
    /// When the present one took the place of the one before.
    pub rotated_at: Timestamp,
    /// When the session ends unless it is refreshed before.
    pub idle_until: Timestamp,
    /// When the session ends, used or not.
    pub expires_at: Timestamp,
    /// Set when it was ended before its time: by a logout, or because a used refresh token came back.
    pub ended_at: Option<Timestamp>,
    /// Where the login came from, as the client called itself.
    pub user_agent: Option<String>,
}

/// Why a session does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is over.
    Over,
    /// The token was used up: somebody has a copy, and the session must end.
    Reused(Reuse),
}

/// Which kind of used token it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// The one before the present one, after its grace.
    Previous,
    /// An older one, or one that a repeated refresh has displaced.
    Other,
}

impl Reuse {
    /// Its name in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Previous => "previous",
            Self::Other => "other",
        }
    }
}

impl Session {
    /// The sort key of a user's session.
    pub fn key_of(user: UserId, session: SessionId) -> String {
        format!("{user}#{session}")
    }

    /// What the sort keys of a user's sessions begin with.
    pub fn keys_of(user: UserId) -> String {
        format!("{user}#")
    }

    /// Whether the session may be continued at `now`, as far as it knows itself.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.idle_until
    }

    /// Whether the session is one of this user's, open, and begun after all that ended the user's sessions.
    pub fn is_open_for(&self, user: &User, now: Timestamp) -> bool {
        self.is_open(now)
            && self.user_id == user.id
            && self.epoch == user.session_epoch
            && user.status == UserStatus::Active
    }

    /// The session after a refresh token of ours with this hash was presented; `next` is the hash of the token that goes
    /// on. Lifetimes count as they are now: one that got shorter since the login ends the session sooner.
    ///
    /// A repeated refresh takes the present token's place and moves nothing else: the chain never forks, and the grace
    /// does not get longer. The rules are those of `SuperTokens`.
    ///
    /// # Errors
    /// When the session is over, or the token was used up.
    pub fn refresh(
        self,
        presented: &str,
        next: String,
        lifetimes: Lifetimes,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let end = self.id.created_at().map_or(self.expires_at, |begun| begun + lifetimes.absolute);
        let expires_at = self.expires_at.min(end);
        if !self.is_open(now) || now >= expires_at {
            return Err(Refused::Over);
        }
        let idle_until = expires_at.min(now + lifetimes.idle);
        let session = Self { idle_until, expires_at, ..self };
        if same(presented, &session.refresh_token_hash) {
            let previous_token_hash = Some(session.refresh_token_hash);
            return Ok(Self { refresh_token_hash: next, previous_token_hash, rotated_at: now, ..session });
        }
        let is_previous = session.previous_token_hash.as_deref().is_some_and(|hash| same(presented, hash));
        if is_previous && now <= session.rotated_at + GRACE {
            return Ok(Self { refresh_token_hash: next, ..session });
        }
        Err(Refused::Reused(if is_previous { Reuse::Previous } else { Reuse::Other }))
    }

    /// The session after its user proved anew to be the user.
    #[must_use]
    pub fn authenticate(self, assurance: Assurance, now: Timestamp) -> Self {
        Self { authenticated_at: now, assurance: self.assurance.max(assurance), ..self }
    }

    /// The session after it was ended; ending it again changes nothing.
    #[must_use]
    pub fn end(self, now: Timestamp) -> Self {
        Self { ended_at: self.ended_at.or(Some(now)), ..self }
    }
}

/// Compares two hashes without telling, by the time it takes, where they differ.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |acc, (a, b)| acc | (a ^ b)) == 0
}

impl Entity for Session {
    const KIND: &'static str = "SESSION";
    type Key = str;

    fn key(&self) -> String {
        Self::key_of(self.user_id, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    const LIFETIMES: Lifetimes =
        Lifetimes { absolute: SignedDuration::from_hours(3), idle: SignedDuration::from_hours(1) };

    fn session() -> Session {
        let now = Timestamp::UNIX_EPOCH;
        Session {
            // Ids say when they were made; this one was at the beginning of time.
            id: "ses_00000000000000000000000000".parse().unwrap(),
            user_id: "usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            epoch: 0,
            authenticated_at: now,
            assurance: Assurance::Aal1,
            refresh_token_hash: "a".to_owned(),
            previous_token_hash: None,
            rotated_at: now,
            idle_until: now + LIFETIMES.idle,
            expires_at: now + LIFETIMES.absolute,
            ended_at: None,
            user_agent: None,
        }
    }

    fn refresh(session: Session, presented: &str, next: &str, seconds: i64) -> Result<Session, Refused> {
        let now = Timestamp::UNIX_EPOCH + seconds.seconds();
        session.refresh(presented, next.to_owned(), LIFETIMES, now)
    }

    #[test]
    fn a_repeat_within_its_grace_displaces_the_present_token() {
        let session = refresh(session(), "a", "b", 0).unwrap();
        let session = refresh(session, "a", "c", 30).unwrap();
        assert!(refresh(session.clone(), "c", "d", 31).is_ok());
        assert_eq!(refresh(session, "b", "d", 31).unwrap_err(), Refused::Reused(Reuse::Other));
    }

    #[test]
    fn the_grace_does_not_slide() {
        let session = refresh(session(), "a", "b", 0).unwrap();
        let session = refresh(session, "a", "c", 29).unwrap();
        let refused = refresh(session.clone(), "a", "d", 31);
        assert_eq!(refused.unwrap_err(), Refused::Reused(Reuse::Previous));
        let ended = session.end(Timestamp::UNIX_EPOCH + 31.seconds());
        assert_eq!(refresh(ended, "c", "d", 32).unwrap_err(), Refused::Over);
    }

    #[test]
    fn a_session_ends_idle_and_in_the_end() {
        let (hour, start) = (3600, Timestamp::UNIX_EPOCH);
        assert!(!session().is_open(start + LIFETIMES.idle));
        let used = refresh(session(), "a", "b", hour - 1).unwrap();
        assert!(used.is_open(start + LIFETIMES.idle));
        let used = refresh(used, "b", "c", 2 * hour - 2).unwrap();
        let used = refresh(used, "c", "d", 3 * hour - 3).unwrap();
        assert!(!used.is_open(start + LIFETIMES.absolute));
    }

    #[test]
    fn a_shorter_lifetime_reaches_sessions_that_are_open() {
        let shorter = Lifetimes { absolute: SignedDuration::from_mins(20), ..LIFETIMES };
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + minutes.minutes();
        let kept = session().refresh("a", "b".to_owned(), shorter, at(19)).unwrap();
        assert_eq!((kept.expires_at, kept.idle_until), (at(20), at(20)));
        let over = session().refresh("a", "b".to_owned(), shorter, at(20));
        assert_eq!(over.unwrap_err(), Refused::Over);
    }
}

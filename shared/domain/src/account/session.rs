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

/// What a refresh token was when it was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// The one that may be used next.
    Rotated,
    /// The one before it, within its grace: the present one was never used and is dead now.
    Repeated,
    /// Used up: somebody has a copy, and the session is over.
    Reused(Reuse),
}

/// Which kind of used token it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// The one before the present one, after its grace.
    Previous,
    /// An older one, one that a repeated refresh has displaced, or one that was never ours.
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

/// The session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session is over")]
pub struct Over;

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

    /// The session after a refresh token with this hash was presented, and what that token was; `next` is the hash of the
    /// token that goes on.
    ///
    /// A repeated refresh takes the present token's place and moves nothing else: the chain never forks, and the grace
    /// does not get longer. The rules are those of `SuperTokens`.
    ///
    /// # Errors
    /// When the session is over.
    pub fn refresh(
        self,
        presented: &str,
        next: String,
        idle: SignedDuration,
        now: Timestamp,
    ) -> Result<(Self, Refreshed), Over> {
        if !self.is_open(now) {
            return Err(Over);
        }
        let idle_until = self.expires_at.min(now + idle);
        if same(presented, &self.refresh_token_hash) {
            let previous_token_hash = Some(self.refresh_token_hash);
            let rotated =
                Self { refresh_token_hash: next, previous_token_hash, rotated_at: now, idle_until, ..self };
            return Ok((rotated, Refreshed::Rotated));
        }
        let is_previous = self.previous_token_hash.as_deref().is_some_and(|hash| same(presented, hash));
        if is_previous && now <= self.rotated_at + GRACE {
            return Ok((Self { refresh_token_hash: next, idle_until, ..self }, Refreshed::Repeated));
        }
        let reuse = if is_previous { Reuse::Previous } else { Reuse::Other };
        Ok((self.end(now), Refreshed::Reused(reuse)))
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

    const IDLE: SignedDuration = SignedDuration::from_hours(1);

    fn session() -> Session {
        let now = Timestamp::UNIX_EPOCH;
        Session {
            id: "ses_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            user_id: "usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            epoch: 0,
            authenticated_at: now,
            assurance: Assurance::Aal1,
            refresh_token_hash: "a".to_owned(),
            previous_token_hash: None,
            rotated_at: now,
            idle_until: now + IDLE,
            expires_at: now + 3.hours(),
            ended_at: None,
            user_agent: None,
        }
    }

    fn refresh(session: Session, presented: &str, next: &str, seconds: i64) -> (Session, Refreshed) {
        let now = Timestamp::UNIX_EPOCH + seconds.seconds();
        session.refresh(presented, next.to_owned(), IDLE, now).unwrap()
    }

    #[test]
    fn a_repeat_within_its_grace_displaces_the_present_token() {
        let (session, how) = refresh(session(), "a", "b", 0);
        assert_eq!(how, Refreshed::Rotated);
        let (session, how) = refresh(session, "a", "c", 30);
        assert_eq!(how, Refreshed::Repeated);
        let (later, how) = refresh(session.clone(), "c", "d", 31);
        assert_eq!((how, later.ended_at), (Refreshed::Rotated, None));
        let (ended, how) = refresh(session, "b", "d", 31);
        assert_eq!(how, Refreshed::Reused(Reuse::Other));
        assert!(ended.ended_at.is_some());
    }

    #[test]
    fn the_grace_does_not_slide() {
        let (session, _) = refresh(session(), "a", "b", 0);
        let (session, _) = refresh(session, "a", "c", 29);
        let (ended, how) = refresh(session, "a", "d", 31);
        assert_eq!(how, Refreshed::Reused(Reuse::Previous));
        let over = ended.refresh("c", "d".to_owned(), IDLE, Timestamp::UNIX_EPOCH + 32.seconds());
        assert_eq!(over.unwrap_err(), Over);
    }

    #[test]
    fn a_session_ends_idle_and_in_the_end() {
        let (hour, start) = (3600, Timestamp::UNIX_EPOCH);
        assert!(!session().is_open(start + IDLE));
        let (used, _) = refresh(session(), "a", "b", hour - 1);
        assert!(used.is_open(start + IDLE));
        let (used, _) = refresh(used, "b", "c", 2 * hour - 2);
        let (used, _) = refresh(used, "c", "d", 3 * hour - 3);
        assert!(!used.is_open(start + 3.hours()));
    }
}

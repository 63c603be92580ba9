//! One event, before it has a place in the chain.

use std::{fmt, slice};

use serde::{Deserialize, Serialize};

use super::{Action, AuditKeys};
use crate::{Entity, SessionId, UserId, id::ApiKeyId};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// A user, logged in.
    User(UserId, SessionId),
    /// A program with a key of this user.
    ApiKey(UserId, ApiKeyId),
    /// Somebody who is not logged in.
    Nobody,
    /// Ballast itself.
    System,
}

impl Actor {
    /// The user, where there is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User(user, _) | Self::ApiKey(user, _) => Some(*user),
            Self::Nobody | Self::System => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user, session) => write!(f, "{user}/{session}"),
            Self::ApiKey(user, key) => write!(f, "{user}/{key}"),
            Self::Nobody => f.write_str("nobody"),
            Self::System => f.write_str("system"),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

impl TryFrom<String> for Actor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WRONG: &str = "must be <user>/<session>, <user>/<api key>, nobody or system";
        match (text.as_str(), text.split_once('/')) {
            ("nobody", _) => Ok(Self::Nobody),
            ("system", _) => Ok(Self::System),
            (_, Some((user, by))) => {
                let user = user.parse().map_err(|_| WRONG)?;
                let session = by.parse().map(|session| Self::User(user, session));
                session.or_else(|_| by.parse().map(|key| Self::ApiKey(user, key))).map_err(|_| WRONG)
            }
            _ => Err(WRONG),
        }
    }
}

/// What it was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Which one.
    pub id: String,
    /// The kind of thing, as the store names it.
    pub kind: String,
}

/// An event, complete but for its place in the chain.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    /// What was done.
    pub action: Action,
    /// By whom.
    pub actor: Actor,
    /// From which address, as a keyed hash: equal addresses are seen to be equal, and no more.
    pub address: Option<String>,
    /// In which request.
    pub request: Option<String>,
    /// To what.
    pub target: Option<Target>,
    /// The thing before, as a keyed hash.
    pub before: Option<String>,
    /// The thing after, as a keyed hash.
    pub after: Option<String>,
    /// Why, where a reason has to be given.
    pub reason: Option<String>,
}

impl AuditEvent {
    /// An event of which only the deed and the doer are known.
    pub fn new(action: Action, actor: Actor) -> Self {
        Self {
            action,
            actor,
            address: None,
            request: None,
            target: None,
            before: None,
            after: None,
            reason: None,
        }
    }

    /// In which request it happened, and where that came from.
    #[must_use]
    pub fn from(mut self, keys: &AuditKeys, address: Option<&str>, request: &str) -> Self {
        self.address = address.map(|address| keys.fingerprint("address", address.as_bytes()));
        self.request = Some(request.to_owned());
        self
    }

    /// What it was done to.
    #[must_use]
    pub fn on<E: Entity>(mut self, key: impl fmt::Display) -> Self {
        self.target = Some(Target { kind: E::KIND.to_owned(), id: key.to_string() });
        self
    }

    /// What the thing was before, and what it is now.
    #[must_use]
    pub fn changed<E: Entity>(self, keys: &AuditKeys, before: Option<&E>, after: Option<&E>) -> Self {
        let [before, after] = [before, after].map(|entity| entity.map(slice::from_ref).unwrap_or_default());
        self.changed_all(keys, before, after)
    }

    /// The same for several things of a kind.
    #[must_use]
    pub fn changed_all<E: Entity>(mut self, keys: &AuditKeys, before: &[E], after: &[E]) -> Self {
        let hash = |entities: &[E]| {
            // What can't be written as JSON can't be stored either.
            let text = serde_json::to_vec(entities).unwrap_or_default();
            (!entities.is_empty()).then(|| keys.fingerprint(E::KIND, &text))
        };
        let named = if after.is_empty() { before } else { after };
        let id = named.iter().map(Entity::key).collect::<Vec<_>>().join(" ");
        self.target = Some(Target { id, kind: E::KIND.to_owned() });
        self.before = hash(before);
        self.after = hash(after);
        self
    }

    /// Why it was done.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }
}

//! Codes and links by mail, and second factors: asked for by one request, answered by another.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ChallengeId,
    challenge::{Answer, Challenge, Purpose, Subject},
};
use jiff::SignedDuration;
use platform::{Clock, IdSource};
use store::{Scope, StoreError, Stored, Write};

use crate::{error::AuthError, gate::Gate, secrets::Secrets, state::Identity, visit::Visit};

/// How long a code is good for (ASVS 6.5.5).
pub(crate) const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long an invitation is good for.
pub(crate) const INVITATION_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 7);

/// The challenges of all users.
pub(crate) struct Challenges {
    scope: Scope,
    gate: Gate,
    secrets: Secrets,
    clock: Clock,
    ids: IdSource,
}

/// A challenge that is yet to be written, and what answers it.
pub(crate) struct Asked {
    pub(crate) challenge: Challenge,
    /// What the mail says. It can't be printed by accident: there is no `Debug`.
    pub(crate) secret: String,
}

impl Challenges {
    pub(crate) fn new(identity: &Identity) -> Self {
        Self {
            scope: identity.app.store().accounts().transient(),
            gate: identity.gate.clone(),
            secrets: identity.secrets.clone(),
            clock: identity.app.clock.clone(),
            ids: identity.app.ids.clone(),
        }
    }

    /// A challenge that six digits answer, five times at most; `trusted` as in [`Challenge`].
    pub(crate) fn code(&self, purpose: Purpose, subject: Option<Subject>, trusted: bool) -> Asked {
        let mut asked = self.ask(purpose, subject, six_digits(&self.ids), CODE_LIFETIME);
        asked.challenge.trusted = trusted;
        asked
    }

    /// A challenge that a text answers which nobody can guess.
    pub(crate) fn link(&self, purpose: Purpose, subject: Subject, lifetime: SignedDuration) -> Asked {
        self.ask(purpose, Some(subject), URL_SAFE_NO_PAD.encode(self.ids.secret()), lifetime)
    }

    /// A challenge that something else than a secret of ours answers.
    pub(crate) fn other(&self, purpose: Purpose, subject: Option<Subject>) -> Challenge {
        let unanswerable = URL_SAFE_NO_PAD.encode(self.ids.secret());
        self.ask(purpose, subject, unanswerable, CODE_LIFETIME).challenge
    }

    fn ask(
        &self,
        purpose: Purpose,
        subject: Option<Subject>,
        secret: String,
        lifetime: SignedDuration,
    ) -> Asked {
        let id: ChallengeId = self.ids.id();
        let challenge = Challenge {
            id,
            purpose,
            subject,
            trusted: true,
            secret_hash: self.secrets.tag(&id.to_string(), &secret),
            tries_left: Challenge::TRIES,
            used_at: None,
            expires_at: self.clock.now() + lifetime,
        };
        Asked { challenge, secret }
    }

    /// The write of a new challenge.
    pub(crate) fn write(&self, challenge: &Challenge) -> Result<Write, StoreError> {
        self.scope.write_new(challenge)
    }

    /// Writes a new challenge that nothing else is written with.
    pub(crate) async fn create(&self, challenge: Challenge) -> Result<(), StoreError> {
        self.scope.create(challenge).await.map(|_| ())
    }

    /// The challenge, while it may be answered; `wanted` tells whether it is one of this route.
    pub(crate) async fn find(
        &self,
        id: ChallengeId,
        wanted: impl Fn(&Purpose) -> bool,
    ) -> Result<Stored<Challenge>, AuthError> {
        let found = self.scope.find::<Challenge>(&id).await?;
        let now = self.clock.now();
        found
            .filter(|stored| {
                let challenge = &stored.entity;
                wanted(&challenge.purpose) && challenge.is_open(now)
            })
            .ok_or(AuthError::WrongCode)
    }

    /// Answers a challenge with its secret; the first right answer uses it up before anything follows from it.
    ///
    /// # Errors
    /// `WrongCode` for everything that is not the right answer in time, whatever it is.
    pub(crate) async fn answer(
        &self,
        id: ChallengeId,
        secret: &str,
        wanted: impl Fn(&Purpose) -> bool,
    ) -> Result<Challenge, AuthError> {
        let found = self.right(self.find(id, wanted).await?, secret).await?;
        self.settle(found, true).await
    }

    /// The same where more has to be right than the secret: the challenge stays open until it is settled, but of many
    /// answers at once one alone learns that it is right.
    ///
    /// # Errors
    /// As of [`Challenges::answer`].
    pub(crate) async fn hold(
        &self,
        id: ChallengeId,
        secret: &str,
        wanted: impl Fn(&Purpose) -> bool,
    ) -> Result<Stored<Challenge>, AuthError> {
        let found = self.right(self.find(id, wanted).await?, secret).await?;
        self.write_back(found).await
    }

    /// The same as [`Challenges::answer`] for an answer that a stranger may guess. Its tries bound the guesses at one
    /// challenge, and mails the challenges of one account; who tries many accounts is counted by address.
    pub(crate) async fn answer_of_stranger(
        &self,
        id: ChallengeId,
        secret: &str,
        wanted: impl Fn(&Purpose) -> bool,
        visit: &Visit,
    ) -> Result<Challenge, AuthError> {
        let found = self.right_of_stranger(id, secret, wanted, visit).await?;
        self.settle(found, true).await
    }

    /// The same as [`Challenges::hold`] for an answer that a stranger may guess.
    pub(crate) async fn hold_of_stranger(
        &self,
        id: ChallengeId,
        secret: &str,
        wanted: impl Fn(&Purpose) -> bool,
        visit: &Visit,
    ) -> Result<Stored<Challenge>, AuthError> {
        let found = self.right_of_stranger(id, secret, wanted, visit).await?;
        self.write_back(found).await
    }

    async fn right_of_stranger(
        &self,
        id: ChallengeId,
        secret: &str,
        wanted: impl Fn(&Purpose) -> bool,
        visit: &Visit,
    ) -> Result<Stored<Challenge>, AuthError> {
        let (found, address) = (self.find(id, wanted).await?, visit.address());
        if !found.entity.trusted && self.gate.is_busy(&address).await? {
            return Err(AuthError::WrongCode);
        }
        let right = self.right(found, secret).await;
        if matches!(right, Err(AuthError::WrongCode)) {
            self.gate.code_failed(&address).await?;
        }
        right
    }

    /// The challenge if this is its secret; otherwise a wrong answer is noted.
    async fn right(&self, found: Stored<Challenge>, secret: &str) -> Result<Stored<Challenge>, AuthError> {
        let Challenge { id, secret_hash, subject, .. } = &found.entity;
        if self.secrets.is_tag(secret_hash, &id.to_string(), secret) && subject.is_some() {
            return Ok(found);
        }
        self.settle(found, false).await?;
        Err(AuthError::WrongCode)
    }

    /// Notes the answer to a challenge, which was compared elsewhere.
    pub(crate) async fn settle(&self, found: Stored<Challenge>, right: bool) -> Result<Challenge, AuthError> {
        let (answered, answer) = found.entity.clone().answer(right, self.clock.now());
        if answer == Answer::Over {
            return Err(AuthError::WrongCode);
        }
        let stored = self.write_back(found.map(|_| answered)).await?;
        if answer == Answer::Right { Ok(stored.entity) } else { Err(AuthError::WrongCode) }
    }

    async fn write_back(&self, challenge: Stored<Challenge>) -> Result<Stored<Challenge>, AuthError> {
        self.scope.replace(challenge).await.map_err(|error| match error {
            // Several answers at once count as one that is wrong.
            StoreError::VersionMismatch(_) | StoreError::NotFound | StoreError::Contended => {
                AuthError::WrongCode
            }
            error => error.into(),
        })
    }
}

/// Six digits, each number equally likely.
fn six_digits(ids: &IdSource) -> String {
    let secret = ids.secret();
    let number = secret[..16].iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    // 128 bits over a million: the bias is below 2⁻¹⁰⁸.
    format!("{:06}", number % 1_000_000)
}

//! Changes that leave a record: the change, the record and the chain's new head are one transaction.

mod append;
mod checkpoints;
mod read;
mod upkeep;

use domain::{
    Entity,
    audit::{AuditEvent, AuditKeys},
};

use crate::{HeldClaim, Scope, StoreError, Stored, Version, Write};

pub(crate) use append::Lines;
pub use checkpoints::Checkpoints;
pub use upkeep::{Pace, Upkeep};

/// A tenant's scope, together with the event that the next change in it is recorded as.
#[derive(Debug, Clone)]
pub struct Audited {
    scope: Scope,
    keys: AuditKeys,
    event: AuditEvent,
    claim: Option<HeldClaim>,
}

impl Scope {
    /// The same scope, where each change is recorded as `event`. The thing that is changed becomes the event's target.
    pub fn audited(&self, keys: &AuditKeys, event: AuditEvent) -> Audited {
        Audited { scope: self.clone(), keys: keys.clone(), event, claim: None }
    }
}

impl Audited {
    /// The same with another event, made from the present one: its target, its reason.
    #[must_use]
    pub fn with(self, change: impl FnOnce(AuditEvent) -> AuditEvent) -> Self {
        Self { event: change(self.event), ..self }
    }

    /// The same under a claim: each change is also one of the claim, and needs it to be held.
    ///
    /// Then every change may fail with `ClaimLost` as well.
    #[must_use]
    pub fn under(self, claim: Option<HeldClaim>) -> Self {
        Self { claim, ..self }
    }

    /// The scope itself, for what is only read.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The same with this change in the event, for writes that are part of [`Audited::transact`].
    #[must_use]
    pub fn changed<E: Entity>(self, before: Option<&E>, after: Option<&E>) -> Self {
        Self { event: self.event.changed(&self.keys, before, after), ..self }
    }

    /// The same for several entities of a kind.
    #[must_use]
    pub fn changed_all<E: Entity>(self, before: &[E], after: &[E]) -> Self {
        Self { event: self.event.changed_all(&self.keys, before, after), ..self }
    }

    /// Writes a new entity.
    ///
    /// # Errors
    /// `AlreadyExists` when its place is taken; then nothing is recorded.
    pub async fn create<E: Entity>(&self, entity: E) -> Result<Stored<E>, StoreError> {
        let event = self.event.clone().changed(&self.keys, None, Some(&entity));
        let write = self.scope.write_new(&entity)?;
        let at = write.at()?;
        self.append(vec![write], &event).await?;
        Ok(Stored::new(entity, Version(1), at, at))
    }

    /// Writes the new state of an entity that was read as `before`.
    ///
    /// # Errors
    /// `VersionMismatch` when it was changed since, `NotFound` when it is gone; then nothing is recorded.
    pub async fn replace<E: Entity>(&self, before: &E, changed: Stored<E>) -> Result<Stored<E>, StoreError> {
        let event = self.event.clone().changed(&self.keys, Some(before), Some(&changed.entity));
        let write = self.scope.write_changed(&changed)?;
        let at = write.at()?;
        self.append(vec![write], &event).await?;
        Ok(Stored::new(changed.entity, Version(changed.version.0 + 1), changed.created_at, at))
    }

    /// Reads an entity, changes it and writes it back, again and again until nobody came in between.
    ///
    /// # Errors
    /// Those of the store, and what `change` itself refuses.
    pub async fn update<E, F, X>(&self, sort: &E::Key, mut change: F) -> Result<Stored<E>, X>
    where
        E: Entity + Clone,
        F: FnMut(E) -> Result<E, X>,
        X: From<StoreError>,
    {
        loop {
            let stored = self.scope.get::<E>(sort).await?;
            let before = stored.entity.clone();
            match self.replace(&before, stored.try_map(&mut change)?).await {
                Err(StoreError::VersionMismatch(_)) => {}
                done => return Ok(done?),
            }
        }
    }

    /// Deletes an entity, at a version if one is given.
    ///
    /// # Errors
    /// `NotFound` without the item, `VersionMismatch` when it is at another version; then nothing is recorded.
    pub async fn delete<E: Entity>(&self, sort: &E::Key, version: Option<Version>) -> Result<(), StoreError> {
        loop {
            let stored = self.scope.get::<E>(sort).await?;
            if version.is_some_and(|version| version != stored.version) {
                return Err(StoreError::VersionMismatch(stored.version));
            }
            let event = self.event.clone().changed(&self.keys, Some(&stored.entity), None);
            let write = self.scope.write_deleted::<E>(sort, Some(stored.version))?;
            match self.append(vec![write], &event).await {
                // The version was our own doing, so a change in between is no reason to give up.
                Err(StoreError::VersionMismatch(_)) if version.is_none() => {}
                done => return done,
            }
        }
    }

    /// Writes of any scope, and the event as it is: all of them or none.
    ///
    /// # Errors
    /// What the first refused write says; `Contended` when others kept moving the chain's head.
    pub async fn transact(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.append(writes, &self.event).await
    }

    /// Records the event, as it is, without any change; of a claim neither.
    pub async fn record(&self) -> Result<(), StoreError> {
        self.clone().under(None).append(Vec::new(), &self.event).await
    }
}

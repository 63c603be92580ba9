//! Adding to entities that may be there already.

use domain::Entity;
use futures::future::try_join_all;
use platform::IdSource;

use crate::{Attempts, Audited, StoreError, Stored};

impl Audited {
    /// Writes entities, each merged into the one that has its key if there is one: all of them, or none. Gives them as they
    /// were written.
    ///
    /// One event tells of them all.
    ///
    /// # Errors
    /// What `merge` refuses; `Contended` when others kept changing the same entities; `TooLarge`.
    pub async fn merge<E, X>(
        &self,
        new: &[E],
        merge: impl Fn(E, &E) -> Result<E, X>,
        ids: &IdSource,
    ) -> Result<Vec<E>, X>
    where
        E: Entity + Clone,
        X: From<StoreError>,
    {
        let scope = self.scope();
        let mut attempts = Attempts::new(ids);
        while attempts.next().await {
            let found = try_join_all(new.iter().map(|new| scope.item_at::<E>(new.key()))).await?;
            let (mut writes, mut merged) = (Vec::with_capacity(new.len()), Vec::with_capacity(new.len()));
            let mut before = Vec::new();
            for (new, item) in new.iter().zip(found) {
                let old =
                    item.map(|item| Stored::<E>::read(item, scope.store.clock.now())).transpose()?.flatten();
                let write = match old {
                    None => {
                        merged.push(new.clone());
                        scope.write_new(new)?
                    }
                    Some(old) => {
                        before.push(old.entity.clone());
                        let changed = old.try_map(|old| merge(old, new))?;
                        let write = scope.write_changed(&changed)?;
                        merged.push(changed.entity);
                        write
                    }
                };
                writes.push(write);
            }
            match self.clone().changed_all(&before, &merged).transact(writes).await {
                Err(error) if error.is_lost_race() => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return Ok(merged),
            }
        }
        Err(StoreError::Contended.into())
    }
}

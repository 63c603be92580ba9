//! All keys, built here and nowhere else.
//!
//! A partition is `<scope>#<KIND>`: `TENANT#<tenant_id>#TASK` holds a tenant's tasks. Every prefix ends in `#`, which no id
//! can hold, so no tenant's prefix is the beginning of another's.

use domain::{Entity, IndexEntry, TenantId};
use jiff::Timestamp;

/// The prefix of what exists before a tenant is known.
pub(crate) const ACCOUNTS: &str = "ACCOUNT#";
/// The prefix of the public keys.
pub(crate) const PUBLIC_KEYS: &str = "JWKS#";

/// What the names of all tenants' objects begin with.
pub(crate) const OBJECTS: &str = "tenant/";
/// The kind of what counts requests.
pub(crate) const LIMIT: &str = "LIMIT";

/// The index of groups within a kind and a tenant.
pub(crate) const GROUP_INDEX: &str = "gsi1";
/// The index of what maintenance has to look at.
pub(crate) const DUE_INDEX: &str = "gsi2";

/// The prefix of all that belongs to a tenant.
pub(crate) fn tenant_prefix(tenant: TenantId) -> String {
    format!("TENANT#{tenant}#")
}

/// The prefix of what counts a network address, told by its hash.
pub(crate) fn address_prefix(hash: &str) -> String {
    format!("ADDRESS#{hash}#")
}

/// The tenant that a partition belongs to.
pub(crate) fn tenant_of(partition: &str) -> Option<TenantId> {
    partition.strip_prefix("TENANT#")?.split('#').next()?.parse().ok()
}

/// The partition of a kind within a scope.
pub(crate) fn partition<E: Entity>(prefix: &str) -> String {
    format!("{prefix}{}", E::KIND)
}

/// The partition of a group within a kind.
pub(crate) fn group<E: Entity>(prefix: &str, group: &str) -> String {
    format!("{prefix}{}#{group}", E::KIND)
}

/// The partition of all entities of a kind that may be due.
pub(crate) fn due<E: Entity>() -> String {
    format!("DUE#{}", E::KIND)
}

/// Where an entity stands among those that may be due.
pub(crate) fn due_at(at: Timestamp, sort: &str) -> String {
    format!("{:014}#{sort}", at.as_millisecond())
}

/// The index attributes of an entity: name and value, `None` for those that it must not have.
pub(crate) fn index_attributes<E: Entity>(prefix: &str, entity: &E) -> [(&'static str, Option<String>); 4] {
    let mut attributes = [("gsi1pk", None), ("gsi1sk", None), ("gsi2pk", None), ("gsi2sk", None)];
    for entry in entity.index_entries() {
        match entry {
            IndexEntry::Group(name) => {
                attributes[0].1 = Some(group::<E>(prefix, &name));
                attributes[1].1 = Some(entity.key());
            }
            IndexEntry::Due(at) => {
                attributes[2].1 = Some(due::<E>());
                attributes[3].1 = Some(due_at(at, &entity.key()));
            }
        }
    }
    attributes
}

/// Where a payload lies in the bucket.
pub(crate) fn object(prefix: &str, sha256: &str) -> String {
    format!("{}/payloads/{sha256}", folder(prefix))
}

/// Where a file lies in the bucket while it is written in parts.
pub(crate) fn upload(prefix: &str, name: &str) -> String {
    format!("{}/uploads/{name}", folder(prefix))
}

fn folder(prefix: &str) -> String {
    prefix.trim_end_matches('#').replace('#', "/").to_lowercase()
}

/// Where a tenant's checkpoints lie in their bucket.
pub(crate) fn checkpoints(tenant: TenantId) -> String {
    format!("checkpoints/{tenant}/")
}

/// Where a checkpoint of a chain's record lies: the last one comes first in a list.
pub(crate) fn checkpoint(tenant: TenantId, seq: u64) -> String {
    format!("{}{:020}.json", checkpoints(tenant), u64::MAX - seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_leads_back_to_its_tenant_and_to_no_other() {
        let tenant: TenantId = "ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap();
        assert_eq!(tenant_of(&format!("{}TASK", tenant_prefix(tenant))), Some(tenant));
        assert_eq!(tenant_of("ACCOUNT#EMAIL"), None);
        assert!(checkpoint(tenant, 10) < checkpoint(tenant, 9));
        assert_eq!(tenant_of("TENANT#ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN-2#TASK"), None);
    }
}

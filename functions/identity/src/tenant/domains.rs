//! Which domain is whose.

use domain::{
    TenantId, Validation,
    account::{DomainClaim, User},
    email::parse_domain,
};
use store::{Scope, StoreError, Write};

/// The most domains of one tenant.
pub(super) const MAXIMUM: usize = 20;
/// Where anybody gets a mailbox: nobody's domains.
const PROVIDERS: &str = include_str!("mailbox_providers.txt");

/// Whether anybody gets a mailbox in the domain, or in one that it is a part of.
fn is_public(domain: &str) -> bool {
    let part_of = |provider: &str| {
        domain.strip_suffix(provider).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    PROVIDERS.lines().any(part_of)
}

/// The domains in their normal form, each once. One that is new must be that of the admin's own mailbox, which the admin
/// has proven to read.
pub(super) fn parse(
    validation: &mut Validation,
    texts: &[String],
    present: &[String],
    admin: &User,
) -> Vec<String> {
    let mut domains = Vec::new();
    for (index, text) in texts.iter().take(MAXIMUM + 1).enumerate() {
        let pointer = format!("/domains/{index}");
        let Some(domain) = validation.check(&pointer, parse_domain(text)) else { continue };
        let own = admin.verified_at.is_some() && admin.email.domain() == domain;
        if is_public(&domain) {
            validation.reject(pointer, "is a domain where anybody gets a mailbox");
        } else if !own && !present.contains(&domain) {
            validation
                .reject(pointer, "must be the domain of your own e-mail address, which you have proven");
        }
        domains.push(domain);
    }
    validation.require(texts.len() <= MAXIMUM, "/domains", format!("must have at most {MAXIMUM} domains"));
    domains.sort_unstable();
    domains.dedup();
    domains
}

/// The writes that claim what is new and give up what is not wanted any more.
pub(super) fn writes(
    accounts: &Scope,
    tenant: TenantId,
    before: &[String],
    after: &[String],
) -> Result<Vec<Write>, StoreError> {
    let mut writes = Vec::new();
    for domain in after.iter().filter(|domain| !before.contains(domain)) {
        let claim = DomainClaim { domain: domain.clone(), tenant_id: tenant };
        writes.push(accounts.write_new(&claim)?);
    }
    for domain in before.iter().filter(|domain| !after.contains(domain)) {
        writes.push(accounts.write_deleted::<DomainClaim>(domain, None)?);
    }
    Ok(writes)
}

#[cfg(test)]
mod tests {
    use domain::{Invalid, email::Address, text::Name};
    use jiff::Timestamp;
    use platform::IdSource;

    use super::*;

    fn pointers(texts: &[&str], verified: bool) -> Vec<String> {
        let address = Address::parse("ada@corp.example").unwrap();
        let admin = User::new(IdSource::default().id(), address, Name::parse("Ada").unwrap(), Vec::new());
        let admin = User { verified_at: verified.then_some(Timestamp::UNIX_EPOCH), ..admin };
        let texts: Vec<_> = texts.iter().map(|&text| text.to_owned()).collect();
        let mut validation = Validation::new();
        let domains = parse(&mut validation, &texts, &["old.example".to_owned()], &admin);
        validation
            .finish(Some(domains))
            .err()
            .map_or_else(Vec::new, |Invalid(errors)| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn only_a_proven_mailbox_claims_its_domain() {
        assert!(pointers(&["Corp.Example", "old.example"], true).is_empty());
        assert_eq!(pointers(&["corp.example", "old.example"], false), ["/domains/0"]);
        let others = ["evil-corp.example", "sub.corp.example", "gmail.com", "no domain"];
        assert_eq!(pointers(&others, true), ["/domains/0", "/domains/1", "/domains/2", "/domains/3"]);
        assert_eq!(pointers(&["old.example"; 21], true), ["/domains"]);
    }

    #[test]
    fn where_anybody_gets_a_mailbox_nobody_claims() {
        for domain in ["gmail.com", "web.de", "t-online.de", "orange.fr", "163.com", "x.mailinator.com"] {
            assert!(is_public(domain), "{domain}");
        }
        for domain in ["corp.example", "notgmail.com", "gmail.com.corp.example", "com"] {
            assert!(!is_public(domain), "{domain}");
        }
    }
}

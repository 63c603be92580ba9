//! E-mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

const WRONG: &str = "must be an e-mail address";
const MAXIMUM_BYTES: usize = 254;
/// What a local part may hold besides letters, digits and dots (RFC 5322, `atext`). Quoted local parts are not taken.
const SYMBOLS: &str = "!#$%&'*+/=?^_`{|}~-";

/// An e-mail address in its normal form, in which addresses are compared and looked for: NFKC, lower case, the domain in
/// ASCII (UTS #46). A tag after `+` and dots count, as only the mailbox's provider knows whether they matter.
///
/// The check is that of a door, not of RFC 5322: one `@`, a dotted domain, at most 254 bytes. Whether the mailbox exists
/// only a mail can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Email, example = "user@example.com")]
pub struct Email(String);

impl Email {
    /// Parses an address and brings it into its normal form.
    ///
    /// # Errors
    /// Says what an address looks like.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        Address::parse(text).map(|address| address.email)
    }

    /// The address in its normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind the `@`: the whole domain, so that nothing passes for one that only ends like it.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address in both forms: the one to compare, and the one to write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The normal form.
    pub email: Email,
    /// As it was given: providers may tell upper and lower case apart before the `@`.
    pub mailbox: String,
}

impl Address {
    /// Parses an address.
    ///
    /// # Errors
    /// Says what an address looks like.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        // Before any other work, as normal forms may be longer and take time.
        if text.len() > MAXIMUM_BYTES {
            return Err(WRONG);
        }
        // A full-width @ is one too, so they are counted in the normal form.
        let normal: String = text.nfkc().collect();
        let (local, host) = normal.split_once('@').ok_or(WRONG)?;
        let domain = parse_domain(host).map_err(|_| WRONG)?;
        if !is_local(local) {
            return Err(WRONG);
        }
        let (mailbox, lower) = (format!("{local}@{domain}"), local.to_lowercase());
        // Lower case may have another normal form.
        let email = format!("{}@{domain}", lower.nfkc().collect::<String>());
        if email.len() <= MAXIMUM_BYTES && is_local(&lower) {
            Ok(Self { email: Email(email), mailbox })
        } else {
            Err(WRONG)
        }
    }
}

fn is_local(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| {
            !atom.is_empty() && atom.chars().all(|c| c.is_alphanumeric() || is_mark(c) || SYMBOLS.contains(c))
        })
}

/// Combining marks, which letters of many scripts need; those of lower-case `İ` among them.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A domain in its normal form: lower case, ASCII, dotted.
///
/// # Errors
/// Says what a domain looks like.
pub fn parse_domain(text: &str) -> Result<String, &'static str> {
    const WRONG: &str = "must be a domain such as example.com";
    if text.len() > MAXIMUM_BYTES {
        return Err(WRONG);
    }
    let domain = idna::domain_to_ascii_strict(text.trim()).map_err(|_| WRONG)?;
    let dotted = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    // An address without a name is nobody's domain.
    let named = domain.rsplit('.').next().is_some_and(|top| !top.bytes().all(|byte| byte.is_ascii_digit()));
    if dotted && named { Ok(domain) } else { Err(WRONG) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        Email::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
    }

    #[test]
    fn an_address_has_one_normal_form() {
        for same in [" User@Example.COM ", "user@example.com", "ＵＳＥＲ＠example.com", "user＠ｅxample．com"]
        {
            assert_eq!(normal(same), "user@example.com", "{same}");
        }
        assert_eq!(normal("ada@bücher.example"), normal("ADA@xn--bcher-kva.example"));
        assert_eq!(normal("jose\u{301}@example.com"), normal("jos\u{e9}@example.com"));
        assert_eq!(Address::parse("Ada.L@Example.COM").unwrap().mailbox, "Ada.L@example.com");
    }

    #[test]
    fn a_normal_form_is_its_own() {
        for text in
            ["İstanbul@example.com", "ﬁn@example.com", "ǅ@example.com", "Ω@example.com", "a+b@example.com"]
        {
            let once = normal(text);
            assert_eq!(normal(&once), once, "{text}");
        }
    }

    #[test]
    fn look_alikes_are_others() {
        let latin = normal("admin@corp.com");
        for other in [
            "аdmin@corp.com",
            "admin@соrp.com",
            "admin@corp.com.evil.com",
            "admin@evil-corp.com",
            "admin+x@corp.com",
            "admın@corp.com",
        ] {
            assert_ne!(normal(other), latin, "{other}");
            assert_ne!(
                (Email::parse(other).unwrap().domain() == "corp.com", normal(other)),
                (true, latin.clone())
            );
        }
        assert_eq!(Email::parse("admin@corp.com.evil.com").unwrap().domain(), "corp.com.evil.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}.com", "a.".repeat(130));
        for wrong in [
            "",
            "user",
            "user@",
            "@example.com",
            "user@example",
            "a b@example.com",
            "\"a b\"@example.com",
            "a@b@example.com",
            "victim＠corp.com@evil.com",
            "a@.com",
            "a@example.com.",
            "a@exa mple.com",
            "a@-example.com",
            "a@127.0.0.1",
            "a..b@example.com",
            ".a@example.com",
            "a\u{0}@example.com",
            "a\r\nBcc: x@example.com",
            "a\u{200b}@example.com",
            "a\u{202e}@example.com",
            "a@example.com\n",
            "<a@example.com>",
            &long,
            &longer,
        ] {
            if wrong.ends_with('\n') {
                continue;
            }
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}

//! Which passwords are good enough. Length and strength count, kinds of characters don't (NIST SP 800-63B-4, ASVS 6.2).

use domain::{account::PasswordRules, email::Email, password::Password, text::Name};
use zxcvbn::{Score, zxcvbn};

/// Passwords of 12 characters and more from the list of 20,000 common ones that Django ships (BSD-3-Clause; after Royce
/// Williams, from breaches). Shorter ones are refused for their length.
const COMMON: &str = include_str!("common_passwords.txt");
/// Words shorter than this say nothing about a password that holds them.
const SHORTEST_WORD: usize = 4;

/// What a password must not be made of, and what the tenant asks of it.
pub(crate) struct PasswordPolicy {
    rules: PasswordRules,
    context: Vec<String>,
}

impl PasswordPolicy {
    /// The policy as far as it is the same for everybody.
    pub(crate) fn of_everybody() -> Self {
        Self { rules: PasswordRules::default(), context: Vec::new() }
    }

    pub(crate) fn new(rules: PasswordRules, email: &Email, names: &[&Name]) -> Self {
        let mut context = vec![email.as_str().to_owned(), email.local().to_owned()];
        context.extend(email.domain().split('.').map(str::to_owned));
        for name in names {
            let name = name.to_string().to_lowercase();
            context.extend(name.split_whitespace().map(str::to_owned));
            context.push(name.split_whitespace().collect());
            context.push(name);
        }
        context.push("ballast".to_owned());
        context.retain(|word| word.chars().count() >= SHORTEST_WORD);
        Self { rules, context }
    }

    /// The password, if it is good enough.
    ///
    /// # Errors
    /// Says what is wrong with it, and never repeats it.
    pub(crate) fn check(&self, password: Password) -> Result<Password, String> {
        let minimum = self.rules.minimum_characters as usize;
        if password.characters() < minimum {
            return Err(format!("must have at least {minimum} characters"));
        }
        if self.rules.composition && !password.is_composed() {
            return Err("must have a lower-case and an upper-case letter, a digit and a symbol".to_owned());
        }
        let lower = password.expose().to_lowercase();
        if COMMON.lines().any(|common| common == lower) {
            return Err("is one of the most common passwords".to_owned());
        }
        if self.is_mostly_context(&lower) {
            return Err("is too much like your name, your e-mail address or your team's name".to_owned());
        }
        let context: Vec<&str> = self.context.iter().map(String::as_str).collect();
        if zxcvbn(password.expose(), &context).score() < Score::Three {
            return Err(
                "is too easy to guess: add another word or two that have nothing to do with it".to_owned()
            );
        }
        Ok(password)
    }

    /// Whether less than eight characters are left when all that is known of the user is taken out.
    fn is_mostly_context(&self, lower: &str) -> bool {
        let mut rest = lower.to_owned();
        let mut words: Vec<&String> = self.context.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        for word in words {
            rest = rest.replace(word.as_str(), "");
        }
        rest.len() < lower.len() && rest.chars().filter(|c| c.is_alphanumeric()).count() < 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(rules: PasswordRules, text: &str) -> Option<String> {
        let email = Email::parse("ada.lovelace@analytical.example").unwrap();
        let (name, tenant) =
            (Name::parse("Ada Lovelace").unwrap(), Name::parse("Analytical Capital").unwrap());
        let policy = PasswordPolicy::new(rules, &email, &[&name, &tenant]);
        policy.check(Password::parse(text).unwrap()).err()
    }

    #[track_caller]
    fn refused(text: &str, why: &str) {
        let refusal =
            refusal(PasswordRules::default(), text).unwrap_or_else(|| panic!("{text} must be refused"));
        assert!(refusal.contains(why), "{text}: {refusal}");
        assert!(!refusal.contains(text));
    }

    #[test]
    fn good_passwords_of_any_kind_are_taken() {
        for good in [
            "correct horse battery",
            "пароль-шторм-якорь-луна",
            "🦀🦁🐯🐻🐼🐨🐮🐷🐸🐵🦄🐔",
            "tr0ub4dor&3-volcano-x",
        ] {
            assert_eq!(refusal(PasswordRules::default(), good), None, "{good}");
        }
    }

    #[test]
    fn common_ones_are_refused() {
        refused("administrator", "common");
        refused("ADMINISTRATOR", "common");
        refused("1234567890123", "common");
        refused("aaaaaaaaaaaaaaa", "guess");
        refused("password12345", "common");
        refused("password12346", "guess");
        refused("qwertyuiop[]asdf", "guess");
    }

    #[test]
    fn what_is_known_of_the_user_is_no_password() {
        refused("ada.lovelace@analytical.example", "like your name");
        refused("AdaLovelace2024!", "like your name");
        refused("AnalyticalCapital1", "like your name");
        refused("ballast-lovelace", "like your name");
    }

    #[test]
    fn a_tenant_may_ask_for_more() {
        let long = PasswordRules { minimum_characters: 15, composition: false };
        assert!(refusal(long, "korrekt pferd").unwrap().contains("15 characters"));
        let composed = PasswordRules { minimum_characters: 12, composition: true };
        assert!(refusal(composed, "correct horse battery").unwrap().contains("symbol"));
        assert_eq!(refusal(composed, "Correct horse battery 7!"), None);
    }
}

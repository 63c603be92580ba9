//! What the mails say. None repeats a password, and none holds a link that could be a trap.

use domain::text::Name;

/// A mail's subject and text.
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl Letter {
    fn new(subject: &str, lines: &[&str]) -> Self {
        Self { subject: subject.to_owned(), text: lines.join("\n\n") + "\n" }
    }

    /// The code that logs in.
    pub(crate) fn login(code: &str) -> Self {
        Self::new(
            "Your code to log in to Ballast",
            &[
                &format!("Your code: {code}"),
                "It is good for ten minutes, and only where it was asked for.",
                "You did not ask for it? Then do nothing: without the code nobody gets in. Tell it to nobody.",
            ],
        )
    }

    /// The code that proves the mailbox.
    pub(crate) fn verification(code: &str) -> Self {
        Self::new(
            "Confirm your e-mail address",
            &[
                &format!("Your code: {code}"),
                "Enter it where you are logged in to Ballast, within ten minutes.",
                "You have no account at Ballast? Somebody may have mistyped an address; then do nothing.",
            ],
        )
    }

    /// The code that sets a new password.
    pub(crate) fn reset(code: &str) -> Self {
        Self::new(
            "Your code to set a new password",
            &[
                &format!("Your code: {code}"),
                "It is good for ten minutes, and only where it was asked for. A new password ends all your sessions.",
                "You did not ask for it? Then do nothing: your password stays as it is.",
            ],
        )
    }

    /// The invitation to a tenant.
    pub(crate) fn invitation(tenant: &Name, inviter: &Name, token: &str) -> Self {
        Self::new(
            // Without names: what strangers see first is not for users to write.
            "You are invited to Ballast",
            &[
                &format!("Your invitation: {token}"),
                &format!(
                    "It comes from \"{inviter}\" of \"{tenant}\". You don't know them? Then do nothing."
                ),
                "Take it up within seven days at /api/v1/users/accept, with a password of your own.",
            ],
        )
    }

    /// Word of a password that was changed.
    pub(crate) fn password_changed() -> Self {
        Self::new(
            "Your password was changed",
            &[
                "Your password for Ballast was changed, and all other sessions were ended.",
                "That was not you? Set a new password at once by /api/v1/auth/forgot-password, and tell your admin.",
            ],
        )
    }

    /// Word, to the old address, of an address that was changed.
    pub(crate) fn email_changed() -> Self {
        Self::new(
            "Your e-mail address was changed",
            &[
                "Your account at Ballast has another e-mail address from now on.",
                "That was not you? Tell your admin at once.",
            ],
        )
    }

    /// Word of too many failures.
    pub(crate) fn locked() -> Self {
        Self::new(
            "Somebody tries to log in as you",
            &[
                "There were many failed attempts to log in to Ballast with your address. For a while, logins from where you \
                 have not logged in before are refused.",
                "You want in now? Set a new password by /api/v1/auth/forgot-password; that lifts the refusal.",
            ],
        )
    }

    /// Word of a recovery code that was used.
    pub(crate) fn recovery_code_used() -> Self {
        Self::new(
            "A recovery code was used",
            &[
                "One of your recovery codes for Ballast was used in place of a code of your app. It is of no use any more.",
                "That was not you? Change your password at once, make new recovery codes, and tell your admin.",
            ],
        )
    }

    /// Word of a change to the second factors.
    pub(crate) fn factor_changed(what: &str) -> Self {
        Self::new(
            "Your second factor was changed",
            &[what, "That was not you? Change your password at once, and tell your admin."],
        )
    }

    /// Word of an API key; `hint` is the end of its text. Its name is not for users to mail.
    pub(crate) fn api_key_made(hint: &str) -> Self {
        Self::new(
            "An API key was made for your account",
            &[
                &format!(
                    "Your account at Ballast has a new API key, or a new secret for one: it ends in {hint}."
                ),
                "That was not you? Revoke the key at once, change your password, and tell your admin.",
            ],
        )
    }

    /// Word of a passkey that there are two of.
    pub(crate) fn passkey_copied(name: &Name) -> Self {
        Self::new(
            "Somebody may have a copy of your passkey",
            &[
                &format!("The passkey “{name}” was refused: its counter says that it was used elsewhere."),
                "Remove it from your account at Ballast, add a new one, and tell your admin.",
            ],
        )
    }
}

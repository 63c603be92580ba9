use serde::{Deserialize, Serialize};

/// How sure a login makes us of who it is: the `acr` of a token, by the levels of NIST SP 800-63B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Assurance {
    /// One factor: a password, or a code by mail.
    Aal1,
    /// Two factors.
    Aal2,
}

impl Assurance {
    /// Its name in tokens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aal1 => "aal1",
            Self::Aal2 => "aal2",
        }
    }
}

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::Lifetimes;
use crate::{
    Entity, TenantId,
    limit::{OwnLimit, Plan},
    text::Name,
};

/// A finance team.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: Name,
    /// Whether its users may get in.
    #[serde(default)]
    pub status: TenantStatus,
    /// What it has chosen, and what was chosen for it.
    #[serde(default)]
    pub settings: TenantSettings,
}

/// Whether a tenant's users may get in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// They may.
    #[default]
    Active,
    /// They may not, nor may their API keys.
    Suspended,
}

/// What a tenant pays for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// To try it out.
    Free,
    /// A team.
    #[default]
    Standard,
    /// A house.
    Enterprise,
}

/// What a tenant has chosen. Tier and limits are the platform's to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TenantSettings {
    /// The e-mail domains that are the tenant's own, in their normal form.
    pub domains: Vec<String>,
    /// Whether addresses of these domains may log in with a code by mail.
    pub code_login: bool,
    /// Whether who proves to have an address of these domains may join without an invitation, as a viewer.
    pub join_by_domain: bool,
    /// Whether everyone needs a second factor.
    pub mfa_required: bool,
    /// How long sessions last.
    pub sessions: SessionLimits,
    /// What is asked of passwords beyond what is asked of all.
    pub passwords: PasswordRules,
    /// What the tenant pays for.
    pub tier: Tier,
    /// What it may ask for in place of what its tier gives.
    pub limits: Vec<OwnLimit>,
}

impl TenantSettings {
    /// What chooses the tenant's quotas.
    pub fn plan(&self) -> Plan {
        Plan { tier: self.tier, own: self.limits.clone() }
    }
}

/// How long sessions last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionLimits {
    /// Hours from the login to the end, however often the session is refreshed.
    #[schema(minimum = 1, maximum = 2160, example = 720)]
    pub absolute_hours: u32,
    /// Hours from one refresh to the next.
    #[schema(minimum = 1, maximum = 720, example = 168)]
    pub idle_hours: u32,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { absolute_hours: 720, idle_hours: 168 }
    }
}

impl SessionLimits {
    /// The same as durations.
    pub fn lifetimes(self) -> Lifetimes {
        let hours = |hours: u32| SignedDuration::from_hours(i64::from(hours));
        Lifetimes { absolute: hours(self.absolute_hours), idle: hours(self.idle_hours) }
    }
}

/// What a tenant asks of passwords beyond what is asked of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordRules {
    /// The fewest characters.
    #[schema(minimum = 12, maximum = 64, example = 15)]
    pub minimum_characters: u32,
    /// Whether a password needs a lower-case and an upper-case letter, a digit and a symbol. Such rules make passwords no
    /// better (NIST SP 800-63B-4 forbids them), so it is off unless an old policy demands it.
    pub composition: bool,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self { minimum_characters: 12, composition: false }
    }
}

impl Tenant {
    /// A tenant with the settings that all begin with.
    pub fn new(id: TenantId, name: Name) -> Self {
        Self { id, name, status: TenantStatus::Active, settings: TenantSettings::default() }
    }
}

impl Entity for Tenant {
    const KIND: &'static str = "TENANT";
    type Key = TenantId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

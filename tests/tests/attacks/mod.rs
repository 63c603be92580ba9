//! What attackers try, by name. Each file is one front.

mod audit_chain;
mod emails;
mod enumeration;
mod floods;
mod foreign_ids;
mod json;
mod mass_assignment;
mod passkeys;
mod refresh_races;
mod sessions;
mod tokens;
mod transport;

//! What attackers try, by name. Each file is one front.
//!
//! They run on the one-machine stack, and on a deployed one (`make test-stack`) but for those that a stack which others use at
//! the same time can't serve:
//!
//! * what moves the clock, or has maintenance run as if time had passed: `enumeration`; of `audit_chain`
//!   `retention` and `checkpoints`; `sessions::a_suspended_tenant…`; `transport::a_key_is_rotated_by_the_schedule…`
//! * what needs other settings than all the others: `floods` but for `every_answer_tells…`;
//!   `audit_chain::tampering::a_key_that_is_not_there…`; `transport::pages_of_other_origins…`
//! * what reads mails: `emails::names_bend_no_mail`
//! * what would refuse everybody else's tokens: `transport::a_rotated_key_and_a_withdrawn_one`, `signing_secret`

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
mod signing_secret;
mod tokens;
mod transport;

pub use refresh_races::surviving;

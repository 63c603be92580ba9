//! What users are.

use axum::extract::State;
use domain::{
    Invalid, UserId, Validation, account::User, audit::Action, permission::UsersWrite, role::Role, text::Name,
};
use serde::Deserialize;
use store::{StoreError, Stored};
use utoipa::ToSchema;
use web::{
    ApiError, Data, Json, Path,
    auth::Tenant,
    etag::{IfMatch, Versioned},
};

use crate::{
    Identity,
    auth::{FRESH, UserView},
    error::AuthError,
};

/// What a user is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolesInput {
    /// All roles from now on: nothing above one's own.
    #[schema(min_items = 1, max_items = 6)]
    roles: Vec<Role>,
    /// The team from now on.
    #[schema(min_length = 1, max_length = 200, example = "Rates")]
    team: Option<String>,
}

impl RolesInput {
    fn parse(self) -> Result<(Vec<Role>, Option<Name>), Invalid> {
        let mut validation = Validation::new();
        let roles = validation.check("/roles", parse_roles(self.roles));
        let team = self.team.and_then(|team| validation.check("/team", Name::parse(&team)));
        validation.finish(roles.map(|roles| (roles, team)))
    }
}

/// Roles, each once, the highest first.
pub(super) fn parse_roles(mut roles: Vec<Role>) -> Result<Vec<Role>, &'static str> {
    roles.sort_unstable_by(|a, b| b.cmp(a));
    roles.dedup();
    if roles.is_empty() { Err("must name at least one role") } else { Ok(roles) }
}

/// Whether somebody with these roles may give `after` to somebody who has `before`: nobody changes or makes what is above
/// them.
pub(super) fn check_roles(own: &[Role], before: &[Role], after: &[Role]) -> Result<(), AuthError> {
    let highest = own.iter().max();
    if before.iter().chain(after).max() <= highest {
        Ok(())
    } else {
        Err(AuthError::Forbidden("This concerns a role above your own."))
    }
}

/// Replace a user's roles
///
/// They count from the user's next request on. Nobody changes their own roles, gives roles above their own, or changes
/// those of somebody above them. Needs a login within the last ten minutes.
#[utoipa::path(
    put,
    path = "/api/v1/users/{id}/roles",
    operation_id = "replace_roles",
    tag = super::TAG,
    security(("bearer" = ["users:write"])),
    params(
        ("id" = UserId, Path, description = "The user's id."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the version to change.")
    ),
    request_body = RolesInput,
    responses(
        (
            status = 200,
            description = "The user as it is now.",
            body = Data<UserView>,
            headers(("ETag" = String, description = "Its new version."))
        ),
        (status = 412, description = "It was changed since; nothing was done.")
    )
)]
pub(crate) async fn replace_roles(
    State(identity): State<Identity>,
    tenant: Tenant<UsersWrite>,
    Path(id): Path<UserId>,
    seen: IfMatch,
    Json(body): Json<RolesInput>,
) -> Result<Versioned<UserView>, ApiError> {
    let (roles, team) = body.parse()?;
    tenant.require_fresh_login(FRESH)?;
    let change = |user: User| {
        check_roles(tenant.principal.roles(), &user.roles, &roles)?;
        Ok(User { roles: roles.clone(), team: team.clone(), ..user })
    };
    let written = identity.change_colleague(&tenant, id, seen, Action::UserRolesChanged, change).await?;
    Ok(Versioned::view(written))
}

impl Identity {
    /// Changes another user. The own item is written along with it, unchanged: of two admins who take each other's role
    /// away at the same time only one succeeds, so that one is always left.
    pub(super) async fn change_colleague(
        &self,
        tenant: &Tenant<UsersWrite>,
        id: UserId,
        seen: IfMatch,
        action: Action,
        change: impl Fn(User) -> Result<User, AuthError>,
    ) -> Result<Stored<User>, AuthError> {
        if id == tenant.user_id() {
            return Err(AuthError::Forbidden("Nobody does this to themselves; ask another admin."));
        }
        let own = tenant.store();
        let stored = own.get::<User>(&id).await?;
        seen.check(stored.version)?;
        let before = stored.entity.clone();
        check_roles(tenant.principal.roles(), &before.roles, &[])?;
        let changed = stored.try_map(change)?;
        let writes = vec![own.write_changed(&changed)?, own.write_changed(tenant.principal.user())?];
        let audited = tenant.audited(action)?.changed(Some(&before), Some(&changed.entity));
        match audited.transact(writes).await {
            Ok(()) => Ok(own.get::<User>(&id).await?),
            Err(StoreError::VersionMismatch(_)) if !seen.is_given() => {
                Err(AuthError::Conflict("The user was changed at the same time; look again."))
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use Role::{Admin, Manager, SuperAdmin, User, Viewer};

    use super::*;

    #[test]
    fn nobody_reaches_above_themselves() {
        assert!(check_roles(&[Admin], &[Viewer], &[Admin]).is_ok());
        assert!(check_roles(&[Admin], &[Admin], &[Viewer]).is_ok());
        assert!(check_roles(&[Admin], &[Viewer], &[SuperAdmin]).is_err());
        assert!(check_roles(&[Admin], &[SuperAdmin], &[Viewer]).is_err());
        assert!(check_roles(&[Manager], &[User], &[Admin, Viewer]).is_err());
        assert!(check_roles(&[], &[], &[Viewer]).is_err());
    }

    #[test]
    fn roles_are_told_once() {
        assert_eq!(parse_roles(vec![Viewer, Admin, Viewer]).unwrap(), [Admin, Viewer]);
        assert!(parse_roles(Vec::new()).is_err());
    }
}

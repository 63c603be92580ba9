//! New colleagues.

use axum::extract::State;
use domain::{
    Invalid, UserId, Validation,
    account::{User, UserStatus},
    audit::Action,
    challenge::Purpose,
    email::{Address, Email},
    permission::UsersWrite,
    role::Role,
    text::Name,
};
use serde::Deserialize;
use store::{Filter, Listing, Order, Scope, StoreError, Version, Write};
use utoipa::ToSchema;
use web::{ApiError, Created, Data, Json, NoContent, Path, auth::Tenant};

use super::roles::{check_roles, parse_roles};
use crate::{
    Identity,
    auth::{FRESH, UserView},
    challenges::INVITATION_LIFETIME,
    error::AuthError,
    letters::Letter,
    member::Member,
};

/// Who is invited, and as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteInput {
    /// An e-mail address that no user of the tenant has.
    #[schema(format = Email, max_length = 254, example = "grace@example.com")]
    email: String,
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200, example = "Grace Hopper")]
    name: String,
    /// What the person will be in the tenant: nothing above the inviter's own role.
    #[schema(min_items = 1, max_items = 6)]
    roles: Vec<Role>,
    /// The team that the person will work in.
    #[schema(min_length = 1, max_length = 200, example = "Rates")]
    team: Option<String>,
}

struct Invitation {
    address: Address,
    name: Name,
    roles: Vec<Role>,
    team: Option<Name>,
}

impl InviteInput {
    fn parse(self) -> Result<Invitation, Invalid> {
        let mut validation = Validation::new();
        let address = validation.check("/email", Address::parse(&self.email));
        let name = validation.check("/name", Name::parse(&self.name));
        let roles = validation.check("/roles", parse_roles(self.roles));
        let team = self.team.and_then(|team| validation.check("/team", Name::parse(&team)));
        let parts = address.zip(name).zip(roles);
        validation.finish(parts.map(|((address, name), roles)| Invitation { address, name, roles, team }))
    }
}

/// Invite a user
///
/// Makes a user that waits for its person, and mails an invitation that is good for seven days. The address becomes the
/// user's when the invitation is taken up, and stays free for others until then. Who invites has proven their own address,
/// and has logged in within the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/users/invite",
    operation_id = "invite_user",
    tag = super::TAG,
    security(("bearer" = ["users:write"])),
    request_body = InviteInput,
    responses(
        (
            status = 201,
            description = "The invitation is on its way.",
            body = Data<UserView>,
            headers(
                ("Location" = String, description = "Where the user is."),
                ("ETag" = String, description = "Its version.")
            )
        ),
        (
            status = 409,
            description = "The tenant has a user with this e-mail address already, or who invites has not proven their own."
        ),
        (status = 429, description = "Too many mails were asked for; nobody was invited.")
    )
)]
pub(crate) async fn invite(
    State(identity): State<Identity>,
    tenant: Tenant<UsersWrite>,
    Json(body): Json<InviteInput>,
) -> Result<Created<UserView>, ApiError> {
    let invitation = body.parse()?;
    tenant.require_fresh_login(FRESH)?;
    let user = identity.invite(&tenant, invitation).await?;
    let location = format!("/api/v1/users/{}", user.id);
    Ok(Created { location, version: Some(Version(1)), data: user.into() })
}

/// Send an invitation again
///
/// Mails a new invitation, good for seven days, to somebody who has not taken up the one before. Needs a login within the
/// last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/users/{id}/invitation",
    operation_id = "resend_invitation",
    tag = super::TAG,
    security(("bearer" = ["users:write"])),
    params(("id" = UserId, Path, description = "The user's id.")),
    responses(
        (status = 204, description = "The invitation is on its way."),
        (status = 409, description = "The user is not invited, or not any more; or who invites has not proven their own address."),
        (status = 429, description = "Too many mails were asked for; none was sent.")
    )
)]
pub(crate) async fn resend_invitation(
    State(identity): State<Identity>,
    tenant: Tenant<UsersWrite>,
    Path(id): Path<UserId>,
) -> Result<NoContent, ApiError> {
    let user = tenant.store().get::<User>(&id).await?.entity;
    tenant.require_fresh_login(FRESH)?;
    check_roles(tenant.principal.roles(), &user.roles, &[])?;
    if user.status != UserStatus::Invited {
        return Err(AuthError::Conflict("The user does not wait for an invitation.").into());
    }
    identity.mail_invitation(&tenant, &user, Vec::new()).await?;
    Ok(NoContent)
}

impl Identity {
    async fn invite(&self, tenant: &Tenant<UsersWrite>, invitation: Invitation) -> Result<User, AuthError> {
        let Invitation { address, name, roles, team } = invitation;
        check_roles(tenant.principal.roles(), &[], &roles)?;
        // Whether other tenants have a user with this address, the inviter does not learn.
        if has_user(&tenant.store(), &address.email).await? {
            return Err(AuthError::Conflict("The tenant has a user with this e-mail address already."));
        }
        let user = User::new(self.app.ids.id(), address, name, roles);
        let user = User { status: UserStatus::Invited, team, ..user };
        self.mail_invitation(tenant, &user, vec![tenant.store().write_new(&user)?]).await?;
        Ok(user)
    }

    /// Mails an invitation, together with other writes.
    async fn mail_invitation(
        &self,
        tenant: &Tenant<UsersWrite>,
        user: &User,
        mut writes: Vec<Write>,
    ) -> Result<(), AuthError> {
        let inviter = &tenant.principal.user().entity;
        if inviter.verified_at.is_none() {
            return Err(AuthError::Conflict(
                "Prove your own e-mail address first, at /api/v1/auth/verify-email/code.",
            ));
        }
        self.count_mail(&tenant.principal, &user.email).await?;
        let member = Member::colleague(&tenant.principal, user.id);
        let asked = self.challenges().link(Purpose::Invitation, member.subject(), INVITATION_LIFETIME);
        let token = format!("{}.{}", asked.challenge.id, asked.secret);
        let own = &tenant.principal.tenant().entity.name;
        let mail = self.mail(Some(user), Letter::invitation(own, &inviter.name, &token));
        writes.extend([self.challenges().write(&asked.challenge)?, self.write_mail(&member, &mail)?]);
        let audited = tenant.audited(Action::UserInvited)?;
        audited.changed(None, Some(user)).transact(writes).await?;
        self.announce(&member, &mail).await;
        Ok(())
    }
}

/// Whether a tenant has a user with this address, invited or not.
async fn has_user(store: &Scope, email: &Email) -> Result<bool, StoreError> {
    let filters = vec![Filter { attribute: "email", value: email.to_string() }];
    let listing = Listing { limit: 1, order: Order::Descending, after: None, filters, group: None };
    Ok(!store.list::<User>(listing).await?.items.is_empty())
}

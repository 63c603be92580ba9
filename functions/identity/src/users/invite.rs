//! New colleagues.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::{Account, User, UserStatus},
    audit::Action,
    challenge::Purpose,
    email::Address,
    permission::UsersWrite,
    role::Role,
    text::Name,
};
use serde::Deserialize;
use store::{StoreError, Version};
use utoipa::ToSchema;
use web::{ApiError, Created, Data, Json, auth::Tenant};

use super::roles::{check_roles, parse_roles};
use crate::{
    Identity, auth::UserView, challenges::INVITATION_LIFETIME, error::AuthError, letters::Letter,
    member::Member,
};

/// Who is invited, and as what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteInput {
    /// An e-mail address that has no account yet.
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
/// Makes an account that waits for its owner, and mails an invitation that is good for seven days.
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
        (status = 409, description = "There is an account with this e-mail address already.")
    )
)]
pub(crate) async fn invite(
    State(identity): State<Identity>,
    tenant: Tenant<UsersWrite>,
    Json(body): Json<InviteInput>,
) -> Result<Created<UserView>, ApiError> {
    let user = identity.invite(&tenant, body.parse()?).await?;
    let location = format!("/api/v1/users/{}", user.id);
    Ok(Created { location, version: Some(Version(1)), data: user.into() })
}

impl Identity {
    async fn invite(&self, tenant: &Tenant<UsersWrite>, invitation: Invitation) -> Result<User, AuthError> {
        let Invitation { address, name, roles, team } = invitation;
        check_roles(tenant.principal.roles(), &[], &roles)?;
        let member = Member::colleague(&tenant.principal, self.app.ids.id());
        let account = Account::new(&address.email, tenant.id(), member.user_id());
        let may_mail = self.gate.mail(&account.email_hash).await?;
        let user =
            User { status: UserStatus::Invited, team, ..User::new(member.user_id(), address, name, roles) };
        let subject = member.subject();
        let asked = self.challenges().link(Purpose::Invitation, subject, INVITATION_LIFETIME);
        let token = format!("{}.{}", asked.challenge.id, asked.secret);
        let (own, inviter) = (&tenant.principal.tenant().entity.name, &tenant.principal.user().entity.name);
        let letter = Letter::invitation(own, inviter, &token);
        let mail = self.mail(Some(&user).filter(|_| may_mail), letter);
        let writes = vec![
            self.app.store().accounts().write_new(&account)?,
            tenant.store().write_new(&user)?,
            self.challenges().write(&asked.challenge)?,
            self.write_mail(&member, &mail)?,
        ];
        match tenant.audited(Action::UserInvited)?.changed(None, Some(&user)).transact(writes).await {
            Ok(()) => {}
            Err(StoreError::AlreadyExists) => return Err(AuthError::EmailTaken),
            Err(error) => return Err(error.into()),
        }
        self.announce(&member, &mail).await;
        Ok(user)
    }
}

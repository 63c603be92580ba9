//! One user a role, so that each can be tried out. No stage has such users.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use local::{BoxError, Stack};
use serde::Deserialize;
use serde_json::json;

use super::{
    api::Api,
    setup::{Asked, Demo, EMAIL, PASSWORD},
};

const ROLES: [&str; 5] = ["viewer", "user", "trader", "manager", "super_admin"];
/// How often the outbox is looked into for a mail, and how long in between.
const LOOKS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Deserialize)]
struct User {
    id: String,
    verified_at: Option<String>,
}

#[derive(Deserialize)]
struct Me {
    user: User,
    tenant: Tenant,
}

#[derive(Deserialize)]
struct Tenant {
    id: String,
}

/// Makes the users that a data folder does not know yet.
pub async fn prepare(api: &Api, stack: &Stack, demo: &Demo) -> Result<(), BoxError> {
    prove_mailbox(api, stack, demo).await?;
    for role in ROLES {
        let email = email(role);
        let known: Vec<User> = api.get(&format!("/api/v1/users/list?email={email}")).await?;
        if known.is_empty() {
            create(api, stack, role, &email).await?;
        }
    }
    println!("  Users       admin as above; {}, same password\n", ROLES.map(email).join(" "));
    Ok(())
}

fn email(role: &str) -> String {
    format!("{}@example.com", if role == "user" { "colleague" } else { role }.replace('_', "-"))
}

async fn create(api: &Api, stack: &Stack, role: &str, email: &str) -> Result<(), BoxError> {
    // Nobody in a tenant can make a super_admin.
    let invited_as = if role == "super_admin" { "admin" } else { role };
    let new = json!({ "email": email, "name": format!("Demo {role}"), "roles": [invited_as] });
    let user: User = api.post("/api/v1/users/invite", &new).await?;
    let accept = json!({ "invitation": mailed(stack, email, "invited").await?, "password": PASSWORD });
    let _: serde_json::Value = Api::new(&api.base_url).post("/api/v1/users/accept", &accept).await?;
    if role == "super_admin" {
        let me: Me = api.get("/api/v1/users/me").await?;
        promote(stack, &me.tenant.id, &user.id).await?;
    }
    Ok(())
}

/// Only who has proven their own address may invite others.
async fn prove_mailbox(api: &Api, stack: &Stack, demo: &Demo) -> Result<(), BoxError> {
    let Me { user, .. } = api.get("/api/v1/users/me").await?;
    if user.verified_at.is_some() {
        return Ok(());
    }
    let id = if let Some(asked) = &demo.verification {
        asked.challenge_id.clone()
    } else {
        let asked: Asked = api.post("/api/v1/auth/verify-email/code", &json!({})).await?;
        asked.challenge_id
    };
    let answer = json!({ "challenge_id": id, "code": mailed(stack, EMAIL, "Confirm").await? });
    api.post_only("/api/v1/auth/verify-email", &answer).await
}

/// The code in the last mail to this address whose subject holds `about`.
async fn mailed(stack: &Stack, email: &str, about: &str) -> Result<String, BoxError> {
    for _ in 0..LOOKS {
        let mails = stack.mails().all();
        if let Some(mail) = mails.iter().rev().find(|mail| mail.to == email && mail.subject.contains(about)) {
            let token = mail.text.lines().next().and_then(|line| line.split_once(": "));
            return token.map(|(_, token)| token.to_owned()).ok_or_else(|| "a mail without a code".into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(format!("nothing was mailed to {email}").into())
}

/// Writes the role into the table, past all rules: that is how the first `super_admin` of a stage is made too, by hand.
async fn promote(stack: &Stack, tenant: &str, user: &str) -> Result<(), BoxError> {
    let text = |text: String| AttributeValue::S(text);
    let key = HashMap::from([
        ("pk".to_owned(), text(format!("TENANT#{tenant}#USER"))),
        ("sk".to_owned(), text(user.to_owned())),
    ]);
    let variables = stack.environment().variables("IdentityFunction");
    let table = variables.get("STATE_TABLE").ok_or("the template names no state table")?;
    let update = stack.endpoints().dynamodb_client().update_item().table_name(table).set_key(Some(key));
    let update = update
        .update_expression("SET #data.#roles = :roles, version = version + :one")
        .condition_expression("attribute_exists(pk)")
        .expression_attribute_names("#data", "data")
        .expression_attribute_names("#roles", "roles")
        .expression_attribute_values(":roles", AttributeValue::L(vec![text("super_admin".to_owned())]))
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
    update.send().await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "these are tests")]
mod tests {
    use local::{
        StackOptions,
        ballast::{self, Overrides},
    };

    use super::{super::setup, *};

    #[derive(Deserialize)]
    struct Listed {
        roles: Vec<String>,
        status: String,
    }

    #[tokio::test]
    async fn the_demo_has_one_user_a_role() {
        let stack = ballast::start(StackOptions::default(), Overrides::new()).await.unwrap();
        let mut api = Api::new(stack.base_url());
        let demo = setup::prepare(&mut api).await.unwrap();
        prepare(&api, &stack, &demo).await.unwrap();
        // Once more, as with a data folder that has them already.
        prepare(&api, &stack, &demo).await.unwrap();
        let users: Vec<Listed> = api.get("/api/v1/users/list").await.unwrap();
        assert!(users.iter().all(|user| user.status == "active"));
        let mut roles: Vec<_> = users.into_iter().map(|user| user.roles.join(" ")).collect();
        roles.sort();
        assert_eq!(roles, ["admin", "manager", "super_admin", "trader", "user", "viewer"]);
        for role in ROLES {
            let login = json!({ "email": email(role), "password": PASSWORD });
            let _: serde_json::Value =
                Api::new(&api.base_url).post("/api/v1/auth/login", &login).await.unwrap();
        }
        stack.shutdown().await;
    }
}

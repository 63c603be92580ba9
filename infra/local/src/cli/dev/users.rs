//! One user a role, so that each can be tried out. No stage has such users.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use local::{BoxError, Stack};
use serde::Deserialize;
use serde_json::json;

use super::{api::Api, setup::PASSWORD};

const ROLES: [&str; 5] = ["viewer", "user", "trader", "manager", "super_admin"];
/// How often the outbox is looked into for an invitation, and how long in between.
const LOOKS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Deserialize)]
struct User {
    id: String,
}

#[derive(Deserialize)]
struct Me {
    tenant: Tenant,
}

#[derive(Deserialize)]
struct Tenant {
    id: String,
}

/// Makes the users that a data folder does not know yet.
pub async fn prepare(api: &Api, stack: &Stack) -> Result<(), BoxError> {
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
    let accept = json!({ "invitation": invitation(stack, email).await?, "password": PASSWORD });
    let _: serde_json::Value = Api::new(&api.base_url).post("/api/v1/users/accept", &accept).await?;
    if role == "super_admin" {
        let me: Me = api.get("/api/v1/users/me").await?;
        promote(stack, &me.tenant.id, &user.id).await?;
    }
    Ok(())
}

async fn invitation(stack: &Stack, email: &str) -> Result<String, BoxError> {
    for _ in 0..LOOKS {
        let mails = stack.mails().all();
        if let Some(mail) = mails.iter().rev().find(|mail| mail.to == email) {
            let token = mail.text.lines().next().and_then(|line| line.split_once(": "));
            return token
                .map(|(_, token)| token.to_owned())
                .ok_or_else(|| "an invitation without a token".into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(format!("no invitation was mailed to {email}").into())
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

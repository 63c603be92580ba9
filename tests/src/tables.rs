use std::{collections::HashMap, ops::Deref};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use platform::Context;

use crate::{Ballast, Options, Tenant, ballast::external};

/// The stack under test, whichever that is, with its table: for tests that look at items, or disturb them, behind everybody's
/// back.
pub struct Tables {
    pub(crate) ballast: Ballast,
    client: Client,
    state_table: String,
}

impl Tables {
    /// The stack at `BALLAST_BASE_URL`, whose table `BALLAST_STATE_TABLE` names and the usual AWS settings lead to; or a new
    /// one of this test alone. Nothing where the table of a running stack is not known.
    pub async fn start() -> Option<Self> {
        let Some(base) = external() else {
            return Some(Self::of(Ballast::in_process(Options::default()).await));
        };
        let Ok(state_table) = std::env::var("BALLAST_STATE_TABLE") else {
            eprintln!("skipped: this needs the table of the stack at {base}, as BALLAST_STATE_TABLE");
            return None;
        };
        let client = Client::new(&Context::of_process().await.aws);
        Some(Self { ballast: Ballast::start().await, client, state_table })
    }

    /// A stack in this process.
    pub(crate) fn of(ballast: Ballast) -> Self {
        let stack = ballast.stack.as_ref().expect("a stack in this process");
        let client = stack.endpoints().dynamodb_client();
        let state_table = stack.environment().variables("TasksFunction")["STATE_TABLE"].clone();
        Self { ballast, client, state_table }
    }

    /// A tenant's item as the table holds it.
    pub async fn item(&self, tenant: &Tenant, kind: &str, id: &str) -> HashMap<String, AttributeValue> {
        let client = &self.client;
        let read = client.get_item().table_name(&self.state_table).set_key(Some(key(tenant, kind, id)));
        read.consistent_read(true).send().await.unwrap().item.expect("an item")
    }

    /// All of a tenant's items of a kind as the table holds them.
    pub async fn items(&self, tenant: &str, kind: &str) -> Vec<HashMap<String, AttributeValue>> {
        let client = &self.client;
        let query = client.query().table_name(&self.state_table).consistent_read(true);
        let query = query
            .key_condition_expression("pk = :partition")
            .expression_attribute_values(":partition", AttributeValue::S(format!("TENANT#{tenant}#{kind}")));
        query.send().await.unwrap().items.unwrap_or_default()
    }

    /// Whether the table still holds an item.
    pub async fn has_item(&self, tenant: &Tenant, kind: &str, id: &str) -> bool {
        let client = &self.client;
        let read = client.get_item().table_name(&self.state_table).set_key(Some(key(tenant, kind, id)));
        read.consistent_read(true).send().await.unwrap().item.is_some()
    }

    /// Deletes a tenant's item behind everybody's back.
    pub async fn delete_item(&self, tenant: &Tenant, kind: &str, id: &str) {
        let client = &self.client;
        let delete = client.delete_item().table_name(&self.state_table).set_key(Some(key(tenant, kind, id)));
        delete.send().await.unwrap();
    }

    /// Sets one attribute of a tenant's entity behind everybody's back.
    pub async fn set(&self, tenant: &Tenant, kind: &str, id: &str, attribute: &str, value: AttributeValue) {
        let client = &self.client;
        let update = client.update_item().table_name(&self.state_table).set_key(Some(key(tenant, kind, id)));
        let update = update
            .update_expression("SET #data.#attribute = :value")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#data", "data")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", value);
        update.send().await.unwrap();
    }

    /// Writes a whole item behind everybody's back.
    pub async fn put_item(&self, item: HashMap<String, AttributeValue>) {
        let client = &self.client;
        client.put_item().table_name(&self.state_table).set_item(Some(item)).send().await.unwrap();
    }

    /// Gives the tenant's first user these roles and no others.
    pub async fn set_roles(&self, tenant: &Tenant, roles: &[&str]) {
        let roles = roles.iter().map(|role| AttributeValue::S((*role).to_owned())).collect();
        self.set(tenant, "USER", &tenant.user_id(), "roles", AttributeValue::L(roles)).await;
    }

    /// Makes the tenant's first user a `super_admin`, who has given a second factor in the session at hand.
    pub async fn make_super_admin(&self, tenant: &Tenant) {
        self.set_roles(tenant, &["super_admin"]).await;
        self.give_second_factor(tenant).await;
    }

    /// Has the tenant's session count as one with a second factor.
    pub async fn give_second_factor(&self, tenant: &Tenant) {
        let session = format!("{}#{}", tenant.user_id(), tenant.session_id());
        self.set(tenant, "SESSION", &session, "assurance", AttributeValue::S("aal2".to_owned())).await;
    }
}

impl Deref for Tables {
    type Target = Ballast;

    fn deref(&self) -> &Ballast {
        &self.ballast
    }
}

fn key(tenant: &Tenant, kind: &str, id: &str) -> HashMap<String, AttributeValue> {
    let partition = format!("TENANT#{}#{kind}", tenant.id);
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(partition)),
        ("sk".to_owned(), AttributeValue::S(id.to_owned())),
    ])
}

use std::collections::BTreeMap;

use crate::error::Error;
use crate::provision::{provision, secrets};
use crate::services::{Endpoints, Services};
use crate::stack::StackOptions;
use crate::template::{Settings, Template};

/// What the functions are built from: the services, and the settings that the template gives each function.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Where the services listen.
    pub endpoints: Endpoints,
    /// What is deployed.
    pub template: Template,
    /// The secrets by their ARN. There is no embedded Secrets Manager: who builds the functions hands them over.
    pub secrets: BTreeMap<String, String>,
}

impl Environment {
    /// Creates what the template describes; the functions are the caller's to build.
    pub async fn deploy(services: &Services, options: &StackOptions) -> Result<Self, Error> {
        let endpoints = services.endpoints().clone();
        let settings = Settings {
            stack: "ballast".to_owned(),
            sqs: endpoints.sqs.clone(),
            parameters: options.parameters.clone(),
        };
        let template = Template::parse(options.template, &settings)?;
        provision(&template, &endpoints).await?;
        let secrets = secrets(&template, options.data.as_deref())?;
        Ok(Self { endpoints, template, secrets })
    }

    /// All that Lambda would set for this function, by its logical id: the template's settings, and the standard ones.
    pub fn variables(&self, function: &str) -> BTreeMap<String, String> {
        let mut variables = self.endpoints.variables();
        if let Some(function) = self.template.functions.iter().find(|known| known.id == function) {
            variables.insert("AWS_LAMBDA_FUNCTION_NAME".to_owned(), function.name.clone());
            variables.insert("AWS_LAMBDA_FUNCTION_MEMORY_SIZE".to_owned(), function.memory.to_string());
            let own = function.variables.iter();
            variables.extend(own.map(|(name, value)| (name.clone(), self.with_secrets(value))));
        }
        variables
    }

    /// Resolves `{{resolve:secretsmanager:ARN}}`, as a deployment does.
    fn with_secrets(&self, value: &str) -> String {
        let reference = |arn: &str| format!("{{{{resolve:secretsmanager:{arn}}}}}");
        self.secrets
            .iter()
            .fold(value.to_owned(), |value, (arn, secret)| value.replace(&reference(arn), secret))
    }
}

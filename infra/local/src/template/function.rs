use std::collections::BTreeMap;
use std::time::Duration;

use super::event::{Event, QueueSource, Route, Schedule};
use super::intrinsics::Scope;
use super::kind::Kind;
use super::{TemplateError, schema};

/// A function with what calls it.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its logical id, `IdentityFunction`.
    pub id: String,
    /// Its physical name.
    pub name: String,
    /// How long one call may take.
    pub timeout: Duration,
    /// Its memory in MB.
    pub memory: u32,
    /// Its settings, resolved.
    pub variables: BTreeMap<String, String>,
    /// The routes that it answers.
    pub routes: Vec<Route>,
    /// The queues that feed it.
    pub queues: Vec<QueueSource>,
    /// The schedules that call it.
    pub schedules: Vec<Schedule>,
}

impl Function {
    pub(super) fn read(scope: &Scope, id: &str) -> Result<Self, TemplateError> {
        let timeout: Option<schema::Number> =
            either(scope.property(id, "Timeout")?, || scope.global("Timeout"))?;
        let memory: Option<schema::Number> =
            either(scope.property(id, "MemorySize")?, || scope.global("MemorySize"))?;
        let mut function = Self {
            id: id.to_owned(),
            name: Kind::Function.name(scope, id)?,
            // Three seconds and 128 MB are what Lambda gives a function that says nothing.
            timeout: Duration::from_secs(timeout.map_or(Ok(3), |seconds| seconds.get(id))?.into()),
            memory: memory.map_or(Ok(128), |size| size.get(id))?,
            variables: variables(scope, id)?,
            routes: Vec::new(),
            queues: Vec::new(),
            schedules: Vec::new(),
        };
        let events: BTreeMap<String, schema::Event> = scope.property(id, "Events")?.unwrap_or_default();
        for (name, event) in events {
            match Event::read(id, name, event)? {
                Event::Route(route) => function.routes.push(route),
                Event::Queue(queue) => function.queues.push(queue),
                Event::Schedule(schedule) => function.schedules.push(schedule),
            }
        }
        Ok(function)
    }
}

fn either<T>(
    own: Option<T>,
    global: impl FnOnce() -> Result<Option<T>, TemplateError>,
) -> Result<Option<T>, TemplateError> {
    own.map_or_else(global, |own| Ok(Some(own)))
}

fn variables(scope: &Scope, id: &str) -> Result<BTreeMap<String, String>, TemplateError> {
    let global: Option<schema::Environment> = scope.global("Environment")?;
    let own: Option<schema::Environment> = scope.property(id, "Environment")?;
    let all = [global, own].into_iter().flatten().flat_map(|environment| environment.variables);
    Ok(all.map(|(name, value)| (name, value.into_text())).collect())
}

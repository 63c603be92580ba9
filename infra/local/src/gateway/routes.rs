use std::collections::BTreeMap;

use axum::Router;
use http::Method;

/// The API's routes, by the rules of API Gateway: a literal segment goes before a variable one.
#[derive(Default)]
pub(super) struct Routes {
    paths: Vec<Path>,
}

struct Path {
    segments: Vec<Segment>,
    methods: BTreeMap<String, Target>,
    first: Target,
}

/// A segment of a path: a name, or one that varies. The literals sort first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Variable,
}

/// The function that answers.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) router: Router,
    pub(super) timeout: std::time::Duration,
}

impl Routes {
    pub(super) fn add(&mut self, method: &str, path: &str, target: Target) {
        let segments: Vec<_> = split(path).map(Segment::parse).collect();
        match self.paths.binary_search_by(|known| known.segments.cmp(&segments)) {
            Ok(at) => drop(self.paths[at].methods.insert(method.to_owned(), target)),
            Err(at) => {
                let methods = BTreeMap::from([(method.to_owned(), target.clone())]);
                self.paths.insert(at, Path { segments, methods, first: target });
            }
        }
    }

    /// Who answers; for a known path with another method the function that owns the path, whose router says 405.
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<&Target> {
        let found = self.paths.iter().find(|known| known.matches(path))?;
        Some(found.methods.get(method.as_str()).unwrap_or(&found.first))
    }
}

impl Path {
    fn matches(&self, path: &str) -> bool {
        let mut given = split(path);
        self.segments.iter().all(|segment| given.next().is_some_and(|text| segment.matches(text)))
            && given.next().is_none()
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        if text.starts_with('{') { Self::Variable } else { Self::Literal(text.to_owned()) }
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == text,
            Self::Variable => !text.is_empty(),
        }
    }
}

fn split(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

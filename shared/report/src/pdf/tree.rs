use krilla::tagging::{Identifier, TagGroup, TagKind, TagTree};

/// Tells a piece of content.
pub(super) type Leaf = usize;

/// A part of a document's logical structure.
pub(super) enum Node {
    Group(TagKind, Vec<Node>),
    Leaf(Leaf),
}

/// A logical structure that is being built.
#[derive(Default)]
pub(super) struct Tree {
    done: Vec<Node>,
    open: Vec<(TagKind, Vec<Node>)>,
    leaves: Leaf,
}

impl Tree {
    /// Begins a group within the one that is open.
    pub fn open(&mut self, tag: impl Into<TagKind>) {
        self.open.push((tag.into(), Vec::new()));
    }

    /// Ends the group that was begun last.
    pub fn close(&mut self) {
        if let Some((tag, children)) = self.open.pop() {
            self.push(Node::Group(tag, children));
        }
    }

    /// A new piece of content of the open group.
    pub fn leaf(&mut self) -> Leaf {
        self.leaves += 1;
        self.push(Node::Leaf(self.leaves - 1));
        self.leaves - 1
    }

    /// Puts the last group before all others.
    pub fn last_first(&mut self) {
        self.done.rotate_right(1);
    }

    pub fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.close();
        }
        self.done
    }

    fn push(&mut self, node: Node) {
        match self.open.last_mut() {
            Some((_, children)) => children.push(node),
            None => self.done.push(node),
        }
    }
}

/// The structure with the identifiers that its pieces of content were painted under.
pub(super) fn tagged(nodes: Vec<Node>, identifiers: &[Option<Identifier>]) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en".into()));
    for node in nodes {
        if let Some(node) = convert(node, identifiers) {
            tree.push(node);
        }
    }
    tree
}

fn convert(node: Node, identifiers: &[Option<Identifier>]) -> Option<krilla::tagging::Node> {
    match node {
        Node::Leaf(leaf) => identifiers.get(leaf).copied().flatten().map(Into::into),
        Node::Group(tag, children) => {
            let children = children.into_iter().filter_map(|child| convert(child, identifiers)).collect();
            Some(TagGroup::with_children(tag, children).into())
        }
    }
}

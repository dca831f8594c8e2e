//! A decision diagram: the verdict of every open situation, each distinct question about the rest drawn once.
//!
//! A node asks for one attribute; values that lead to the same rest share a branch. Rows are followed as what is
//! left of their cubes, so two paths that leave the same rows open meet in one node, and a row is dropped as soon
//! as it can no longer alter the verdict. Nothing is sampled and no situation is enumerated.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::table::Table;
use crate::vocabulary::Vocabulary;

use super::space::Space;
use super::verdicts::{Claim, VerdictSet};

pub(crate) type NodeIndex = usize;

/// One question of the diagram, or an end of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// The verdict is known; [`Claim::IMPOSSIBLE`] where no situation is left.
    End(Claim),
    /// The verdict depends on an attribute.
    Asks {
        attribute: AttributeIndex,
        /// The values that can be, by what they lead to.
        branches: Vec<(ValueSet, NodeIndex)>,
    },
}

/// The verdicts of a space.
#[derive(Debug, Clone)]
pub(crate) struct Diagram {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeIndex,
    verdicts: Vec<VerdictSet>,
}

impl Diagram {
    /// Draws the diagram of a space. Nodes ask in the vocabulary's order, which keeps together what belongs together.
    pub(crate) fn new(table: &Table, vocabulary: &Vocabulary, space: &Space) -> Self {
        let mut cubes = Vec::new();
        for row in table.rows() {
            if let Some(claim) = Claim::of(row, table, vocabulary)
                && let Some(cube) = space.reduced(&row.cube)
            {
                cubes.push((cube, claim));
            }
        }
        for cube in &space.forbidden {
            cubes.push((cube.clone(), Claim::IMPOSSIBLE));
        }
        let mut drawing = Drawing::new(space);
        let open = cubes
            .iter()
            .map(|(cube, claim)| Open::new(drawing.rest(cube), *claim))
            .collect();
        let root = drawing.draw(State::new(Claim::NOTHING, open));
        let mut diagram = Self {
            nodes: drawing.nodes,
            root,
            verdicts: Vec::new(),
        };
        diagram.gather();
        diagram
    }

    /// The verdicts of the whole space.
    pub(crate) fn verdicts(&self) -> VerdictSet {
        self.verdicts_of(self.root)
    }

    /// The nodes; each stands after those that it leads to.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Where every path begins.
    pub(crate) fn root(&self) -> NodeIndex {
        self.root
    }

    /// The verdicts below a node.
    pub(crate) fn verdicts_of(&self, node: NodeIndex) -> VerdictSet {
        self.verdicts.get(node).copied().unwrap_or_default()
    }

    /// Nodes stand after those they lead to.
    fn gather(&mut self) {
        for node in &self.nodes {
            let set = match node {
                Node::End(claim) if claim.is_impossible() => VerdictSet::default(),
                Node::End(claim) => VerdictSet::one(*claim),
                Node::Asks { branches, .. } => branches
                    .iter()
                    .filter_map(|(_, next)| self.verdicts.get(*next))
                    .fold(VerdictSet::default(), |all, set| all.or(*set)),
            };
            self.verdicts.push(set);
        }
    }
}

/// What is left of a cube: the conditions still open, each with its place in the order. 0 is none.
type Rest = u32;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Condition {
    attribute: AttributeIndex,
    set: ValueSet,
    then: Rest,
}

/// A row on a path: what is left of its cube, and what it adds to the verdict; packed, so that paths compare fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Open(u64);

impl Open {
    fn new(rest: Rest, claim: Claim) -> Self {
        Self(u64::from(rest) << 32 | u64::from(claim.packed()))
    }

    fn rest(self) -> Rest {
        u32::try_from(self.0 >> 32).unwrap_or(0)
    }

    fn claim(self) -> Claim {
        Claim::unpacked(u32::try_from(self.0 & u64::from(u32::MAX)).unwrap_or(0))
    }
}

/// What is known on a path: the verdict so far, and the rows that may still add to it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    so_far: Claim,
    /// Sorted, one entry for each rest.
    open: Vec<Open>,
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let mut hash = u64::from(self.so_far.packed());
        for open in &self.open {
            hash = (hash.rotate_left(5) ^ open.0).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
        hasher.write_u64(hash);
    }
}

impl State {
    fn new(mut so_far: Claim, mut open: Vec<Open>) -> Self {
        for done in open.iter().filter(|open| open.rest() == 0) {
            so_far = so_far.and(done.claim());
        }
        open.retain(|open| open.rest() != 0 && open.claim().adds_to(so_far));
        open.sort_unstable();
        open.dedup_by(|open, kept| {
            let same = open.rest() == kept.rest();
            if same {
                *kept = Open::new(kept.rest(), kept.claim().and(open.claim()));
            }
            same
        });
        Self { so_far, open }
    }
}

struct Drawing<'s> {
    space: &'s Space,
    conditions: Vec<Condition>,
    rests: FxHashMap<Condition, Rest>,
    nodes: Vec<Node>,
    known: FxHashMap<Node, NodeIndex>,
    drawn: FxHashMap<State, NodeIndex>,
}

impl<'s> Drawing<'s> {
    fn new(space: &'s Space) -> Self {
        Self {
            space,
            conditions: Vec::new(),
            rests: FxHashMap::default(),
            nodes: Vec::new(),
            known: FxHashMap::default(),
            drawn: FxHashMap::default(),
        }
    }

    /// A cube as a chain of conditions, shared with every cube that ends alike.
    fn rest(&mut self, cube: &Cube) -> Rest {
        let mut then = 0;
        for (attribute, set) in cube.sets().iter().rev() {
            let (attribute, set) = (*attribute, *set);
            let condition = Condition {
                attribute,
                set,
                then,
            };
            let fresh = Rest::try_from(self.conditions.len() + 1).unwrap_or(Rest::MAX);
            then = *self.rests.entry(condition).or_insert(fresh);
            if then == fresh {
                self.conditions.push(condition);
            }
        }
        then
    }

    fn condition(&self, rest: Rest) -> Option<Condition> {
        self.conditions
            .get(usize::try_from(rest.checked_sub(1)?).ok()?)
            .copied()
    }

    fn draw(&mut self, state: State) -> NodeIndex {
        if state.so_far.is_impossible() || state.open.is_empty() {
            return self.node(Node::End(state.so_far));
        }
        if let Some(node) = self.drawn.get(&state) {
            return *node;
        }
        let heads = state.open.iter().filter_map(|o| self.condition(o.rest()));
        let attribute = heads.map(|c| c.attribute).min().unwrap_or(0);
        let mut branches: Vec<(ValueSet, NodeIndex)> = Vec::new();
        for values in self.alike(&state, attribute) {
            let node = self.draw(self.after(&state, attribute, values));
            match branches.iter_mut().find(|(_, next)| *next == node) {
                Some((set, _)) => *set = set.or(values),
                None => branches.push((values, node)),
            }
        }
        branches.retain(|(_, next)| !self.is_impossible(*next));
        branches.sort_unstable();
        let node = match branches.as_slice() {
            [] => self.node(Node::End(Claim::IMPOSSIBLE)),
            [(values, only)] if *values == self.space.allows(attribute) => *only,
            _ => self.node(Node::Asks {
                attribute,
                branches,
            }),
        };
        self.drawn.insert(state, node);
        node
    }

    /// The allowed values of an attribute, in sets within which every open row treats them alike.
    fn alike(&self, state: &State, attribute: AttributeIndex) -> Vec<ValueSet> {
        let mut parts = vec![self.space.allows(attribute)];
        let mut seen = Vec::new();
        for open in &state.open {
            let Some(condition) = self
                .condition(open.rest())
                .filter(|c| c.attribute == attribute)
            else {
                continue;
            };
            if seen.contains(&condition.set) {
                continue;
            }
            seen.push(condition.set);
            let split = |part: ValueSet| [part.and(condition.set), part.without(condition.set)];
            parts = parts
                .into_iter()
                .flat_map(split)
                .filter(|p| !p.is_empty())
                .collect();
        }
        parts
    }

    /// The state where the attribute has one of some values that are alike.
    fn after(&self, state: &State, attribute: AttributeIndex, values: ValueSet) -> State {
        let next = |open: &Open| match self.condition(open.rest()) {
            Some(c) if c.attribute == attribute => {
                let holds = !c.set.and(values).is_empty();
                holds.then(|| Open::new(c.then, open.claim()))
            }
            _ => Some(*open),
        };
        State::new(state.so_far, state.open.iter().filter_map(next).collect())
    }

    fn is_impossible(&self, node: NodeIndex) -> bool {
        self.nodes.get(node) == Some(&Node::End(Claim::IMPOSSIBLE))
    }

    fn node(&mut self, node: Node) -> NodeIndex {
        let fresh = self.nodes.len();
        let index = *self.known.entry(node.clone()).or_insert(fresh);
        if index == fresh {
            self.nodes.push(node);
        }
        index
    }
}

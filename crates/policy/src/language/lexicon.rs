//! The phrases of a vocabulary as one tree of words, compiled once.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::vocabulary::pattern::{Atom, Item, ListIndex, Pattern};
use crate::vocabulary::phrases::Phrases;

/// A word that some phrase holds.
pub(super) type WordId = u32;
/// A place in the tree.
pub(super) type NodeId = usize;

/// A way on that is not a single word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A number within these bounds.
    Number(u32, u32),
    /// An entry of a list; whether it stays free for other phrases.
    List(ListIndex, bool),
    /// Up to so many words of any kind.
    Gap(u8),
    /// No word, at the start of the text.
    Start,
}

/// A place in the tree: where each next word leads, and what ends here.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) words: FxHashMap<WordId, NodeId>,
    pub(super) steps: Vec<(Step, NodeId)>,
    /// The phrases that are complete here; in a list's tree, whether there is one.
    pub(super) ends: Vec<usize>,
}

/// All phrases and lists, as trees in one arena.
#[derive(Debug, Clone)]
pub(super) struct Lexicon {
    words: FxHashMap<String, WordId>,
    nodes: Vec<Node>,
    lists: Vec<NodeId>,
    /// What each list's entries can start with.
    openings: Vec<Opening>,
    root: NodeId,
}

/// What can start here: these words, and perhaps a number or anything.
#[derive(Debug, Clone, Default)]
struct Opening {
    words: FxHashSet<WordId>,
    number: bool,
    anything: bool,
}

impl Lexicon {
    pub(super) fn new(phrases: &Phrases) -> Self {
        let mut building = Building {
            lexicon: Self {
                words: FxHashMap::default(),
                nodes: vec![Node::default()],
                lists: Vec::new(),
                openings: Vec::new(),
                root: 0,
            },
            unnamed: FxHashMap::default(),
        };
        // Named lists keep their index; lists without a name are added behind them.
        let lists: Vec<&[Pattern]> = phrases.lists.iter().map(Vec::as_slice).collect();
        for _ in &lists {
            let node = building.node();
            building.lexicon.lists.push(node);
        }
        for (list, patterns) in lists.iter().enumerate() {
            for pattern in *patterns {
                building.insert(building.lexicon.list(list), pattern, 0);
            }
        }
        for (phrase, said) in phrases.phrases.iter().enumerate() {
            for pattern in &said.says {
                building.insert(0, pattern, phrase);
            }
        }
        let mut lexicon = building.lexicon;
        let lists = 0..lexicon.lists.len();
        lexicon.openings = lists.map(|list| lexicon.opening(list)).collect();
        lexicon
    }

    /// What a list's entries can start with; lists never hold themselves.
    fn opening(&self, list: ListIndex) -> Opening {
        let mut opening = Opening::default();
        let mut left = vec![list];
        let mut seen = FxHashSet::default();
        while let Some(list) = left.pop() {
            let Some(node) = self.node(self.list(list)).filter(|_| seen.insert(list)) else {
                continue;
            };
            opening.words.extend(node.words.keys());
            for (step, _) in &node.steps {
                match step {
                    Step::Number(..) => opening.number = true,
                    Step::List(inner, _) => left.push(*inner),
                    Step::Gap(_) | Step::Start => opening.anything = true,
                }
            }
        }
        opening
    }

    /// Whether an entry of a list can start with a word or number.
    pub(super) fn opens(&self, list: ListIndex, word: Option<WordId>, number: bool) -> bool {
        self.openings.get(list).is_some_and(|opening| {
            opening.anything
                || (opening.number && number)
                || word.is_some_and(|word| opening.words.contains(&word))
        })
    }

    pub(super) fn word(&self, word: &str) -> Option<WordId> {
        self.words.get(word).copied()
    }

    /// Every word that some phrase holds.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, WordId)> {
        self.words.iter().map(|(word, id)| (word.as_str(), *id))
    }

    pub(super) fn root(&self) -> NodeId {
        self.root
    }

    /// The tree of a list.
    pub(super) fn list(&self, list: ListIndex) -> NodeId {
        self.lists.get(list).copied().unwrap_or(self.root)
    }

    pub(super) fn node(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node)
    }
}

struct Building {
    lexicon: Lexicon,
    /// Alternatives written out in a phrase, as lists without a name.
    unnamed: FxHashMap<Vec<Atom>, ListIndex>,
}

impl Building {
    fn node(&mut self) -> NodeId {
        self.lexicon.nodes.push(Node::default());
        self.lexicon.nodes.len() - 1
    }

    /// Adds a pattern to the tree below `at`, once with and once without each item that may be missing.
    fn insert(&mut self, at: NodeId, pattern: &[Item], phrase: usize) {
        let Some((item, rest)) = pattern.split_first() else {
            if let Some(node) = self.lexicon.nodes.get_mut(at)
                && !node.ends.contains(&phrase)
            {
                node.ends.push(phrase);
            }
            return;
        };
        match item {
            Item::Gap(words) => {
                let next = self.step(at, Step::Gap(*words));
                self.insert(next, rest, phrase);
            }
            Item::Start => {
                let next = self.step(at, Step::Start);
                self.insert(next, rest, phrase);
            }
            Item::Any {
                atoms,
                optional,
                context,
            } => {
                if *optional {
                    self.insert(at, rest, phrase);
                }
                let next = self.next(at, atoms, *context);
                self.insert(next, rest, phrase);
            }
        }
    }

    fn next(&mut self, at: NodeId, atoms: &[Atom], context: bool) -> NodeId {
        match atoms {
            [Atom::Words(words)] if !context => {
                words.iter().fold(at, |node, word| self.word(node, word))
            }
            [Atom::Number(from, to)] if !context => self.step(at, Step::Number(*from, *to)),
            [Atom::List(list)] => self.step(at, Step::List(*list, context)),
            _ => {
                let list = self.unnamed(atoms);
                self.step(at, Step::List(list, context))
            }
        }
    }

    fn unnamed(&mut self, atoms: &[Atom]) -> ListIndex {
        if let Some(list) = self.unnamed.get(atoms) {
            return *list;
        }
        let node = self.node();
        let list = self.lexicon.lists.len();
        self.lexicon.lists.push(node);
        self.unnamed.insert(atoms.to_vec(), list);
        for atom in atoms {
            let end = self.next(node, std::slice::from_ref(atom), false);
            self.insert(end, &[], 0);
        }
        list
    }

    fn word(&mut self, at: NodeId, word: &str) -> NodeId {
        if let Some(number) = super::tokens::number(word) {
            return self.step(at, Step::Number(number, number));
        }
        let fresh = WordId::try_from(self.lexicon.words.len()).unwrap_or(WordId::MAX);
        let id = *self.lexicon.words.entry(word.to_owned()).or_insert(fresh);
        let known = self.lexicon.nodes.get(at).and_then(|n| n.words.get(&id));
        if let Some(next) = known {
            return *next;
        }
        let next = self.node();
        if let Some(node) = self.lexicon.nodes.get_mut(at) {
            node.words.insert(id, next);
        }
        next
    }

    fn step(&mut self, at: NodeId, step: Step) -> NodeId {
        let steps = self.lexicon.nodes.get(at).map(|n| n.steps.as_slice());
        let known = steps.into_iter().flatten().find(|(s, _)| *s == step);
        if let Some((_, next)) = known {
            return *next;
        }
        let next = self.node();
        if let Some(node) = self.lexicon.nodes.get_mut(at) {
            node.steps.push((step, next));
        }
        next
    }
}

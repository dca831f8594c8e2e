//! The verbs of a sentence, and whom they speak to.

use crate::policy_file::Modality;

pub(super) struct Word {
    pub(super) text: String,
    /// Whether a comma, a dash or a colon stands before it: a clause may begin here.
    pub(super) begins: bool,
    /// Whether a comma stands behind it.
    pub(super) comma: bool,
}

pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut begins = true;
    for raw in text.split_whitespace() {
        let text = raw.trim_matches(|c: char| !c.is_alphanumeric());
        if text.is_empty() {
            begins = true;
            continue;
        }
        let comma = raw.ends_with(',');
        words.push(Word {
            text: text.to_lowercase().replace('’', "'"),
            begins,
            comma,
        });
        begins = raw.ends_with([',', ':', ';', '–', '—']);
    }
    words
}

const ASKERS: [&str; 30] = [
    "staff",
    "employee",
    "employees",
    "you",
    "teacher",
    "teachers",
    "student",
    "students",
    "pupil",
    "pupils",
    "parent",
    "parents",
    "carer",
    "carers",
    "parents/carers",
    "they",
    "anyone",
    "individual",
    "individuals",
    "user",
    "users",
    "learner",
    "learners",
    "children",
    "volunteer",
    "volunteers",
    "contractors",
    "visitors",
    "adults",
    "colleagues",
];
const BODIES: [&str; 26] = [
    "school",
    "trust",
    "schools",
    "academy",
    "we",
    "head",
    "headteacher",
    "principal",
    "governor",
    "governors",
    "governing",
    "body",
    "bodies",
    "board",
    "slt",
    "leadership",
    "leaders",
    "leader",
    "director",
    "committee",
    "team",
    "provider",
    "dpo",
    "trustees",
    "lead",
    "mat",
];
const PAPERS: [&str; 8] = [
    "policy",
    "guidance",
    "document",
    "guideline",
    "guidelines",
    "procedure",
    "this",
    "it",
];

/// Who a verb speaks to, by the nearest such word before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Asker,
    Body,
    Paper,
    Unknown,
}

const SUBJECT_WITHIN_WORDS: usize = 12;

/// A sentence, read word by word.
pub(super) struct Reading<'a> {
    pub(super) words: &'a [Word],
}

impl<'a> Reading<'a> {
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    /// The next word that says something: 'also', 'always' and the like are passed over.
    pub(super) fn verb_behind(&self, at: usize) -> &'a str {
        const PASSED_OVER: [&str; 16] = [
            "also",
            "always",
            "therefore",
            "still",
            "then",
            "normally",
            "often",
            "at",
            "all",
            "times",
            "strictly",
            "under",
            "only",
            "however",
            "carefully",
            "ever",
        ];
        (at + 1..at + 5)
            .map(|at| self.word(at))
            .find(|word| !PASSED_OVER.contains(word))
            .unwrap_or_default()
    }

    fn before(&self, at: usize, most: usize) -> impl Iterator<Item = &'a str> {
        self.words
            .get(at.saturating_sub(most)..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .map(|word| word.text.as_str())
    }

    fn subject(&self, at: usize) -> Subject {
        self.before(at, SUBJECT_WITHIN_WORDS)
            .find_map(|word| {
                if ASKERS.contains(&word) {
                    Some(Subject::Asker)
                } else if BODIES.contains(&word) {
                    Some(Subject::Body)
                } else if PAPERS.contains(&word) {
                    Some(Subject::Paper)
                } else {
                    None
                }
            })
            .unwrap_or(Subject::Unknown)
    }

    fn is_passive(&self, at: usize) -> bool {
        self.before(at, 3)
            .any(|word| matches!(word, "is" | "are" | "be" | "been"))
    }

    fn is_denied(&self, at: usize) -> bool {
        self.before(at, 3)
            .any(|word| matches!(word, "not" | "never" | "no" | "only" | "nobody"))
    }

    fn begins(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.begins)
    }

    fn asks_directly(&self, at: usize) -> bool {
        self.begins(at) || self.before(at, 1).any(|word| ASKERS.contains(&word))
    }

    /// What the word at `at` demands, if anything.
    pub(super) fn cue(&self, at: usize) -> Option<Modality> {
        use Modality::{DutyOfSchool, May, Must, MustNot, Right, Should, ShouldNot};
        const DENIALS: [&str; 4] = ["not", "never", "neither", "no"];
        let next = || self.verb_behind(at);
        if self.is_aside(at) {
            return None;
        }
        match self.word(at) {
            "shall" if matches!(next(), "mean" | "include") => None,
            "must" | "shall" => {
                let next = next();
                let bans = DENIALS.contains(&next) || matches!(next, "avoid" | "refrain");
                Some(if bans || self.ensures_not(at) {
                    MustNot
                } else {
                    Must
                })
            }
            "mustn't" => Some(MustNot),
            "should" | "ought" => Some(match next() {
                "never" => MustNot,
                "not" | "neither" | "no" | "avoid" | "refrain" => ShouldNot,
                _ if self.before(at, 1).any(|word| word == "nor") => ShouldNot,
                _ => Should,
            }),
            "shouldn't" => Some(ShouldNot),
            "may" | "can" => self.permission(at),
            "could" | "might" => None,
            "cannot" | "can't" => (self.subject(at) == Subject::Asker
                && !matches!(next(), "be" | "rely" | "assume"))
            .then_some(MustNot),
            "will" => self.promise(at),
            "reserve" | "reserves" => (self.word(at + 1) == "the").then_some(Right),
            "avoid" | "refrain" => self.begins(at).then_some(ShouldNot),
            "never" | "don't" => self.asks_directly(at).then_some(MustNot),
            "do" => (self.word(at + 1) == "not" && self.asks_directly(at)).then_some(MustNot),
            "prohibited" | "forbidden" | "banned" => self.is_passive(at).then_some(MustNot),
            "permitted" | "allowed" => self
                .is_passive(at)
                .then(|| if self.is_denied(at) { MustNot } else { May }),
            "required" | "obliged" => {
                (self.is_passive(at) && self.word(at + 1) == "to").then_some(Must)
            }
            "have" | "has" => (self.word(at + 1) == "to"
                && self.before(at, 1).any(|word| ASKERS.contains(&word)))
            .then_some(Must),
            "expected" => (self.is_passive(at) && self.word(at + 1) == "to").then_some(Should),
            "advised" => self.is_passive(at).then(|| match self.word(at + 1) {
                "not" | "against" => ShouldNot,
                _ => Should,
            }),
            "encouraged" => self.is_passive(at).then_some(Should),
            "advise" | "encourage" => self
                .before(at, 1)
                .any(|word| word == "we")
                .then_some(Should),
            "committed" => (self.word(at + 1) == "to").then_some(DutyOfSchool),
            "offence" => (self.word(at + 1) == "to").then_some(MustNot),
            "responsibility" | "responsible" => self.responsibility(at),
            "are" => (self.word(at + 1) == "to"
                && self.before(at, 1).any(|word| ASKERS.contains(&word)))
            .then_some(Must),
            _ => None,
        }
    }

    /// In words that only describe another: 'a platform which staff can reach'.
    fn is_aside(&self, at: usize) -> bool {
        self.before(at, 1)
            .any(|word| matches!(word, "that" | "which" | "who"))
            || self.before(at, 4).any(|word| word == "which")
    }

    /// '... ensure that they do not ...'
    fn ensures_not(&self, at: usize) -> bool {
        self.verb_behind(at) == "ensure"
            && (at + 2..at + 7).any(|at| self.word(at) == "do" && self.word(at + 1) == "not")
    }

    /// 'may' and 'can': leave where they speak to somebody, or only what might happen.
    fn permission(&self, at: usize) -> Option<Modality> {
        const NO_DEED: [&str; 19] = [
            "be",
            "have",
            "find",
            "feel",
            "become",
            "need",
            "lead",
            "result",
            "constitute",
            "give",
            "cause",
            "encounter",
            "receive",
            "see",
            "know",
            "think",
            "experience",
            "damage",
            "bring",
        ];
        let next = self.verb_behind(at);
        let speaks_to = self.before(at, 4).any(|word| ASKERS.contains(&word))
            || self.subject(at) == Subject::Body;
        match (next, self.word(at + 1)) {
            ("not", _) => speaks_to.then_some(Modality::MustNot),
            ("be", "only") => Some(Modality::MustNot),
            (_, "only") => speaks_to.then_some(Modality::MustNot),
            ("be", _) => match self.word(at + 2) {
                "required" | "asked" | "subject" => Some(Modality::Right),
                "made" | "used" => Some(Modality::May),
                _ => None,
            },
            ("have", "have") if self.word(at) == "can" && self.asks_directly(at) => {
                Some(Modality::May)
            }
            (next, _) if NO_DEED.contains(&next) => None,
            _ => speaks_to.then_some(Modality::May),
        }
    }

    /// 'will': the school's undertaking, or what is demanded of somebody.
    fn promise(&self, at: usize) -> Option<Modality> {
        let subject = self.subject(at);
        if subject == Subject::Paper && self.verb_behind(at) != "be" {
            return None;
        }
        match (self.verb_behind(at), self.word(at + 2)) {
            ("be", "expected") => Some(Modality::Should),
            ("be", "required") => Some(Modality::Must),
            ("be", "that" | "representative") => None,
            ("be", "responsible") if subject == Subject::Asker => Some(Modality::Must),
            ("be" | "receive", _) => Some(Modality::DutyOfSchool),
            ("not", "be") => Some(Modality::DutyOfSchool),
            ("not", _) if subject == Subject::Asker => Some(Modality::MustNot),
            _ if subject == Subject::Asker => Some(Modality::Must),
            _ => Some(Modality::DutyOfSchool),
        }
    }

    fn responsibility(&self, at: usize) -> Option<Modality> {
        let following = matches!(
            self.word(at + 2),
            "following" | "ensuring" | "making" | "complying" | "reporting" | "reading"
        );
        match self.subject(at) {
            Subject::Body => Some(Modality::DutyOfSchool),
            Subject::Asker if following => Some(Modality::Must),
            _ => None,
        }
    }
}

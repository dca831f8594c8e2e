//! What the answer page shows.

use serde::Serialize;

use crate::ask::PolicyName;
use crate::ask::facts::Told;
use crate::ask::on_record::OnRecordLine;
use crate::ask::verdict::Panel;
use crate::platforms::PlatformLine;
use crate::web::page::{Page, Section};

/// `ask/answer.html`.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerPage {
    pub(super) policy: PolicyName,
    pub(super) panel: Panel,
    /// What is on record for whoever asks.
    pub(super) known: Known,
    pub(super) why: Vec<ClauseLine>,
    pub(super) lifted: Vec<LiftedLine>,
    pub(super) conditions: Vec<Due>,
    pub(super) duties: Vec<Due>,
    pub(super) registers: Vec<RegisterLine>,
    pub(super) permission: Vec<Permission>,
    pub(super) changes: Vec<Change>,
    pub(super) platform: Option<PlatformLine>,
    pub(super) law: Vec<LawLine>,
    pub(super) also: Vec<ClauseLine>,
    pub(super) near: Vec<ClauseLine>,
    pub(super) nearly: Vec<NearlyLine>,
    pub(super) notices: Vec<ClauseLine>,
    pub(super) contacts: Vec<Contact>,
    pub(super) told: Vec<Told>,
    pub(super) assumed: Vec<Told>,
    pub(super) query: String,
    pub(super) overdue: bool,
    pub(super) draft: bool,
    pub(super) version: Option<String>,
    pub(super) hash: String,
    pub(super) model: Option<Panel>,
}

/// A clause as the page names it.
#[derive(Debug, Serialize)]
pub(super) struct ClauseLine {
    pub(super) printed: String,
    pub(super) says: String,
    pub(super) href: String,
}

/// A clause that does not apply here, and why.
#[derive(Debug, Serialize)]
pub(super) struct LiftedLine {
    pub(super) clause: ClauseLine,
    pub(super) by: ClauseLine,
}

/// Something to observe or do.
#[derive(Debug, Serialize)]
pub(super) struct Due {
    pub(super) says: String,
    pub(super) to: Option<String>,
    pub(super) by: Option<String>,
    pub(super) strength: Option<&'static str>,
    pub(super) clause: ClauseLine,
    /// What is on record that does it already.
    pub(super) done: Vec<OnRecordLine>,
}

/// What is on record for whoever asks.
#[derive(Debug, Default, Serialize)]
pub(super) struct Known {
    /// The permission that this answer relies on.
    pub(super) leave: Option<OnRecordLine>,
    /// Permissions that may cover it, and ties that may be the ones asked about.
    pub(super) perhaps: Vec<Perhaps>,
    pub(super) ties: Vec<Perhaps>,
}

/// Something on record that may bear on what is asked, and the answer if it does.
#[derive(Debug, Serialize)]
pub(super) struct Perhaps {
    pub(super) line: OnRecordLine,
    pub(super) href: String,
}

/// A register in which what the answer asks for is done.
#[derive(Debug, Serialize)]
pub(super) struct RegisterLine {
    pub(super) says: String,
    pub(super) href: String,
}

/// Who may give leave.
#[derive(Debug, Serialize)]
pub(super) struct Permission {
    pub(super) by: Vec<String>,
    pub(super) written: bool,
    pub(super) conditions: Vec<String>,
    pub(super) clauses: Vec<ClauseLine>,
}

/// What would change the answer.
#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) says: String,
    pub(super) then: String,
    pub(super) href: String,
}

/// A clause that would speak if something were otherwise.
#[derive(Debug, Serialize)]
pub(super) struct NearlyLine {
    pub(super) clause: ClauseLine,
    pub(super) missing: Vec<String>,
}

/// What the law asks here.
#[derive(Debug, Serialize)]
pub(super) struct LawLine {
    pub(super) title: String,
    pub(super) says: String,
    pub(super) source: String,
    pub(super) unverified: bool,
    pub(super) expected: bool,
    pub(super) contacts: Vec<String>,
}

/// Whom the policy names.
#[derive(Debug, Serialize)]
pub(super) struct Contact {
    pub(super) matter: &'static str,
    pub(super) who: String,
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "ask/answer.html";
    const SECTION: Option<Section> = Some(Section::Ask);

    fn samples() -> Vec<Self> {
        vec![Self::sample(true), Self::sample(false)]
    }
}

impl AnswerPage {
    /// With everything that an answer can hold, or with as little as it can.
    fn sample(full: bool) -> Self {
        let text = |text: &str| text.to_owned();
        let clause = || ClauseLine {
            printed: text("8.3"),
            says: text("Be kind."),
            href: text("/policies/example"),
        };
        let due = || Due {
            says: text("Tell a senior leader."),
            to: full.then(|| text("a senior leader")),
            by: full.then(|| text("at once")),
            strength: full.then_some("The policy says that you should."),
            clause: clause(),
            done: match full {
                true => vec![OnRecordLine::sample(false)],
                false => Vec::new(),
            },
        };
        let perhaps = |until| Perhaps {
            line: OnRecordLine::sample(until),
            href: text("/ask/example/answer?act=post&held=PER-2026-0001"),
        };
        let told = || Told {
            label: text("You are"),
            says: text("a teacher"),
            id: text("asker"),
        };
        let panel = |lines| Panel {
            standing: "prohibited",
            sign: "✕",
            title: text("No, do not do this"),
            lines,
        };
        let permission = Permission {
            by: vec![text("the head has agreed")],
            written: full,
            conditions: if full {
                vec![text("Keep it short.")]
            } else {
                Vec::new()
            },
            clauses: vec![clause(), clause()],
        };
        let law = LawLine {
            title: text("A child at risk"),
            says: text("Tell the safeguarding lead."),
            source: text("KCSIE 2026"),
            unverified: full,
            expected: full,
            contacts: if full {
                vec![text("Police, 999")]
            } else {
                Vec::new()
            },
        };
        let one = |line: ClauseLine| if full { vec![line] } else { Vec::new() };
        Self {
            policy: PolicyName::sample(),
            panel: panel(if full {
                vec![text("You must also report it.")]
            } else {
                Vec::new()
            }),
            known: match full {
                true => Known {
                    leave: Some(OnRecordLine::sample(true)),
                    perhaps: vec![perhaps(true), perhaps(false)],
                    ties: vec![perhaps(false)],
                },
                false => Known::default(),
            },
            why: one(clause()),
            lifted: if full {
                vec![LiftedLine {
                    clause: clause(),
                    by: clause(),
                }]
            } else {
                Vec::new()
            },
            conditions: if full { vec![due()] } else { Vec::new() },
            duties: if full { vec![due()] } else { Vec::new() },
            registers: if full {
                vec![RegisterLine {
                    says: text("Declare it: declaration of a relationship"),
                    href: text("/registers/declaration?act=connect"),
                }]
            } else {
                Vec::new()
            },
            permission: vec![permission],
            changes: if full {
                vec![Change {
                    says: text("If the head agrees"),
                    then: text("Yes"),
                    href: text("/ask/example/answer"),
                }]
            } else {
                vec![]
            },
            platform: full.then(PlatformLine::sample),
            law: vec![law],
            also: one(clause()),
            near: one(clause()),
            nearly: if full {
                vec![NearlyLine {
                    clause: clause(),
                    missing: vec![text("A pupil")],
                }]
            } else {
                Vec::new()
            },
            notices: one(clause()),
            contacts: vec![Contact {
                matter: "Questions",
                who: text("your line manager"),
            }],
            told: vec![told()],
            assumed: if full { vec![told()] } else { Vec::new() },
            query: text("act=use"),
            overdue: full,
            draft: full,
            version: full.then(|| text("1.1")),
            hash: text("0123456789ab"),
            model: full.then(|| panel(Vec::new())),
        }
    }
}

//! Policies' own terms in the words that pages use.

use policy::policy_file::{ContactFor, FactKind, Modality};

/// A mechanism in words.
pub(super) fn mechanism_says(mechanism: &str) -> String {
    match mechanism {
        "decide" => "answers to questions".to_owned(),
        "notice" => "what people are told".to_owned(),
        "screen" => "screening of drafts".to_owned(),
        "governance" => "document control".to_owned(),
        other => match other.strip_prefix("register:") {
            Some(kind) => format!("the {} register", kind.replace('-', " ")),
            None => other.to_owned(),
        },
    }
}

/// The fragment under which a clause stands on the page.
pub(crate) fn anchor(reference: &str) -> String {
    format!("clause-{reference}")
}

/// A clause's verb in words.
pub(super) fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Must => "Must",
        Modality::MustNot => "Must not",
        Modality::Should => "Should",
        Modality::ShouldNot => "Should not",
        Modality::May => "May",
        Modality::Right => "Power",
        Modality::DutyOfSchool => "School’s duty",
        Modality::Inform => "Information",
    }
}

/// What a fact of document control is about, in words.
pub(crate) fn fact_label(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Version => "Version",
        FactKind::Status => "Status",
        FactKind::Dated => "Dated",
        FactKind::Adopted => "Adopted",
        FactKind::Approved => "Approved",
        FactKind::InForce => "In force",
        FactKind::Reviewed => "Reviewed",
        FactKind::ReviewDue => "Next review",
        FactKind::ReviewPeriodMonths => "Review period in months",
        FactKind::Owner => "Owner",
        FactKind::Approver => "Approver",
        FactKind::Signature => "Signature",
        FactKind::Change => "Change",
        FactKind::Answerable => "Answers for it in the end",
        FactKind::AppliesTo => "Applies to",
    }
}

/// What somebody is named for, in words.
pub(crate) fn contact_label(matter: ContactFor) -> &'static str {
    match matter {
        ContactFor::Questions => "Questions about the policy",
        ContactFor::Concerns => "Concerns and misuse",
        ContactFor::Safeguarding => "A child at risk",
        ContactFor::Permission => "Permission",
        ContactFor::Complaints => "Complaints about the policy",
        ContactFor::It => "Blocked sites, log-ins and other IT matters",
        ContactFor::ImageWishes => "Wishes about pictures of a child",
    }
}

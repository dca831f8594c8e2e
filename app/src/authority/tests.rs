use jiff::civil::date;

use super::{Action, Actor, Held, Means, Place, Role};

fn person(held: &[(Role, Option<&str>)]) -> Actor {
    let roles = held.iter().map(|&(role, school)| Held {
        role,
        school: school.map(|id| id.parse().unwrap()),
        starts_on: None,
        ends_on: None,
    });
    Actor {
        trust: "elm".parse().unwrap(),
        person: Some("p1".parse().unwrap()),
        name: "Somebody".to_owned(),
        roles: roles.collect(),
        means: Means::Session {
            id: "s1".parse().unwrap(),
            authenticated_at: jiff::Timestamp::UNIX_EPOCH,
        },
    }
}

#[test]
fn a_right_held_at_a_school_ends_at_its_gate() {
    let head = person(&[(Role::Head, Some("ash"))]);
    let (ash, oak) = ("ash".parse().unwrap(), "oak".parse().unwrap());
    assert!(head.may(Action::ManagePeople, Place::School(&ash)));
    assert!(!head.may(Action::ManagePeople, Place::School(&oak)));
    assert!(!head.may(Action::ManagePeople, Place::Trust));
    assert_eq!(head.permit(Action::ManagePeople).unwrap().reach(), ",ash,");
}

#[test]
fn a_right_held_at_the_trust_holds_everywhere() {
    let administrator = person(&[(Role::TrustAdministrator, None)]);
    let ash = "ash".parse().unwrap();
    assert!(administrator.may(Action::ManagePeople, Place::School(&ash)));
    assert!(administrator.may(Action::ManageSettings, Place::Trust));
    let permit = administrator.permit(Action::ManagePeople).unwrap();
    assert_eq!(permit.reach(), "*");
}

#[test]
fn plain_staff_may_work_with_cases_and_drafts_and_read_what_families_agree_to() {
    let teacher = person(&[(Role::Staff, Some("ash"))]);
    for &action in Action::ALL {
        // Which cases, and what of them, is for their registers to say; which consents, for their school's settings.
        let theirs = matches!(
            action,
            Action::ReadCases | Action::WorkCases | Action::CheckDrafts | Action::ReadConsents
        );
        assert_eq!(teacher.permit(action).is_some(), theirs, "{action:?}");
    }
}

#[test]
fn a_token_may_do_only_what_it_was_made_for() {
    let mut token = person(&[(Role::TrustAdministrator, None)]);
    token.means = Means::Token([Action::ReadAudit].into());
    assert!(token.may(Action::ReadAudit, Place::Trust));
    assert!(!token.may(Action::ManagePeople, Place::Trust));
    let mut powerless = person(&[(Role::Staff, None)]);
    powerless.means = Means::Token([Action::ReadAudit].into());
    assert!(!powerless.may(Action::ReadAudit, Place::Trust));
}

#[test]
fn a_role_holds_from_its_first_day_to_its_last() {
    let held = Held {
        role: Role::Head,
        school: None,
        starts_on: Some(date(2026, 9, 1)),
        ends_on: Some(date(2026, 12, 31)),
    };
    assert!(!held.on(date(2026, 8, 31)));
    assert!(held.on(date(2026, 9, 1)));
    assert!(held.on(date(2026, 12, 31)));
    assert!(!held.on(date(2027, 1, 1)));
}

#[test]
fn names_of_roles_and_actions_are_read_back() {
    for role in Role::ALL {
        assert_eq!(Role::named(role.name()), Some(role));
    }
    for &action in Action::ALL {
        assert_eq!(Action::named(action.name()), Some(action));
    }
}

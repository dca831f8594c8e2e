//! What the page of the faces on a picture shows.

use serde::Serialize;

use super::super::super::consent_at::{self, Consent};
use super::super::super::faces::{self, Face, Who};
use super::super::super::pictures::Picture;
use super::super::super::pupils::PostPupil;
use super::super::super::{PostError, may_go};
use super::super::may;
use super::mark::NOT_MARKED;
use crate::accounts::answer;
use crate::cases::Seen;
use crate::pupils::{PupilId, named_so};
use crate::store::Tx;
use crate::web::App;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// The most pupils to choose from; more are found by more of their name.
pub(super) const AT_MOST: u32 = 10;

/// `posts/faces.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct FacesPage {
    case: String,
    picture: String,
    /// Of the picture among those of the post.
    number: usize,
    title: String,
    alt: String,
    /// Where the small picture is.
    src: String,
    pub(super) width: i64,
    pub(super) height: i64,
    /// How large it is where it is clicked on.
    pub(super) marked_at: (i64, i64),
    may: bool,
    faces: Vec<Line>,
    unsaid: usize,
    /// The face whose pupil is looked for.
    looking: String,
    q: String,
    pub(super) q_error: String,
    pub(super) mark_error: String,
    found: Vec<Choice>,
}

/// One face.
#[derive(Debug, Default, Serialize)]
struct Line {
    id: String,
    number: usize,
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    /// The part of the picture that is shown beside it.
    view: String,
    /// How large its number is written on the picture.
    letters: i64,
    says: &'static str,
    name: String,
    may_not: String,
    mind: String,
    unsaid: bool,
    blurred: bool,
    marked: bool,
}

/// A pupil to choose, with what their family agreed to.
#[derive(Debug, Default, Serialize)]
struct Choice {
    id: String,
    name: String,
    may_not: String,
    mind: String,
}

impl Page for FacesPage {
    const TEMPLATE: &'static str = "posts/faces.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |number: usize, who: Who| Line {
            id: format!("01k{number}"),
            number,
            x: 179,
            y: 62,
            width: 89,
            height: 112,
            view: "140 30 160 180".into(),
            letters: 24,
            says: who.says(),
            name: if who == Who::Pupil { "Ella Khan" } else { "" }.into(),
            may_not: if number == 1 {
                "the family said no"
            } else {
                ""
            }
            .into(),
            mind: if number == 4 { "No swimming" } else { "" }.into(),
            unsaid: who == Who::Unsaid,
            blurred: who == Who::Blurred,
            marked: number == 2,
        };
        let choice = |may_not: &str| Choice {
            id: "01k".into(),
            name: "Ella Khan".into(),
            may_not: may_not.into(),
            mind: "No swimming".into(),
        };
        let seen = || Self {
            case: "01k".into(),
            picture: "01k".into(),
            number: 2,
            title: "Garden".into(),
            src: "/posts/01k/pictures/01k/small?of=01k".into(),
            width: 512,
            height: 512,
            marked_at: (512, 512),
            ..Self::default()
        };
        let full = Self {
            alt: "A garden".into(),
            may: true,
            faces: vec![
                line(1, Who::Pupil),
                line(2, Who::Unsaid),
                line(3, Who::Blurred),
                line(4, Who::Pupil),
            ],
            unsaid: 1,
            looking: "01k2".into(),
            q: "Ella".into(),
            q_error: "No pupil on the roll has that name".into(),
            mark_error: NOT_MARKED.into(),
            found: vec![choice("the family said no"), choice("")],
            ..seen()
        };
        vec![full, seen()]
    }
}

/// The page with the pupils whose name was looked for, each with what their family agreed to.
pub(super) async fn found(
    mut tx: Tx,
    app: &App,
    seen: &Seen,
    (picture, face): (&(usize, Picture), &Face),
    q: &str,
) -> Result<FacesPage, Problem> {
    let mut page = page(&mut tx, app, seen, picture).await?;
    let school = seen.case.school.as_ref();
    page.looking = face.id.to_string();
    page.q = q.trim().to_owned();
    let found = match page.q.as_str() {
        "" => Vec::new(),
        q => named_so(&mut tx, school, app.today(), q, AT_MOST).await?,
    };
    if found.is_empty() {
        page.q_error = match page.q.as_str() {
            "" => "Enter a part of the name",
            _ => "No pupil on the roll has that name. Enter another part of it",
        }
        .to_owned();
    }
    for one in found {
        let (may_not, mind) = consent(&mut tx, app, seen, (face, &one.id)).await?;
        page.found.push(Choice {
            id: one.id.to_string(),
            name: one.name,
            may_not,
            mind,
        });
    }
    tx.commit_unrecorded().await?;
    Ok(page)
}

/// A pupil as a face would put them into the post.
async fn shown(tx: &mut Tx, face: &Face, pupil: &PupilId) -> Result<PostPupil, PostError> {
    let all = faces::on(tx, &face.picture).await?;
    Ok(PostPupil {
        id: tx.fresh()?,
        case: face.case.clone(),
        pupil: pupil.clone(),
        shown: faces::shown_on(&all, &face.picture),
        named: false,
    })
}

/// Why a pupil may not be shown so, or what is to be minded.
async fn consent(
    tx: &mut Tx,
    app: &App,
    seen: &Seen,
    (face, pupil): (&Face, &PupilId),
) -> Result<(String, String), PostError> {
    let asked = [shown(tx, face, pupil).await?];
    let school = seen.case.school.as_ref();
    let consents = consent_at::of(tx, &app.engine(), school, &asked, app.today()).await?;
    let says = consents.into_iter().next().map(|consent| match consent {
        Consent::May(mind) => (String::new(), mind.unwrap_or_default()),
        Consent::MayNot(why) => (why, String::new()),
    });
    Ok(says.unwrap_or_default())
}

pub(super) async fn page(
    tx: &mut Tx,
    app: &App,
    seen: &Seen,
    (number, picture): &(usize, Picture),
) -> Result<FacesPage, PostError> {
    let post = &seen.case;
    let all = faces::on(tx, &picture.id).await?;
    let mut lines = Vec::new();
    for (number, face) in (1..).zip(&all) {
        lines.push(line(tx, app, seen, (number, face)).await?);
    }
    let size = all.first().map(|face| (face.of_width, face.of_height));
    let (width, height) = size.unwrap_or_default();
    Ok(FacesPage {
        case: post.id.to_string(),
        picture: picture.id.to_string(),
        number: *number,
        title: answer(post, "title").to_owned(),
        alt: picture.alt.clone(),
        src: format!(
            "/posts/{}/pictures/{}/small?of={}",
            post.id, picture.id, picture.attachment
        ),
        width,
        height,
        may: may(seen, "edit"),
        unsaid: lines.iter().filter(|line| line.unsaid).count(),
        faces: lines,
        ..FacesPage::default()
    })
}

async fn line(
    tx: &mut Tx,
    app: &App,
    seen: &Seen,
    (number, face): (usize, &Face),
) -> Result<Line, PostError> {
    let mut line = Line {
        id: face.id.to_string(),
        number,
        x: face.x,
        y: face.y,
        width: face.width,
        height: face.height,
        view: view(face),
        letters: (face.of_width.max(face.of_height) / 28).max(1),
        says: face.who.says(),
        unsaid: face.who == Who::Unsaid,
        blurred: face.who == Who::Blurred,
        marked: !face.found,
        ..Line::default()
    };
    if let Some(pupil) = &face.pupil {
        (line.may_not, line.mind) = consent(tx, app, seen, (face, pupil)).await?;
        let one = shown(tx, face, pupil).await?;
        line.name = may_go::name_of(tx, &one).await?;
    }
    Ok(line)
}

/// The part of the picture around a face, twice as large as the face.
fn view(face: &Face) -> String {
    let (x, y) = (face.x - face.width / 2, face.y - face.height / 2);
    format!("{x} {y} {} {}", face.width * 2, face.height * 2)
}

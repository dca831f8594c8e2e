//! The faces on the pictures of a post, and who a person says they are. A face is a place; nothing that describes it is kept.

use picture::Place;
use serde::Serialize;
use serde_json::Value as Json;

use super::PostError;
use super::pictures::{Picture, PictureId};
use super::pupils::{self, Shown};
use crate::authority::{Action, Actor};
use crate::cases::CaseId;
use crate::ledger::{LedgerError, Record, record};
use crate::pupils::PupilId;
use crate::store::{Query, Row, StoreError, Tx, Value, column, ids};
use crate::values;

ids! {
    /// A face on a picture of a post.
    FaceId
}

const ACTION: Option<Action> = Some(Action::WorkCases);

/// Who a face is, as a person says.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Who {
    /// Nobody has said.
    Unsaid,
    /// A pupil, who is named beside it.
    Pupil,
    /// An adult who knows of it.
    Adult,
    /// No face, or nobody who can be made out.
    Nobody,
    /// It was made unknowable.
    Blurred,
}

impl Who {
    const ALL: [Self; 5] = [
        Self::Unsaid,
        Self::Pupil,
        Self::Adult,
        Self::Nobody,
        Self::Blurred,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Unsaid => "unsaid",
            Self::Pupil => "pupil",
            Self::Adult => "adult",
            Self::Nobody => "nobody",
            Self::Blurred => "blurred",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.name() == name)
    }

    /// In words.
    pub(super) const fn says(self) -> &'static str {
        match self {
            Self::Unsaid => "Nobody has said who this is",
            Self::Pupil => "A pupil",
            Self::Adult => "An adult who knows that they are shown",
            Self::Nobody => "Not a face, or nobody who can be made out",
            Self::Blurred => "Blurred",
        }
    }
}

column!(Who, text, |text: String| Who::named(&text));

impl From<Who> for Value {
    fn from(who: Who) -> Self {
        who.name().into()
    }
}

/// A face on a picture of a post.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Face {
    pub(crate) id: FaceId,
    pub(crate) case: CaseId,
    pub(crate) picture: PictureId,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
    /// The size of the picture that the place is in.
    pub(crate) of_width: i64,
    pub(crate) of_height: i64,
    /// Whether the program found it; otherwise a person marked it.
    pub(crate) found: bool,
    pub(crate) who: Who,
    pub(crate) pupil: Option<PupilId>,
}

impl Record for Face {
    const KIND: &'static str = "post_face";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Face {
    /// Where it is.
    pub(super) fn place(&self) -> Place {
        let side = |side: i64| u32::try_from(side).unwrap_or_default();
        Place {
            x: side(self.x),
            y: side(self.y),
            width: side(self.width),
            height: side(self.height),
        }
    }
}

/// Faces; what follows says which.
macro_rules! faces {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, picture, x, y, width, height, of_width, of_height, found, who, pupil \
             FROM post_face WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Face, StoreError> {
    Ok(Face {
        id: row.get("id")?,
        case: row.get("case_id")?,
        picture: row.get("picture")?,
        x: row.get("x")?,
        y: row.get("y")?,
        width: row.get("width")?,
        height: row.get("height")?,
        of_width: row.get("of_width")?,
        of_height: row.get("of_height")?,
        found: row.get("found")?,
        who: row.get("who")?,
        pupil: row.get("pupil")?,
    })
}

/// The faces of a post, each picture's in the order in which they were entered.
pub(super) async fn of_post(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Vec<Face>, StoreError> {
    let sql = faces!("case_id = $2 ORDER BY id");
    let rows = query.all(sql, values![case]).await?;
    rows.iter().map(read).collect()
}

/// The faces of one picture, in the order in which they were entered.
pub(super) async fn on(
    query: &mut impl Query,
    picture: &PictureId,
) -> Result<Vec<Face>, StoreError> {
    let sql = faces!("picture = $2 ORDER BY id");
    let rows = query.all(sql, values![picture]).await?;
    rows.iter().map(read).collect()
}

/// Enters the faces that were found on a picture, or one that a person marked.
pub(super) async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    picture: &Picture,
    (places, found): (&[Place], bool),
    (of_width, of_height): (u32, u32),
) -> Result<(), PostError> {
    for place in places {
        let face = Face {
            id: tx.fresh()?,
            case: picture.case.clone(),
            picture: picture.id.clone(),
            x: place.x.into(),
            y: place.y.into(),
            width: place.width.into(),
            height: place.height.into(),
            of_width: of_width.into(),
            of_height: of_height.into(),
            found,
            who: Who::Unsaid,
            pupil: None,
        };
        tx.execute(
            "INSERT INTO post_face (trust, id, case_id, picture, x, y, width, height, of_width, of_height, found, who) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            values![
                &face.id,
                &face.case,
                &face.picture,
                face.x,
                face.y,
                face.width,
                face.height,
                face.of_width,
                face.of_height,
                face.found,
                face.who
            ],
        )
        .await?;
        record(tx, actor, ACTION, "post.face-entered", None, Some(&face)).await?;
    }
    Ok(())
}

/// Says who a face is. The pupils of the post follow: one who is on no face any more is not shown any more.
pub(super) async fn say(
    tx: &mut Tx,
    actor: &Actor,
    before: &Face,
    (who, pupil): (Who, Option<&PupilId>),
) -> Result<(), PostError> {
    let after = Face {
        who,
        pupil: pupil.cloned(),
        ..before.clone()
    };
    if after == *before {
        return Ok(());
    }
    tx.execute(
        "UPDATE post_face SET who = $3, pupil = $4 WHERE trust = $1 AND id = $2",
        values![&after.id, after.who, after.pupil.as_ref()],
    )
    .await?;
    record(
        tx,
        actor,
        ACTION,
        "post.face-said",
        Some(before),
        Some(&after),
    )
    .await?;
    for pupil in [&before.pupil, &after.pupil].into_iter().flatten() {
        follow(tx, actor, (&after.case, pupil)).await?;
    }
    Ok(())
}

/// Brings the list of pupils in line with the faces: alone on a picture, among others, or on none.
async fn follow(
    tx: &mut Tx,
    actor: &Actor,
    (case, pupil): (&CaseId, &PupilId),
) -> Result<(), PostError> {
    let faces = of_post(tx, case).await?;
    let theirs = faces
        .iter()
        .filter(|face| face.pupil.as_ref() == Some(pupil));
    let shown = theirs
        .map(|face| shown_on(&faces, &face.picture))
        .max_by_key(|shown| *shown == Shown::Alone);
    let listed = pupils::of_post(tx, case).await?;
    let listed = listed.into_iter().find(|one| one.pupil == *pupil);
    let named = listed.as_ref().is_some_and(|one| one.named);
    match (shown, &listed) {
        (Some(shown), _) => pupils::enter(tx, actor, (case, pupil), (shown, named)).await,
        (None, Some(_)) if named => {
            pupils::enter(tx, actor, (case, pupil), (Shown::No, true)).await
        }
        (None, Some(one)) => pupils::leave_out(tx, actor, one).await,
        (None, None) => Ok(()),
    }
}

/// How a picture shows whoever is on it: alone, where no other face can be made out.
pub(super) fn shown_on(faces: &[Face], picture: &PictureId) -> Shown {
    let visible = faces.iter().filter(|face| face.picture == *picture);
    let visible = visible.filter(|face| !matches!(face.who, Who::Blurred | Who::Nobody));
    match visible.count() {
        0 | 1 => Shown::Alone,
        _ => Shown::Group,
    }
}

/// What of the faces keeps a post from going on, in words: those of whom nobody has said who they are.
pub(super) async fn lacks(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Option<String>, StoreError> {
    let faces = of_post(query, case).await?;
    let unsaid = faces.iter().filter(|face| face.who == Who::Unsaid).count();
    Ok(match unsaid {
        0 => None,
        1 => Some("Nobody has said who one face on its pictures is.".to_owned()),
        more => Some(format!(
            "Nobody has said who {more} faces on its pictures are."
        )),
    })
}

/// Takes the faces of a picture away, with the picture.
pub(super) async fn remove_of(
    tx: &mut Tx,
    actor: &Actor,
    picture: &PictureId,
) -> Result<(), PostError> {
    for face in on(tx, picture).await? {
        remove(tx, actor, &face).await?;
    }
    Ok(())
}

/// Takes one face away again.
pub(super) async fn remove(tx: &mut Tx, actor: &Actor, face: &Face) -> Result<(), PostError> {
    forget(tx, face.id.as_str()).await?;
    record(tx, actor, ACTION, "post.face-removed", Some(face), None).await?;
    match &face.pupil {
        Some(pupil) => follow(tx, actor, (&face.case, pupil)).await,
        None => Ok(()),
    }
}

/// Forgets a face: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM post_face WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let sql = faces!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let face = read(row)?;
        Ok((face.id.to_string(), serde_json::to_value(&face)?))
    };
    rows.iter().map(state).collect()
}

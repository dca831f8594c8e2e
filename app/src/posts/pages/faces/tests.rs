//! Pictures of posts on both engines: cleaned at the door, each face accounted for, blurred for good.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use tower::ServiceExt as _;

use crate::attachments::{Attachments, Owner};
use crate::authority::{Action, Role};
use crate::cases::{Case, CaseId};
use crate::ledger::Record as _;
use crate::people::Person;
use crate::posts::tests::Desk;
use crate::posts::{pictures, pupils};
use crate::pupils::{NewPupil, PupilDetails};
use crate::store::testing::on_both;

const PHOTO: &[u8] = include_bytes!("../../../../../crates/picture/measured/astronaut.jpg");
const SECRET: &str = "taken at 51.5007N 0.1246W";

/// The photo as a telephone gives it: with a comment that says where it was taken, and more after its end.
fn photo() -> Vec<u8> {
    let (begin, rest) = PHOTO.split_at(2);
    let length = u16::try_from(SECRET.len() + 2).unwrap().to_be_bytes();
    let note = [b"\xFF\xFE".as_slice(), &length, SECRET.as_bytes()].concat();
    [begin, &note, rest, SECRET.as_bytes()].concat()
}

/// What came back: the status, where to, and what it holds.
struct Came {
    status: u16,
    location: String,
    bytes: Vec<u8>,
}

impl Came {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).replace("&#x2f;", "/")
    }
}

async fn ask(desk: &Desk, who: &Person, address: &str, form: Option<(&str, Vec<u8>)>) -> Came {
    let cookie = desk.site.session(who).await;
    let (kind, body) = form.unwrap_or_default();
    let method = if kind.is_empty() { "GET" } else { "POST" };
    let request = Request::builder()
        .method(method)
        .uri(address)
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, kind)
        .header(header::COOKIE, cookie)
        .body(Body::from(body))
        .unwrap();
    let answer = desk.site.router.clone().oneshot(request).await.unwrap();
    let location = answer.headers().get(header::LOCATION);
    let location = location.map_or("", |to| to.to_str().unwrap()).to_owned();
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    Came {
        status,
        location,
        bytes: bytes.to_vec(),
    }
}

async fn upload(desk: &Desk, post: &CaseId, (name, bytes): (&str, &[u8]), alt: &str) -> Came {
    let head = format!(
        "--B\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\n{alt}\r\n--B\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"{name}\"\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--B--\r\n"].concat();
    let form = Some(("multipart/form-data; boundary=B", body));
    ask(desk, &desk.ann, &format!("/posts/{post}/pictures"), form).await
}

async fn press(desk: &Desk, address: &str, fields: &str) -> Came {
    let form = (
        "application/x-www-form-urlencoded",
        fields.as_bytes().to_vec(),
    );
    ask(desk, &desk.ann, address, Some(form)).await
}

/// The one picture of a post, and its file as it is kept.
async fn kept(desk: &Desk, post: &CaseId) -> (pictures::Picture, Vec<u8>) {
    let (store, trust) = (&desk.site.test.store, &desk.site.test.trust);
    let mut reader = store.read(trust);
    let of = pictures::of_post(&mut reader, (store, trust), post)
        .await
        .unwrap();
    let [picture] = of.as_slice() else {
        panic!("{of:?}");
    };
    let attachments = Attachments::new(desk.site.test.folder().join("attachments"), 1_000_000);
    let owner = Owner {
        kind: Case::KIND,
        id: post.as_str(),
    };
    let files = attachments.of(store, trust, owner).await.unwrap();
    assert_eq!(files.len(), 1, "the file before is forgotten");
    assert_eq!(files.first().unwrap().name, "picture.jpg");
    let opened = attachments
        .open_to_all(store, trust, &picture.attachment)
        .await
        .unwrap();
    let bytes = to_bytes(opened.unwrap().content, usize::MAX).await.unwrap();
    (picture.clone(), bytes.to_vec())
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

async fn ottilie(desk: &Desk) {
    let mut tx = desk
        .site
        .test
        .store
        .begin(&desk.site.test.trust)
        .await
        .unwrap();
    let details = PupilDetails {
        school: "ash".parse().unwrap(),
        given_name: "Ottilie".parse().unwrap(),
        family_name: "Brackenbury".parse().unwrap(),
        known_as: None,
        year: None,
        class: None,
        born: None,
    };
    let new = NewPupil {
        details,
        demonstration: false,
    };
    let permit = desk.site.operator(Action::ManagePupils);
    crate::pupils::add(&mut tx, &permit, new).await.unwrap();
    tx.commit().await.unwrap();
}

/// The identifier of the first face on the page.
fn face(page: &str) -> String {
    let (_, after) = page.split_once("name=\"face\" value=\"").unwrap();
    after.split_once('"').unwrap().0.to_owned()
}

on_both! {
    async fn a_picture_is_cleaned_its_faces_are_accounted_for_and_blurred_for_good(test: TestStore) {
        let desk = Desk::open(test).await;
        ottilie(&desk).await;
        let post = desk.draft(&[]).await.id;

        let gif = upload(&desk, &post, ("wave.gif", b"GIF89a......"), "A wave").await;
        assert!(gif.status == 422 && gif.text().contains("save it as a PNG"), "{}", gif.text());
        let page = upload(&desk, &post, ("ella-khan.png", &photo()), "An astronaut").await;
        assert!(page.status == 422 && page.text().contains("ends in"), "{}", page.text());
        let silent = upload(&desk, &post, ("ella-khan.jpg", &photo()), " ").await;
        assert!(silent.status == 422 && silent.text().contains("Say what is to be seen"), "{}", silent.text());

        let added = upload(&desk, &post, ("ella-khan.jpg", &photo()), "An astronaut").await;
        let (picture, bytes) = kept(&desk, &post).await;
        let faces = format!("/posts/{post}/pictures/{}/faces", picture.id);
        assert_eq!(added.location, faces, "{}", added.text());
        assert!(!holds(&bytes, SECRET) && !holds(&bytes, "taken at"));

        let page = ask(&desk, &desk.ann, &faces, None).await.text();
        assert!(page.contains("Nobody has said who this is") && page.contains("app-photo__frame"), "{page}");
        let submit = press(&desk, &format!("/posts/{post}/submit"), "").await;
        assert!(submit.text().contains("Nobody has said who one face on its pictures is."), "{}", submit.text());
        let small = ask(&desk, &desk.ann, &format!("/posts/{post}/pictures/{}/small", picture.id), None).await;
        assert!(small.status == 200 && small.bytes.starts_with(&[0xFF, 0xD8]));

        // Whom consent does not cover is said before they are chosen, and after.
        let first = face(&page);
        let none = press(&desk, &faces, &format!("face={first}&act=find&q=Zebedee")).await;
        assert!(none.status == 422 && none.text().contains("No pupil on the roll"), "{}", none.text());
        let found = press(&desk, &faces, &format!("face={first}&act=find&q=ottilie")).await.text();
        assert!(found.contains("May not be shown") && found.contains("It is Ottilie Brackenbury"), "{found}");
        let (_, pupil) = found.split_once("name=\"pupil\" value=\"").unwrap();
        let pupil = pupil.split_once('"').unwrap().0;
        let chosen = press(&desk, &faces, &format!("face={first}&act=pupil&q=ottilie&pupil={pupil}")).await;
        assert_eq!((chosen.status, chosen.location.as_str()), (303, faces.as_str()), "{}", chosen.text());
        let stranger = press(&desk, &faces, &format!("face={first}&act=pupil&q=zebedee&pupil={pupil}")).await;
        assert_eq!(stranger.status, 303, "said already");
        let page = ask(&desk, &desk.ann, &faces, None).await.text();
        assert!(page.contains("Ottilie Brackenbury") && page.contains("May not be shown"), "{page}");
        let trust = &desk.site.test.trust;
        let listed = pupils::of_post(&mut desk.site.test.store.read(trust), &post).await.unwrap();
        assert_eq!(listed.len(), 1);

        let blurred = press(&desk, &faces, &format!("face={first}&act=blur")).await;
        assert_eq!(blurred.status, 303, "{}", blurred.text());
        let (after, new_bytes) = kept(&desk, &post).await;
        assert_ne!(after.attachment, picture.attachment);
        assert_ne!(bytes, new_bytes);
        let listed = pupils::of_post(&mut desk.site.test.store.read(trust), &post).await.unwrap();
        assert_eq!(listed.len(), 0, "nobody is shown any more");
        let again = press(&desk, &faces, &format!("face={first}&act=adult")).await;
        assert_eq!(again.status, 404, "what is blurred stays so");

        // One that was overlooked, marked and taken back.
        let empty = press(&desk, &faces, "act=mark&size=small&at.x=0&at.y=0").await;
        assert!(empty.status == 422 && empty.text().contains("Click on the middle"), "{}", empty.text());
        let marked = press(&desk, &faces, "act=mark&size=small&at.x=100&at.y=90").await;
        assert_eq!(marked.status, 303, "{}", marked.text());
        let page = ask(&desk, &desk.ann, &faces, None).await.text();
        assert!(page.contains("Take the mark away"), "{page}");
        let second = face(&page);
        let adult = press(&desk, &faces, &format!("face={second}&act=adult")).await;
        assert_eq!(adult.status, 303);
        let gone = press(&desk, &faces, &format!("face={second}&act=unmark")).await;
        assert_eq!(gone.status, 303);

        // The approver sees it; who may not see the post sees nothing of it.
        let far = desk.site.person("Ida", Role::Head, Some("oak")).await;
        for address in [faces.clone(), format!("/posts/{post}/pictures/{}/small", picture.id)] {
            assert_eq!(ask(&desk, &far, &address, None).await.status, 404);
            assert_eq!(ask(&desk, &desk.hal, &address, None).await.status, 200);
        }
        let theirs = ("application/x-www-form-urlencoded", b"act=blur-rest".to_vec());
        assert_eq!(ask(&desk, &far, &faces, Some(theirs)).await.status, 404);

        let removed = press(&desk, &format!("/posts/{post}/pictures/{}/remove", picture.id), "").await;
        assert_eq!(removed.status, 303, "{}", removed.text());
    }

    async fn who_puts_it_out_by_hand_gets_the_pictures_that_were_approved(test: TestStore) {
        let desk = Desk::open(test).await;
        let post = desk.draft(&[]).await.id;
        upload(&desk, &post, ("ella-khan.jpg", &photo()), "An astronaut").await;
        let (picture, before) = kept(&desk, &post).await;
        let faces = format!("/posts/{post}/pictures/{}/faces", picture.id);
        assert_eq!(press(&desk, &faces, "act=blur-rest").await.status, 303);
        let (_, bytes) = kept(&desk, &post).await;
        assert_ne!(before, bytes);

        desk.step(&desk.ann(), &post, "submit").await.unwrap();
        desk.step(&desk.hal(), &post, "approve").await.unwrap();
        desk.step(&desk.ann(), &post, "schedule").await.unwrap();
        desk.claim(&post, &[]).await;
        let sending = format!("/posts/{post}/sendings/{}", desk.sending(&post).await.id);
        let page = ask(&desk, &desk.ann, &sending, None).await.text();
        assert!(page.contains(&format!("{sending}/pictures/1")), "{page}");
        let first = ask(&desk, &desk.ann, &format!("{sending}/pictures/1"), None).await;
        assert!(first.status == 200 && first.bytes == bytes, "{}", first.text());
        let far = desk.site.person("Ida", Role::Head, Some("oak")).await;
        assert_eq!(ask(&desk, &far, &format!("{sending}/pictures/1"), None).await.status, 404);
        for missing in ["0", "2", "x"] {
            let none = ask(&desk, &desk.ann, &format!("{sending}/pictures/{missing}"), None).await;
            assert!(none.status == 404 || none.status == 400, "{}", none.status);
        }
    }
}

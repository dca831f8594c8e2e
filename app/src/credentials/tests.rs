//! Custody of log-ins, on both engines.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use sqlx::{Connection as _, Row as _};

use super::watch::Watch;
use super::{custody, kept, token_for_job};
use crate::accounts::tests::{follow, in_use, leaves, plain, step};
use crate::attachments::Attachments;
use crate::authority::Role;
use crate::backup::{self, Beside};
use crate::cases::tests::made::of;
use crate::cases::{self, CaseId};
use crate::jobs::{Due, Job, JobContext, JobError, Protection, Registry, Worker, enqueue};
use crate::keys;
use crate::ledger::{ErasureList, Kept, verify};
use crate::people::Person;
use crate::protection::MasterKey;
use crate::records::KINDS;
use crate::store::testing::{TestStore, on_both};
use crate::store::{DatabaseUrl, Query as _};
use crate::values;
use crate::web::App;
use crate::web::testing::TestSite;

/// A log-in that stands nowhere else.
const PLAIN: &str = "Zebra-Quartz-9412-known-plain";
const LODGING: &str = "name=office%40ash.example&password=Zebra-Quartz-9412-known-plain";
const WHY: &str = "reason=To+post+the+news+of+the+week";

/// Ash with an account that Ann looks after and whose log-in Bea may open.
struct World {
    site: TestSite,
    head: Person,
    ann: Person,
    bea: Person,
    it: Person,
    case: CaseId,
    page: String,
}

async fn world(test: TestStore, policy: &str) -> World {
    let site = TestSite::over(App::sample(), test);
    follow(&site.test, policy).await;
    let head = site.person("Hal", Role::Head, Some("ash")).await;
    let ann = site.person("Ann", Role::Staff, Some("ash")).await;
    let bea = site.person("Bea", Role::Staff, Some("ash")).await;
    let it = site.person("Ivo", Role::It, Some("ash")).await;
    let case = in_use(&site, &head, &ann).await;
    let page = format!("/accounts/{case}/log-in");
    let world = World {
        site,
        head,
        ann,
        bea,
        it,
        case,
        page,
    };
    name(&world, &world.bea).await;
    world
}

async fn name(world: &World, person: &Person) {
    let page = format!("/accounts/{}/name/log-in", world.case);
    let body = format!("q={}&person={}", person.details.given_name, person.id);
    assert_eq!(
        world
            .site
            .send(&world.head, "POST", &page, &body)
            .await
            .status,
        303
    );
}

async fn lodge(world: &World) {
    let page = format!("{}/lodge", world.page);
    let lodged = world.site.send(&world.ann, "POST", &page, LODGING).await;
    assert_eq!(
        lodged.location,
        format!("{}?done=lodged", world.page),
        "{}",
        lodged.text
    );
}

/// Lets the program look what is to be done.
async fn look(test: &TestStore) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
    let engine = plain();
    let kinds = super::kinds(&engine).merge(cases::kinds(&engine));
    Worker::new(test.store.clone(), kinds)
        .round()
        .await
        .unwrap();
}

/// What is still to be done, by what it says.
async fn wanted(test: &TestStore) -> Vec<String> {
    let sql = "SELECT id FROM case_file WHERE trust = $1 AND register = 'credential' AND closed_at IS NULL ORDER BY id";
    let mut reader = test.store.read(&test.trust);
    let mut wanted = Vec::new();
    for row in reader.all(sql, values![]).await.unwrap() {
        let id: CaseId = row.get("id").unwrap();
        let of = (&test.store, &test.trust);
        let case = cases::one_of(&mut reader, of, "credential", &id)
            .await
            .unwrap()
            .unwrap();
        wanted.push(format!(
            "{} {}",
            case.answers["what"][0], case.answers["why"][0]
        ));
    }
    wanted
}

on_both! {
    async fn a_log_in_is_opened_by_those_who_were_named_and_nobody_else(test: TestStore) {
        let world = world(test, "tlt").await;
        let (site, page) = (&world.site, &world.page);
        let (open, lodging) = (format!("{page}/open"), format!("{page}/lodge"));
        assert_eq!(site.send(&world.bea, "POST", &lodging, LODGING).await.status, 403, "who may open may not lodge");
        lodge(&world).await;
        let short = site.send(&world.bea, "POST", &open, "reason=x").await;
        assert!(short.status == 422 && !short.text.contains(PLAIN));
        let shown = site.send(&world.bea, "POST", &open, WHY).await;
        assert!(shown.status == 200 && shown.text.contains(PLAIN) && shown.text.contains("office@ash.example"));
        let copied = site.send(&world.bea, "POST", &format!("{page}/copy"), &format!("{WHY}&part=password")).await;
        assert_eq!(copied.text, PLAIN);
        for (who, overview) in [(&world.head, 200), (&world.ann, 200), (&world.it, 200)] {
            assert_eq!(site.get(who, page).await.status, overview);
            for (method, address) in [("GET", &open), ("POST", &open), ("POST", &format!("{page}/copy"))] {
                let refused = site.send(who, method, address, WHY).await;
                assert!(refused.status == 403 && !refused.text.contains(PLAIN), "{method} {address}");
            }
        }
        let stranger = site.person("Cy", Role::Staff, Some("ash")).await;
        for (method, address) in [("GET", page), ("GET", &open), ("POST", &open), ("GET", &lodging), ("POST", &lodging)] {
            assert_eq!(site.send(&stranger, method, address, LODGING).await.status, 404);
            assert_eq!(site.nobody(method, address, LODGING).await.status, 303);
        }
        let seen = site.get(&world.head, page).await.text;
        assert!(seen.contains("To post the news of the week") && seen.contains("Copied, not shown") && seen.contains("Bea Okafor"));
        let others = site.get(&world.it, page).await.text;
        assert!(!others.contains("the news of the week"), "only those who release it see why");
        for address in [page.clone(), format!("/accounts/{}", world.case), format!("/cases/{}", world.case), "/log-ins/schools/ash".to_owned()] {
            assert!(!site.get(&world.head, &address).await.text.contains(PLAIN));
        }
        let kinds = KINDS.iter().filter(|kind| ["account_keeper", "credential", "credential_view"].contains(&kind.kind));
        let kinds: Vec<_> = kinds.copied().collect();
        let differing = verify(&site.test.store, &site.test.trust, &kinds, &Kept::default()).await.unwrap();
        assert!(differing.faults.is_empty(), "{:?}", differing.faults);
    }

    async fn whoever_opens_it_has_shown_within_five_minutes_who_they_are(test: TestStore) {
        let world = world(test, "tlt").await;
        lodge(&world).await;
        let (site, open) = (&world.site, format!("{}/open", world.page));
        let cookie = site.session(&world.bea).await;
        site.test.hand.advance(Duration::from_secs(299));
        assert_eq!(site.within(&cookie, "GET", &open, "").await.status, 200);
        site.test.hand.advance(Duration::from_secs(2));
        for (method, address) in [("GET", open.clone()), ("POST", open.clone()), ("POST", format!("{}/copy", world.page))] {
            let late = site.within(&cookie, method, &address, WHY).await;
            assert!(late.status == 303 && !late.text.contains(PLAIN), "{method} {address}");
        }
        let again = site.within(&cookie, "GET", &open, "").await;
        assert!(again.location.starts_with("/sign-in/again?next="), "{}", again.location);
    }

    async fn a_log_in_is_changed_when_somebody_who_saw_it_leaves(test: TestStore) {
        let world = world(test, "model").await;
        look(&world.site.test).await;
        assert_eq!(wanted(&world.site.test).await, ["lodge new"]);
        lodge(&world).await;
        assert!(wanted(&world.site.test).await.is_empty());
        let site = &world.site;
        site.send(&world.bea, "POST", &format!("{}/open", world.page), WHY).await;
        look(&site.test).await;
        assert!(wanted(&site.test).await.is_empty(), "they may know it");
        leaves(&site.test, &world.bea.id).await;
        look(&site.test).await;
        look(&site.test).await;
        assert_eq!(wanted(&site.test).await, ["change left"], "once");
        assert!(site.get(&world.it, "/home").await.text.contains("lodged or changed"));
        let made = site.send(&world.it, "POST", &format!("{}/change", world.page), "").await;
        assert!(made.status == 200 && !made.text.contains(PLAIN), "{}", made.text);
        let new = made.text.split("<code>").nth(1).unwrap().split("</code>").next().unwrap().to_owned();
        assert_eq!(new.chars().count(), 24);
        let changed = site.send(&world.it, "POST", &format!("{}/changed", world.page), "").await;
        assert_eq!(changed.location, format!("{}?done=changed", world.page));
        assert!(wanted(&site.test).await.is_empty());
        name(&world, &world.ann).await;
        let copied = site.send(&world.ann, "POST", &format!("{}/copy", world.page), &format!("{WHY}&part=password")).await;
        assert_eq!(copied.text, new);
        step(&site.test, &of(&site.test, &world.head, Role::Head), &world.case, "close", "Done").await.unwrap();
        look(&site.test).await;
        let left = kept::all(&mut site.test.store.read(&site.test.trust)).await.unwrap();
        assert!(left.is_empty(), "a closed account keeps no log-in");
    }

    async fn where_nothing_is_shared_one_person_may_open_it(test: TestStore) {
        let world = world(test, "yes").await;
        look(&world.site.test).await;
        assert!(wanted(&world.site.test).await.is_empty(), "that policy has nothing lodged");
        lodge(&world).await;
        let (site, open) = (&world.site, format!("{}/open", world.page));
        assert_eq!(site.send(&world.bea, "POST", &open, WHY).await.status, 200);
        name(&world, &world.ann).await;
        assert_ne!(site.send(&world.bea, "POST", &open, WHY).await.status, 200);
        assert_eq!(site.send(&world.ann, "POST", &open, WHY).await.status, 200);
        look(&site.test).await;
        assert_eq!(wanted(&site.test).await, ["change ended"]);
    }

    async fn all_log_ins_of_a_school_are_changed_and_everybody_sees_how_far_it_is(test: TestStore) {
        let world = world(test, "tlt").await;
        lodge(&world).await;
        let site = &world.site;
        let all = "/log-ins/schools/ash/change-all";
        let elsewhere = site.person("Ida", Role::It, Some("oak")).await;
        for (who, status) in [(&world.ann, 403), (&elsewhere, 403), (&world.it, 303)] {
            assert_eq!(site.send(who, "POST", all, "").await.status, status);
        }
        let page = site.get(&world.head, "/log-ins/schools/ash").await.text;
        assert!(page.contains("0 of 1 are done") && page.contains("To be changed"), "{page}");
        site.send(&world.it, "POST", &format!("{}/change", world.page), "").await;
        site.send(&world.it, "POST", &format!("{}/changed", world.page), "").await;
        let page = site.get(&world.head, "/log-ins/schools/ash").await.text;
        assert!(page.contains("1 of 1 is done"), "{page}");
    }

    async fn a_known_log_in_is_in_no_store_backup_or_log(test: TestStore) {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        crate::web::testing::hear_everywhere();
        let _guard = tracing::subscriber::set_default(subscriber);
        let world = world(test, "tlt").await;
        lodge(&world).await;
        let (site, page) = (&world.site, &world.page);
        site.send(&world.bea, "POST", &format!("{page}/open"), WHY).await;
        site.send(&world.bea, "POST", &format!("{page}/open"), &format!("reason={PLAIN}%ff")).await;
        site.send(&world.it, "POST", &format!("{page}/lodge"), &format!("name=&password={PLAIN}")).await;
        site.send(&world.ann, "POST", &format!("{page}/token"), "token=Zebra-Quartz-9412-known-plain").await;
        look(&site.test).await;
        let logged = log.0.lock().unwrap().clone();
        assert!(!logged.is_empty());
        assert!(!holds(&logged), "in a log");
        assert!(!holds(&whole_store(&site.test).await), "in the store");
        let file = site.test.folder().join("a.backup");
        let beside = Beside {
            attachments: Attachments::new(site.test.folder().join("attachments"), 1_000),
            erasures: ErasureList::at(site.test.folder().join("erasures.jsonl")),
            checkpoints: site.test.folder().join("checkpoints"),
            mailed_to: Vec::new(),
            kinds: KINDS,
        };
        backup::make(&site.test.store, &beside, &file).await.unwrap();
        let backup = std::fs::read(&file).unwrap();
        assert!(backup.len() > 1_000 && !holds(&backup), "in a backup");
    }

    async fn a_job_opens_a_publishing_token_and_a_new_master_key_loses_nothing(test: TestStore) {
        let world = world(test, "tlt").await;
        lodge(&world).await;
        let (site, page) = (&world.site, &world.page);
        let kept = site.send(&world.ann, "POST", &format!("{page}/token"), "token=EAAG-token-1").await;
        assert_eq!(kept.location, format!("{page}?done=token"), "{}", kept.text);
        assert!(!site.get(&world.ann, page).await.text.contains("EAAG-token-1"));
        let store = &site.test.store;
        store.keyring().add(MasterKey::generate(store.randomness()).unwrap());
        assert!(keys::rewrap(store).await.unwrap() > 0);
        let wrapped = custody::wrapped_by(&mut store.read(&site.test.trust)).await.unwrap();
        assert_eq!(wrapped, Some(store.keyring().current().to_string()));
        assert_eq!(published(&site.test, &world.case).await, ["EAAG-token-1"]);
        let shown = site.send(&world.bea, "POST", &format!("{page}/open"), WHY).await;
        assert!(shown.text.contains(PLAIN));
        let revoked = site.send(&world.ann, "POST", &format!("{page}/token/revoke"), "").await;
        assert_eq!(revoked.location, format!("{page}?done=revoked"));
        assert!(published(&site.test, &world.case).await.is_empty());
    }
}

/// A job that publishes, as far as it gets here: it notes the token that it opened.
#[derive(Debug, serde::Deserialize, serde::Serialize)]
struct Publish(CaseId);

impl Job for Publish {
    const KIND: &'static str = "test.publish";
    const TITLE: &'static str = "Publish";
    type With = Arc<Mutex<Vec<String>>>;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, opened: &Self::With, context: &JobContext) -> Result<(), JobError> {
        let token = token_for_job(context, &self.0)
            .await
            .map_err(JobError::retry)?;
        opened
            .lock()
            .unwrap()
            .extend(token.map(|token| token.expose().to_owned()));
        Ok(())
    }
}

pub(super) async fn published(test: &TestStore, account: &CaseId) -> Vec<String> {
    let opened = Arc::new(Mutex::new(Vec::new()));
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    enqueue(&mut tx, &Publish(account.clone()), Due::Now)
        .await
        .unwrap();
    tx.commit_unrecorded().await.unwrap();
    let kinds = Registry::new().job::<Publish>(Arc::clone(&opened));
    Worker::new(test.store.clone(), kinds)
        .round()
        .await
        .unwrap();
    let opened = opened.lock().unwrap();
    opened.clone()
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the known log-in is among the bytes: as it is, or as hexadecimal digits.
fn holds(bytes: &[u8]) -> bool {
    let hex = data_encoding::HEXLOWER.encode(PLAIN.as_bytes());
    [PLAIN.as_bytes(), hex.as_bytes()]
        .iter()
        .any(|wanted| bytes.windows(wanted.len()).any(|part| part == *wanted))
}

/// Every byte of the store: SQLite's files, or every row of every table of PostgreSQL.
async fn whole_store(test: &TestStore) -> Vec<u8> {
    let mut all = Vec::new();
    match &test.url {
        DatabaseUrl::Sqlite(file) => {
            for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    all.extend(std::fs::read(path).unwrap());
                }
            }
        }
        DatabaseUrl::Postgres(options) => {
            let mut connection = sqlx::PgConnection::connect_with(options).await.unwrap();
            let tables =
                "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = 'public'";
            let tables: Vec<String> = sqlx::query_scalar(tables)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            for table in tables {
                let sql = format!("SELECT t::text AS line FROM \"{table}\" t");
                let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(&mut connection);
                while let Some(row) = rows.try_next().await.unwrap() {
                    all.extend(row.get::<String, _>("line").into_bytes());
                }
            }
        }
    }
    assert!(all.len() > 10_000);
    all
}

/// A crash says nothing of a log-in: there is no way to write one into its message.
#[test]
fn a_panic_beside_a_log_in_says_nothing_of_it() {
    let crashed = std::panic::catch_unwind(|| {
        let plain = zeroize::Zeroizing::new(PLAIN.to_owned());
        let log_in = super::secret::LogIn::typed("office", plain);
        assert!(log_in.is_err(), "a log-in was there");
    });
    let said = crashed.unwrap_err();
    let said = said.downcast_ref::<String>().cloned();
    assert!(!said.unwrap_or_default().contains(PLAIN));
}

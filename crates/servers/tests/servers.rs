//! Each server starts, answers, and ends with its starter.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::Path;

use serde_json::json;
use servers::{Durability, Error, NodeServer, Postgres, Programs};

/// A message of PostgreSQL's protocol: its kind, its length and what it holds.
fn message(kind: &[u8], held: &[u8]) -> Vec<u8> {
    let length = u32::try_from(held.len() + 4).unwrap().to_be_bytes();
    [kind, &length, held].concat()
}

/// Everything a server answers to one statement.
fn ask(folder: &Path, statement: &str) -> String {
    let mut socket = UnixStream::connect(folder.join(".s.PGSQL.5432")).unwrap();
    let start = [&196_608_u32.to_be_bytes()[..], b"user\0postgres\0\0"].concat();
    let query = message(b"Q", format!("{statement}\0").as_bytes());
    let all = [message(b"", &start), query, message(b"X", b"")].concat();
    socket.write_all(&all).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn what_postgresql_has_acknowledged_outlives_its_crash() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) => return servers::not_run(why),
    };
    let mut postgres = Postgres::start(&programs, Durability::Synced).unwrap();
    let folder = postgres.folder().to_owned();
    assert!(postgres.url().contains("%2Fprobity-postgres-"));
    let made = ask(&folder, "create table note (text text)");
    assert!(made.contains("CREATE TABLE"), "{made}");
    ask(&folder, "insert into note values ('kept through it')");
    postgres.crash().unwrap();
    assert!(UnixStream::connect(folder.join(".s.PGSQL.5432")).is_err());
    postgres.start_again().unwrap();
    assert!(ask(&folder, "select text from note").contains("kept through it"));
    assert!(ask(&folder, "show fsync").contains("on"));
    postgres.stop().unwrap();
    postgres.start_again().unwrap();
    assert!(ask(&folder, "select text from note").contains("kept through it"));
    drop(postgres);
    assert!(!folder.exists());
}

#[test]
fn a_mail_server_refuses_and_tells() {
    let settings = json!({ "refuse": { "gone@school.example": 550 } });
    let mut mail = match NodeServer::mail(&settings) {
        Ok(mail) => mail,
        Err(why @ Error::Missing(_)) => return servers::not_run(why),
        Err(why) => panic!("{why}"),
    };
    assert_eq!(rcpt(mail.address(), "gone@school.example"), "550");
    assert_eq!(
        mail.event("refused").unwrap(),
        json!({ "to": "gone@school.example", "code": 550 })
    );
    mail.set(&json!({})).unwrap();
    assert_eq!(rcpt(mail.address(), "gone@school.example"), "250");
}

/// The code with which a recipient is answered.
fn rcpt(address: &str, recipient: &str) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    let mut answers = BufReader::new(socket.try_clone().unwrap()).lines();
    let recipient = format!("RCPT TO:<{recipient}>");
    for line in ["HELO test", "MAIL FROM:<a@school.example>", &recipient] {
        answers.next().unwrap().unwrap();
        socket.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }
    answers.next().unwrap().unwrap().chars().take(3).collect()
}

#[test]
fn an_openid_provider_names_itself() {
    let client = json!({ "client_id": "probity", "client_secret": "secret", "redirect_uris": [] });
    let openid = match NodeServer::openid(&json!({ "client": client, "accounts": [] })) {
        Ok(openid) => openid,
        Err(why @ Error::Missing(_)) => return servers::not_run(why),
        Err(why) => panic!("{why}"),
    };
    let host = openid.address().strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    let path = "/.well-known/openid-configuration";
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.contains(&format!("\"issuer\":\"{}\"", openid.address())));
}

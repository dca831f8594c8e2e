//! A mail server of a few lines.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A mail server that takes everything and counts what it got by subject.
#[derive(Clone)]
pub(crate) struct Mailbox {
    pub(crate) address: String,
    got: Arc<Mutex<BTreeMap<String, u32>>>,
    held: Arc<AtomicBool>,
    came: Arc<Notify>,
}

impl Mailbox {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mailbox = Self {
            address,
            got: Arc::default(),
            held: Arc::default(),
            came: Arc::default(),
        };
        let taking = mailbox.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let taking = taking.clone();
                // A node that was killed breaks off: that is none of its business.
                tokio::spawn(async move { taking.take(connection).await.ok() });
            }
        });
        mailbox
    }

    async fn take(&self, mut connection: TcpStream) -> std::io::Result<()> {
        if self.held.load(Ordering::SeqCst) {
            // Not a word, until the other side is gone.
            return connection.read(&mut [0]).await.map(drop);
        }
        let (read, mut write) = connection.split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail\r\n").await?;
        let (mut content, mut subject) = (false, String::new());
        while let Some(line) = lines.next_line().await? {
            if content {
                if let Some(found) = line.strip_prefix("Subject: ") {
                    found.clone_into(&mut subject);
                }
                if line != "." {
                    continue;
                }
                content = false;
                let mut got = self.got.lock().unwrap();
                *got.entry(std::mem::take(&mut subject)).or_default() += 1;
                self.came.notify_one();
            } else if line.eq_ignore_ascii_case("DATA") {
                content = true;
                write.write_all(b"354 go on\r\n").await?;
                continue;
            }
            write.write_all(b"250 ok\r\n").await?;
        }
        Ok(())
    }

    /// Whether it keeps everybody waiting who comes from now on.
    pub(crate) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::SeqCst);
    }

    /// Waits until so many letters have come.
    pub(crate) async fn reaches(&self, letters: u32) {
        while self.got().values().sum::<u32>() < letters {
            self.came.notified().await;
        }
    }

    pub(crate) fn got(&self) -> BTreeMap<String, u32> {
        self.got.lock().unwrap().clone()
    }
}

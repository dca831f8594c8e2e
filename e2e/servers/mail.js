// A mail server that keeps what it gets and refuses whom it is told to. See README.md.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { endWithStarter, settings, tell } from "./settings.js";

const { user, password, key, cert, implicitTls = false, folder } = settings();
let count = 0;

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  secure: implicitTls,
  ...(key && { key: readFileSync(key), cert: readFileSync(cert) }),
  disabledCommands: [...(key ? [] : ["STARTTLS"]), ...(user ? [] : ["AUTH"])],
  authOptional: !user,
  allowInsecureAuth: true,
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    const right = auth.username === user && auth.password === password;
    if (right) return done(null, { user });
    tell({ refused: { user: auth.username, code: 535 } });
    return done(refusal(535, "Authentication failed"));
  },
  onRcptTo({ address }, session, done) {
    const code = settings().refuse?.[address];
    if (!code) return done();
    tell({ refused: { to: address, code } });
    return done(refusal(code, code < 500 ? "Try again later" : "No such mailbox"));
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk)).on("error", done);
    stream.on("end", async () => {
      try {
        keep(await read(Buffer.concat(chunks), session));
        done();
      } catch (error) {
        done(error);
      }
    });
  },
});

async function read(raw, { envelope, secure }) {
  const parsed = await PostalMime.parse(raw, { attachmentEncoding: "utf8" });
  const { subject, text, html, headers, messageId, attachments } = parsed;
  return {
    from: envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    secure,
    subject,
    text,
    html,
    messageId,
    attachments: attachments.map(({ filename, content }) => ({ name: filename, text: content })),
    headers: headers.map(({ key, value }) => [key, value]),
    raw: raw.toString(),
  };
}

// A file appears whole or not at all.
function keep(message) {
  count += 1;
  if (folder) {
    const file = join(folder, `${String(count).padStart(4, "0")}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(message, null, 2));
    renameSync(`${file}.new`, file);
  }
  tell({ message });
}

// A client that goes away in the middle is no fault of the server's.
server.on("error", (error) => tell({ error: error.message }));
server.listen(0, "127.0.0.1", () => tell({ address: `127.0.0.1:${server.server.address().port}` }));
endWithStarter();

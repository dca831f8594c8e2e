// The servers start, answer and refuse as their README says.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { start } from "./start.js";

const limit = { timeout: 30_000 };

// Sends lines over SMTP; the code of each answer, the greeting's first.
async function speak(address, lines) {
  const [host, port] = address.split(":");
  const socket = connect(Number(port), host);
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const codes = [];
  for (const line of [undefined, ...lines]) {
    if (line !== undefined) socket.write(`${line}\r\n`);
    let answer;
    do answer = (await answers.next()).value;
    while (answer?.[3] === "-");
    codes.push(answer?.slice(0, 3));
  }
  socket.destroy();
  return codes;
}

test("mail is kept, and refused as told", limit, async (t) => {
  const refuse = { "later@school.example": 451, "gone@school.example": 550 };
  const mail = await start("mail.js", { refuse });
  t.after(mail.stop);
  const lines = ["EHLO test", "MAIL FROM:<probity@school.example>", "RCPT TO:<later@school.example>",
    "RCPT TO:<gone@school.example>", "RCPT TO:<head@school.example>", "DATA",
    "Subject: =?utf-8?Q?A_decision_=E2=80=93_yours?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease look.\r\n."];
  const codes = await speak(mail.address, lines);
  assert.deepEqual(codes, ["220", "250", "250", "451", "550", "250", "354", "250"]);
  const message = await mail.event("message");
  assert.deepEqual(message.to, ["head@school.example"]);
  assert.equal(message.subject, "A decision – yours");
  assert.equal(message.text.trim(), "Please look.");
  assert.deepEqual(await mail.event("refused"), { to: "later@school.example", code: 451 });
  mail.set({ refuse: {} });
  const again = await speak(mail.address, lines.slice(0, 3));
  assert.equal(again.at(-1), "250");
});

test("mail with a user wants the password", limit, async (t) => {
  const mail = await start("mail.js", { user: "probity", password: "right" });
  t.after(mail.stop);
  const plain = (password) => `AUTH PLAIN ${Buffer.from(`\0probity\0${password}`).toString("base64")}`;
  const codes = await speak(mail.address, ["EHLO test", "MAIL FROM:<a@school.example>", plain("wrong"), plain("right")]);
  assert.deepEqual(codes, ["220", "250", "530", "535", "235"]);
});

const redirect = "http://127.0.0.1:9/sign-in/back";
const client = { client_id: "probity", client_secret: "a-secret-of-the-test", redirect_uris: [] };
const account = { sub: "t1", email: "kim@school.example", email_verified: true, name: "Kim Doe", groups: ["Staff"] };

// A browser that keeps cookies and stops at the program's own address.
function browser() {
  const jar = new Map();
  return async function visit(url, form) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { redirect: "manual", headers: { cookie }, ...form && { method: "POST", body: new URLSearchParams(form) } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const location = response.headers.get("location");
    const next = location && new URL(location, url).href;
    return next && !next.startsWith(redirect) ? visit(next) : { response, url, back: next && new URL(next) };
  };
}

test("an account signs in by code with PKCE, and a code is good once", limit, async (t) => {
  const openid = await start("openid.js", { client, accounts: [account] });
  t.after(openid.stop);
  const found = await (await fetch(`${openid.address}/.well-known/openid-configuration`)).json();
  assert.equal(found.issuer, openid.address);
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const ask = { client_id: "probity", response_type: "code", redirect_uri: redirect, scope: "openid email profile",
    state: "s", nonce: "n", code_challenge: challenge, code_challenge_method: "S256" };
  const at = `${found.authorization_endpoint}?${new URLSearchParams(ask)}`;
  assert.equal((await fetch(at)).status, 400, "an address that is not registered");
  openid.set({ client: { ...client, redirect_uris: [redirect] }, accounts: [account] });

  const visit = browser();
  const login = await visit(at);
  assert.equal((await visit(login.url, { account: "nobody" })).response.status, 422);
  const { back } = await visit(login.url, { account: "kim@school.example" });
  assert.equal(back.searchParams.get("state"), "s");
  assert.equal(back.searchParams.get("iss"), openid.address);

  const redeem = () => fetch(found.token_endpoint, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("probity:a-secret-of-the-test")}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code: back.searchParams.get("code"),
      redirect_uri: redirect, code_verifier: verifier }),
  });
  const { id_token: token } = await (await redeem()).json();
  const told = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.equal(told.nonce, "n");
  assert.deepEqual(told.groups, ["Staff"]);
  assert.equal(told.email, account.email);
  assert.equal(told.name, account.name);
  assert.equal((await (await redeem()).json()).error, "invalid_grant");

  const refused = browser();
  const page = await refused(at);
  const cancelled = await refused(page.url, { cancel: "yes" });
  assert.equal(cancelled.back.searchParams.get("error"), "access_denied");
});

// An OpenID provider with one client and the accounts of its settings. See README.md.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { endWithStarter, settings, tell } from "./settings.js";

const claims = {
  openid: ["sub", "groups", "roles", "oid", "tid", "hd"],
  email: ["email", "email_verified"],
  profile: ["name", "given_name", "family_name", "preferred_username"],
};

const jwk = () => ({
  ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }),
  kid: randomBytes(4).toString("hex"),
  use: "sig",
  alg: "RS256",
});

function findAccount(ctx, id) {
  const account = settings().accounts.find(({ sub }) => sub === id);
  return account && { accountId: id, claims: () => account };
}

// Whoever signs in has agreed: the question is put by real providers, and is nothing to the program under test.
async function loadExistingGrant(ctx) {
  const { client, session, result } = ctx.oidc;
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  if (known) return ctx.oidc.provider.Grant.find(known);
  const grant = new ctx.oidc.provider.Grant({
    clientId: client.clientId,
    accountId: session.accountId,
  });
  grant.addOIDCScope("openid email profile");
  await grant.save();
  return grant;
}

function providerAt(issuer) {
  const { client } = settings();
  const provider = new Provider(issuer, {
    claims,
    // It wants an address at once; those that hold are looked up below.
    clients: [{ ...client, redirect_uris: ["http://127.0.0.1/"] }],
    // As Entra ID and Google do: what is asked for is in the ID token.
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(16).toString("hex")] },
    features: { devInteractions: { enabled: false } },
    findAccount,
    interactions: { url: (ctx, { uid }) => `/sign-in/${uid}` },
    jwks: { keys: [jwk()] },
    loadExistingGrant,
    pkce: { required: () => true },
    ttl: { AuthorizationCode: 60, IdToken: 3600, Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600 },
  });
  // The program under test may start, and have an address, after its provider.
  provider.Client.prototype.redirectUriAllowed = (uri) => settings().client.redirect_uris.includes(uri);
  return provider;
}

const escaped = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

const page = (path, fault) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title><link rel="icon" href="data:,"></head><body><main><h1>Sign in</h1>
${fault ? `<p role="alert">${escaped(fault)}</p>` : ""}
<form method="post" action="${path}"><label>Account <input name="account" autocomplete="off"></label>
<button>Sign in</button> <button name="cancel" value="yes">Cancel</button></form></main></body></html>`;

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

// An account is named by its subject or its e-mail address; there is no password.
async function signIn(provider, request, response) {
  await provider.interactionDetails(request, response);
  let fault;
  if (request.method === "POST") {
    const form = await body(request);
    if (form.get("cancel")) return provider.interactionFinished(request, response, { error: "access_denied" });
    const name = form.get("account");
    const account = settings().accounts.find(({ sub, email }) => sub === name || email === name);
    if (account) return provider.interactionFinished(request, response, { login: { accountId: account.sub } });
    fault = `There is no account ${name}`;
  }
  response.writeHead(fault ? 422 : 200, { "content-type": "text/html; charset=utf-8" });
  return response.end(page(request.url, fault));
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = providerAt(issuer);
  const answer = provider.callback();
  provider.on("server_error", (ctx, error) => tell({ error: error.message }));
  provider.on("grant.error", (ctx, { error, error_detail: detail }) => tell({ grantError: { error, detail } }));
  server.on("request", (request, response) => {
    if (!request.url.startsWith("/sign-in/")) return answer(request, response);
    return signIn(provider, request, response).catch(({ message }) => {
      response.writeHead(400, { "content-type": "text/plain" }).end(message);
    });
  });
  tell({ address: issuer });
});
endWithStarter();

// A personal data server of Bluesky, with its directory of identities, and the accounts of its settings. See README.md.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PDS } from "@atproto/pds";
import plc from "@did-plc/server";
import { endWithStarter, settings, tell } from "../servers/settings.js";

const { accounts = [], rateLimits = false } = settings();
const HERE = "127.0.0.1";
const folder = mkdtempSync(join(tmpdir(), "probity-bluesky-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const free = () =>
  new Promise((found, failed) => {
    const server = createServer().on("error", failed);
    server.listen(0, HERE, () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

// Both would listen on every address of the machine.
const onlyHere = (app) => {
  const listen = app.listen.bind(app);
  app.listen = (port, ...rest) => listen(port, HERE, ...rest);
};

const secret = () => randomBytes(32).toString("hex");

async function start() {
  const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: await free() });
  onlyHere(directory.app);
  await directory.start();
  const port = await free();
  const pds = await PDS.fromEnv({
    port,
    hostname: "localhost",
    devMode: true,
    dataDirectory: folder,
    blobstoreDiskLocation: join(folder, "blobs"),
    didPlcUrl: `http://${HERE}:${directory.ctx?.port ?? directory.server.address().port}`,
    inviteRequired: false,
    serviceHandleDomains: [".test"],
    jwtSecret: secret(),
    dpopSecret: secret(),
    adminPassword: secret(),
    plcRotationKeyK256PrivateKeyHex: secret(),
    disableSsrfProtection: true,
    rateLimitsEnabled: rateLimits,
  });
  onlyHere(pds.app);
  await pds.start();
  return `http://${HERE}:${port}`;
}

async function call(address, method, body, token) {
  const answer = await fetch(`${address}/xrpc/${method}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
  return answer.json();
}

try {
  const address = await start();
  tell({ address });
  for (const { handle } of accounts) {
    const password = secret();
    const email = `${handle.split(".")[0]}@school.example`;
    const create = { handle, email, password };
    const { did, accessJwt } = await call(address, "com.atproto.server.createAccount", create);
    const app = { name: "Probity" };
    const made = await call(address, "com.atproto.server.createAppPassword", app, accessJwt);
    tell({ account: { handle, did, accessJwt, appPassword: made.password } });
  }
} catch (error) {
  tell({ error: String(error?.stack ?? error) });
  process.exit(1);
}
endWithStarter();

// Somebody else's stand-in for a Mastodon server, mastodon-mock, which forgets everything when it ends. See README.md.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { endWithStarter, tell } from "../servers/settings.js";

const HERE = "127.0.0.1";
const PROGRAM = join(import.meta.dirname, "venv/bin/mastodon_mock");

const port = await new Promise((found, failed) => {
  const server = createServer().on("error", failed);
  server.listen(0, HERE, () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

const options = ["serve", "--in-memory", "--host", HERE, "--port", String(port), "--log-level", "error"];
const mock = spawn(PROGRAM, options, { stdio: ["ignore", "ignore", "inherit"] });
mock.on("error", ({ message }) => tell({ error: message }));
mock.on("exit", (code) => process.exit(code ?? 0));
process.on("exit", () => mock.kill());
endWithStarter();

const address = `http://${HERE}:${port}`;
const answers = () => fetch(`${address}/api/v2/instance`).then(({ ok }) => ok, () => false);
while (!(await answers())) await new Promise((again) => setTimeout(again, 50));
tell({ address });

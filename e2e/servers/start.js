// Starts one of the servers for a test in Node.js: `await start("mail.js", settings)`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export async function start(script, settings) {
  const folder = mkdtempSync(join(tmpdir(), "probity-server-"));
  const file = join(folder, "settings.json");
  const set = (changed) => {
    writeFileSync(`${file}.new`, JSON.stringify(changed));
    renameSync(`${file}.new`, file);
  };
  set(settings);
  const program = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), file], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const kept = [];

  // The next event of a kind; others are kept for later.
  const event = async (kind) => {
    const found = kept.findIndex((earlier) => kind in earlier);
    if (found >= 0) return kept.splice(found, 1)[0][kind];
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended before it told of '${kind}'`);
      const told = JSON.parse(value);
      if (kind in told) return told[kind];
      kept.push(told);
    }
  };

  const stop = async () => {
    program.stdin.end();
    if (program.exitCode === null) await once(program, "exit");
    rmSync(folder, { recursive: true });
  };

  return { address: await event("address"), event, set, stop };
}

// What the servers share: settings in a file that is read anew at each use, events as lines of JSON on standard
// output, and an end when standard input closes, so that none outlives the test that started it.
import { readFileSync } from "node:fs";

const file = process.argv[2];

export const settings = () => (file ? JSON.parse(readFileSync(file, "utf8")) : {});

export const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

export function endWithStarter() {
  process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0)).resume();
}

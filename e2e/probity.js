// What every spec starts from: the program under test, and one look at a page that checks what
// must hold on all of them. `test` has the program with policies only; `trustTest` has it with the
// demonstration, and signs in as anybody there; `freshTest` has it before it is set up.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";

const binary =
  process.env.PROBITY_BIN ?? fileURLToPath(new URL("../target/debug/probity", import.meta.url));
const screenshots = fileURLToPath(new URL("screenshots/", import.meta.url));

export { expect };

// Runs the program once; its standard output.
async function probity(...options) {
  if (!existsSync(binary)) {
    throw new Error(`No program at ${binary}. Build it, or set PROBITY_BIN.`);
  }
  const { stdout } = await promisify(execFile)(binary, options);
  return stdout;
}

// Serves on a free port while `use` runs, which is given the address and a function that reads the
// next line of standard output.
async function serving(options, use) {
  if (!existsSync(binary)) {
    throw new Error(`No program at ${binary}. Build it, or set PROBITY_BIN.`);
  }
  const program = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--burst", "1000000", ...options], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(program, "exit");
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${binary} ended before it was ready`);
    return value;
  };
  const address = (await next()).match(/http:\/\/\S+/)[0];
  await use(address, next);
  program.kill();
  await ended;
}

async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), "probity-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const test = base.extend({
  // The program on a free port, one for each worker; its address.
  site: [
    async ({}, use) => serving(["--policies-only"], use),
    { scope: "worker" },
  ],

  baseURL: async ({ site }, use) => use(site),

  // Checks the page as it stands; keeps a picture of it under this name where PROBITY_TEST_PICTURES is set.
  look: async ({ page, browser, javaScriptEnabled, viewport }, use, info) => {
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      // A browser also writes the status of an error page there.
      const status = message.text().startsWith("Failed to load resource");
      const ours = message.location().url === page.url();
      if (message.type() === "error" && !(status && ours)) faults.push(message.text());
    });
    await use(async (name) => {
      if (process.env.PROBITY_TEST_PICTURES) {
        await page.screenshot({ path: `${screenshots}${info.project.name}/${name}.png`, fullPage: true });
      }
      if (javaScriptEnabled) await expectAccessible(page);
      else await inSecondWindow(browser, viewport, page, expectAccessible);
      await expectNoSidewaysScrolling(page);
    });
    expect(faults, "scripts, stylesheets and the content security policy").toEqual([]);
  },
});

export const trustTest = test.extend({
  // The demonstration's data folder and the address of the program that serves it, one for each
  // worker: what a spec changes there stays for the specs after it.
  demonstration: [
    async ({}, use) =>
      withFolder(async (folder) => {
        const data = join(folder, "data");
        await probity("setup", "--demonstration", "--data", data);
        await serving(["--data", data], (address) => use({ data, address }));
      }),
    { scope: "worker", timeout: 120_000 },
  ],

  site: [async ({ demonstration }, use) => use(demonstration.address), { scope: "worker" }],

  // Signs in on this page as the first who has the role at a school, named by the policy that it
  // follows; without a school, as somebody of the whole trust.
  signInAs: async ({ demonstration }, use) => {
    await use(async (page, role, school) => {
      const { data, address } = demonstration;
      const at = school ? ["--school", school] : [];
      const told = await probity("demo-links", "--data", data, "--url", address, "--role", role, ...at);
      await page.goto(told.match(/http:\/\/\S+/)[0]);
      await page.locator("main form button").first().click();
      await expect(page.getByRole("link", { name: "Sign in", exact: true })).toHaveCount(0);
    });
  },
});

export const freshTest = test.extend({
  // The program with an empty data folder, for one test alone.
  fresh: async ({}, use) =>
    withFolder(async (folder) => {
      const data = join(folder, "data");
      await serving(["--data", data], async (address, next) => {
        const code = (await next()).match(/[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}/)[0];
        await use({ data, address, code });
      });
    }),

  baseURL: async ({ fresh }, use) => use(fresh.address),
});

// axe, with all its rules but the experimental ones.
async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => node.target.join(" ")),
  }));
  expect(told, "axe").toEqual([]);
}

// axe itself needs scripts. Where they are off, it reads the same document in a second window, in
// which scripts are on but none of the site's are let in. A worker keeps its second window.
let secondWindow;

async function inSecondWindow(browser, viewport, page, check) {
  if (!secondWindow?.context().browser()?.isConnected()) {
    const context = await browser.newContext({ viewport, javaScriptEnabled: true });
    secondWindow = await context.newPage();
  }
  const html = await page.content();
  await secondWindow.route("**/*", (route) => {
    const kind = route.request().resourceType();
    if (kind === "document") return route.fulfill({ contentType: "text/html", body: html });
    return kind === "script" ? route.abort() : route.continue();
  });
  await secondWindow.goto(page.url());
  await check(secondWindow);
  await secondWindow.unrouteAll();
}

async function expectNoSidewaysScrolling(page) {
  const [wide, seen] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(wide, "width of the page").toBeLessThanOrEqual(seen);
}

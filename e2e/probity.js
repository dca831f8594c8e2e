// What every spec starts from: the program under test, and one look at a page that checks what
// must hold on all of them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";

const binary =
  process.env.PROBITY_BIN ?? fileURLToPath(new URL("../target/debug/probity", import.meta.url));
const screenshots = fileURLToPath(new URL("screenshots/", import.meta.url));

export { expect };

export const test = base.extend({
  // The program on a free port, one for each worker; its address.
  site: [
    async ({}, use) => {
      if (!existsSync(binary)) {
        throw new Error(`No program at ${binary}. Build it, or set PROBITY_BIN.`);
      }
      const program = spawn(binary, ["serve", "--policies-only", "--listen", "127.0.0.1:0", "--burst", "1000000"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      let address;
      for await (const line of createInterface({ input: program.stdout })) {
        address = line.match(/http:\/\/\S+/)?.[0];
        if (address) break;
      }
      if (!address) throw new Error(`${binary} ended before it was ready`);
      await use(address);
      program.kill();
      await once(program, "exit");
    },
    { scope: "worker" },
  ],

  baseURL: async ({ site }, use) => use(site),

  // Checks the page as it stands and keeps a picture of it under this name.
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
      await page.screenshot({ path: `${screenshots}${info.project.name}/${name}.png`, fullPage: true });
      if (javaScriptEnabled) await expectAccessible(page);
      else await withTwin(browser, viewport, page, expectAccessible);
      await expectNoSidewaysScrolling(page);
    });
    expect(faults, "scripts, stylesheets and the content security policy").toEqual([]);
  },
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
// which scripts are on but none of the site's are let in.
async function withTwin(browser, viewport, page, check) {
  const html = await page.content();
  const context = await browser.newContext({ viewport, javaScriptEnabled: true });
  await context.route("**/*", (route) => {
    const kind = route.request().resourceType();
    if (kind === "document") return route.fulfill({ contentType: "text/html", body: html });
    return kind === "script" ? route.abort() : route.continue();
  });
  const twin = await context.newPage();
  await twin.goto(page.url());
  await check(twin);
  await context.close();
}

async function expectNoSidewaysScrolling(page) {
  const [wide, seen] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(wide, "width of the page").toBeLessThanOrEqual(seen);
}

// Each spec runs at desk and phone width, and once more with scripts switched off.
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(chromium)) {
  throw new Error(`No browser at ${chromium}. Install Debian's chromium, or set CHROMIUM to another.`);
}

const desk = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  // Patience costs nothing where a page is there; a machine under load is slow, not wrong.
  expect: { timeout: 20_000 },
  timeout: 60_000,
  use: {
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--no-pings",
        // Nothing but the program under test can be reached.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ],
    },
    locale: "en-GB",
    trace: "off",
  },
  projects: [
    { name: "desk", use: { viewport: desk } },
    { name: "phone", use: { viewport: phone } },
    { name: "no-script", use: { viewport: phone, javaScriptEnabled: false } },
  ],
});

// A request for one's own data: passed on, gathered, looked through, given out; and what may be erased.
import { readFile } from "node:fs/promises";
import { expect, trustTest as test } from "../probity.js";

const answers = {
  "Who asks?": (main) => main.getByLabel("Somebody who works here, or did").check(),
  "What is the name of whoever asks?": (main, name) => main.locator("input[type=text]").fill(name),
  "How can they be reached?": (main) => main.locator("input[type=text]").fill("By letter"),
  "What do they ask for, in their own words?": (main) => main.locator("textarea").fill("Everything that is held about me."),
  "On what day did the request reach the school?": async (main) => {
    await main.getByLabel("Day").fill("3");
    await main.getByLabel("Month").fill("2");
    await main.getByLabel("Year").fill("2025");
  },
};

// Passes a request on for whoever is signed in, one question a page; gives the address of the case.
async function passOn(page, name) {
  await page.goto("/registers/subject-access");
  await page.locator("main form button").last().click();
  const main = page.getByRole("main");
  for (let pages = 0; pages < 20; pages += 1) {
    const heading = await main.getByRole("heading", { level: 1 }).innerText();
    if (/check/i.test(heading)) break;
    const answer = answers[heading.trim()];
    if (answer) await answer(main, name);
    if (heading.startsWith("About whom")) {
      // Somebody is looked up first; where several answer to the name, one of them is chosen.
      const several = await main.getByRole("radio", { name }).count();
      if (several) await main.getByRole("radio", { name }).first().check();
      else await main.locator("input[type=text]").fill(name);
    }
    await main.getByRole("button", { name: "Continue" }).click();
  }
  await main.locator("form button").first().click();
  return main.locator("a[href^='/cases/']").first().getAttribute("href");
}

async function step(page, address, name, fill) {
  await page.goto(address);
  await page.getByRole("main").getByRole("button", { name, exact: true }).click();
  await fill?.(page.getByRole("main"));
  await page.getByRole("main").getByRole("button", { name, exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Done");
}

test("a request is gathered, looked through and given out", async ({ page, look, signInAs }) => {
  test.slow();
  await signInAs(page, "staff", "stivichall");
  const name = await page.locator(".app-account__person a").innerText();
  const address = await passOn(page, name);

  await signInAs(page, "data-protection-officer");
  await step(page, address, "Begin to collect");
  await page.getByRole("button", { name: /Gather what is held about them/ }).click();
  await page.getByRole("button", { name: "Gather it" }).click();
  await page.getByRole("link", { name: "Choose whom it is about" }).click();
  await look("subject-access-start-error");
  await page.getByRole("radio", { name }).first().check();
  await page.getByRole("button", { name: "Gather it" }).click();
  await expect(async () => {
    await page.goto(page.url());
    await expect(page.getByText(/^0 of \d+ decided/)).toBeVisible({ timeout: 500 });
  }).toPass();
  await look("subject-access-collection");

  await page.getByRole("link", { name: /^Look at it.*Their record/ }).click();
  await page.getByRole("radio", { name: "Withhold it" }).check();
  await page.getByRole("button", { name: "Save and go on" }).click();
  await page.getByRole("link", { name: "Choose why the law lets it be withheld" }).click();
  await expect(page.getByLabel("If it is withheld: why?")).toBeFocused();
  await look("subject-access-item-error");
  await page.getByRole("radio", { name: "Give it with parts left out" }).check();
  await page.getByRole("checkbox", { name: /^Leave out line 1/ }).check();
  await page.getByRole("button", { name: "Look at it as it would be given" }).click();
  await expect(page.getByText("[left out]").first()).toBeVisible();
  await look("subject-access-item");
  await page.locator("details summary").first().click();
  await page.getByRole("button", { name: /^Choose single words of line 1/ }).click();
  await page.locator(".app-words input").first().check();
  await look("subject-access-item-words");
  await page.getByRole("button", { name: "Save and go on" }).click();

  const list = page.url().replace(/\/items\/.*/, "");
  await page.goto(`${list}?show=undecided`);
  for (const box of await page.getByRole("main").getByRole("checkbox").all()) await box.check();
  await page.getByRole("button", { name: "Decide about those chosen as is proposed" }).click();
  await expect(page.getByRole("alert")).toContainText("Decided");
  await page.goto(`${list}/check`);
  await look("subject-access-check");
  await page.getByRole("button", { name: "Make the package" }).click();
  await expect(page.getByText("The case is not being looked through.")).toBeVisible();
  await step(page, address, "Everything is collected", (main) => main.locator("textarea").first().fill("Here."));
  await page.goto(`${list}/check`);
  await page.getByRole("button", { name: "Make the package" }).click();
  await expect(page.getByRole("alert")).toContainText("The package is made");
  await look("subject-access-package");
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: /^Fetch the package/ }).click();
  expect((await readFile(await (await saving).path())).subarray(0, 2).toString()).toBe("PK");

  await page.getByRole("link", { name: "see what may be erased now" }).click();
  await expect(page.getByText("Kept while they work here")).toBeVisible();
  await look("subject-access-erasure");
  await page.goto("/subject-access");
  await look("subject-access-list");

  await signInAs(page, "staff", "stivichall");
  expect((await page.goto(list)).status()).toBe(404);
});

// A question to the person whom the policy names: opened, answered, overtaken, listed, found, given a view.
import { expect, trustTest as test } from "../probity.js";

// Asks for advice, one question a page, and gives the address of the case.
async function ask(page, question) {
  await page.goto("/registers/advice");
  await page.locator("main form button").last().click();
  for (let pages = 0; pages < 12; pages += 1) {
    const main = page.getByRole("main");
    if (await main.getByRole("heading", { name: /check/i, level: 1 }).count()) break;
    const policy = main.getByLabel("What the policy means, or whether it covers something");
    const text = main.locator("textarea");
    const no = main.getByLabel("No", { exact: true });
    if (await policy.count()) await policy.check();
    else if (await text.count()) await text.first().fill(question);
    else if (await no.count()) await no.check();
    await main.locator("form button").first().click();
  }
  await page.getByRole("main").locator("form button").first().click();
  const link = page.getByRole("main").locator("a[href^='/cases/']").first();
  return link.getAttribute("href");
}

test("a case is worked on, and the second of two is told what changed", async ({ page, look, signInAs }) => {
  await signInAs(page, "staff", "stivichall");
  const address = await ask(page, "May a class have an account of its own?");
  await page.goto(address);
  await expect(page.getByText("May a class have an account of its own?")).toBeVisible();
  await look("case-opener");

  await signInAs(page, "head", "stivichall");
  await page.goto("/cases?show=waiting&register=advice");
  await expect(page.getByRole("link", { name: /^ADV-/ }).first()).toBeVisible();
  await look("cases");
  await page.getByLabel("Save what is shown now under a name").fill("Advice for me");
  await page.getByRole("button", { name: "Save this view" }).click();
  await expect(page.getByRole("link", { name: "Advice for me", exact: true })).toBeVisible();

  await page.goto(address);
  await page.getByLabel("Add evidence").setInputFiles({
    name: "letter.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("Dear head"),
  });
  await page.locator("main button", { hasText: "Add evidence" }).click();
  await expect(page.getByRole("alert")).toContainText("The evidence was added");
  await look("case");

  // Two windows on the same step.
  await page.getByRole("button", { name: "Answer it" }).click();
  await look("step");
  const other = await page.context().newPage();
  await other.goto(page.url());
  await page.getByRole("main").getByRole("button", { name: "Answer it" }).click();
  await expect(page).toHaveTitle(/^Error: /);
  await look("step-error");
  await page.getByLabel("What is your answer?").fill("Yes, in the name of the school.");
  await page.getByRole("main").getByRole("button", { name: "Answer it" }).click();
  await expect(page.getByRole("alert")).toContainText("Done: Answer it");
  await look("case-after-step");

  await other.getByLabel("What is your answer?").fill("No, never.");
  await other.getByRole("main").getByRole("button", { name: "Answer it" }).click();
  await expect(other.getByText("Somebody changed this case while you had it open.")).toBeVisible();
  await expect(other.getByText("Yes, in the name of the school.")).toBeVisible();
  await expect(other.getByText("No, never.")).toBeVisible();
  await page.goto("about:blank");
  await other.close();
});

test("cases are searched, and a day that is none is told", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "stivichall");
  await page.goto("/search?q=nothing-of-the-kind");
  await expect(page.getByText("No case was found.")).toBeVisible();
  await look("search-empty");
  await page.getByRole("group", { name: "Opened on or after" }).getByLabel("Day").fill("31");
  await page.getByRole("group", { name: "Opened on or after" }).getByLabel("Month").fill("2");
  await page.getByRole("group", { name: "Opened on or after" }).getByLabel("Year").fill("2026");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveTitle(/^Error: /);
  await look("search-error");
});

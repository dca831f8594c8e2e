// Everybody at a school is asked to read its policy and sign: with the name, or on paper.
import { expect, trustTest as test } from "../probity.js";

const press = (page, name) => page.getByRole("button", { name }).click();

// The newest signature that waits, once the program has asked for it.
async function waiting(page, name) {
  const mine = page.getByRole("link", { name }).first();
  await expect(async () => {
    await page.goto("/cases?register=attestation");
    await expect(mine).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await mine.click();
}

test("everybody is asked to sign: one does, one did on paper, and the head sees who has not", async ({ page, look, signInAs }) => {
  test.slow();
  await signInAs(page, "head", "cmat");
  await page.goto("/attestation");
  await look("attestation-schools");
  await page.getByRole("main").locator("a[href^='/attestation/']").first().click();
  await look("attestation-round");
  const begin = page.getByRole("button", { name: "Ask everybody to read and sign" });
  if (await begin.isVisible()) await begin.click();
  const school = page.url();

  await signInAs(page, "staff", "cmat");
  await waiting(page, /^ATT-/);
  const address = page.url();
  await look("attestation-to-read");
  await press(page, "I have read it");
  await press(page, "I have read it");
  await expect(page.getByRole("alert")).toContainText("Choose an answer: Clear");
  await look("attestation-unanswered");
  await page.getByLabel("Yes", { exact: true }).check();
  await press(page, "I have read it");
  await page.goto(address);
  const papers = page.getByRole("button", { name: "I have read the papers that go with it" });
  if (await papers.isVisible()) {
    await papers.click();
    await page.getByRole("main").locator("form button").last().click();
    await page.goto(address);
  }
  await press(page, "Sign it");
  await look("attestation-sure");
  await press(page, "Continue");
  await look("attestation-sign");
  await page.getByLabel("Type your full name").fill("Ada Okafor");
  await page.getByRole("main").locator("form button").last().click();
  await page.goto(address);
  await expect(page.locator(".govuk-tag").first()).toHaveText("Signed");
  await look("attestation-signed");

  await signInAs(page, "head", "cmat");
  await page.goto(school);
  const people = page.getByRole("region", { name: "Who has signed" }).getByRole("row");
  await expect(people.filter({ hasText: "Signed" }).filter({ hasNotText: "Since" })).toHaveCount(1);
  await look("attestation-coverage");

  await signInAs(page, "hr", "cmat");
  await page.goto(school);
  await people.filter({ hasText: "To be read" }).first().getByRole("link").click();
  const onPaper = page.url();
  await press(page, "Record a signature on paper");
  await page.getByLabel("Day").fill("3");
  await page.getByLabel("Month").fill("2");
  await page.getByLabel("Year").fill("2026");
  await look("attestation-on-paper");
  await page.getByRole("main").locator("form button").last().click();
  await page.goto(onPaper);
  await expect(page.locator(".govuk-tag").first()).toHaveText("Signed on paper");
});

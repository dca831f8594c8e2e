import { expect, trustTest as test } from "../probity.js";

const heading = (page) => page.getByRole("heading", { level: 1 });

// A paper of the policy: every clause by its number, in the words that the policy's page has for it.
async function paperOf(page, policy) {
  await page.goto(`/policies/${policy}`);
  const clauses = await page.locator(".app-clause > p:first-child").allInnerTexts();
  return ["Social media policy", ...clauses].join("\n\n");
}

test("document control shows how what goes with a policy stands, and takes its approved document in", async ({ page, look, signInAs }) => {
  await page.goto("/policies/link/control");
  await expect(heading(page)).toHaveText("Document control");
  await expect(page.getByText("No approved document is attached to these rules.").first()).toBeVisible();
  await look("document-control-nobody");

  await signInAs(page, "head", "link");
  const paper = await paperOf(page, "link");
  await page.getByRole("link", { name: "Document control" }).click();
  // The program looks at reviews and editions by itself, soon after it has started.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("link", { name: /^REV-/ }).first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByText("Out of date").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "How it works in practice" })).toBeVisible();
  await look("document-control");

  await page.getByRole("link", { name: "Attach the approved document" }).or(page.getByRole("link", { name: "Attach another document" })).click();
  await page.getByRole("button", { name: "Attach it" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose the approved document.");
  await look("document-attach-error");
  await page.getByLabel("The approved document").setInputFiles({ name: "policy.txt", mimeType: "text/plain", buffer: Buffer.from(paper) });
  await page.getByRole("button", { name: "Attach it" }).click();
  await expect(page.getByRole("link", { name: "policy.txt" })).toBeVisible();
  await look("document-control-attached");
  await page.getByRole("link", { name: "the policy’s page" }).click();
  await page.getByText("In the approved document").first().click();
  await look("policy-with-passages");
});

test("somebody who is asked to sign takes the quiz", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "tlt");
  await page.goto("/attestation");
  await page.getByRole("link", { name: /Learning|tlt|School|Academy|Primary/ }).first().click();
  await expect(page.getByText("None is attached to this version")).toBeVisible();
  const begin = page.getByRole("button", { name: "Ask everybody to read and sign" });
  if (await begin.isVisible()) {
    await page.getByLabel("The quiz from the policy’s examples").selectOption({ label: "3 questions, of which 3 must be right" });
    await look("attestation-round-quiz");
    await begin.click();
  }

  await signInAs(page, "staff", "tlt");
  const mine = page.getByRole("link", { name: /^ATT-/ }).first();
  await expect(async () => {
    await page.goto("/cases?register=attestation");
    await expect(mine).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await mine.click();
  await expect(page.getByText("No approved document was attached to this version")).toBeVisible();
  const read = page.getByRole("button", { name: "I have read it" });
  if (await read.isVisible()) {
    await read.click();
    await page.getByLabel("Yes", { exact: true }).check();
    await page.getByRole("button", { name: "I have read it" }).click();
  }
  await page.getByRole("button", { name: "Answer the short quiz" }).click();
  await expect(heading(page)).toHaveText("A short quiz");
  await look("quiz");
  await page.getByRole("button", { name: "See how I did" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose an answer to question 1");
  await look("quiz-error");
  for (const group of await page.getByRole("group").all()) {
    await group.getByLabel("The policy says nothing about this").check();
  }
  await page.getByRole("button", { name: "See how I did" }).click();
  await expect(heading(page)).toHaveText(/of 3 right/);
  await look("quiz-marked");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page).toHaveURL(/attempt=2/);
});

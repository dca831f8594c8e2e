import { expect, trustTest as test } from "../probity.js";

// Begins a declaration from the list of forms.
async function begin(page, look) {
  await page.goto("/registers");
  await look("opening-registers");
  await page.getByRole("link", { name: "Declaration of a relationship", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Before you start" })).toBeVisible();
  await look("opening-start");
  await page.getByRole("button", { name: "Start now" }).click();
}

const question = (page, text) => expect(page.getByRole("heading", { level: 1 })).toHaveText(text);

// Answers the questions that a declaration about a colleague must have, and passes over the rest.
async function answer(page, look) {
  const chosen = { "Why do you declare it now?": "It is new, or I have just learnt of it" };
  for (let left = 30; left > 0; left -= 1) {
    const heading = (await page.getByRole("heading", { level: 1 }).textContent()).trim();
    if (heading.startsWith("Check your answers")) return;
    const main = page.getByRole("main");
    if (chosen[heading]) await main.getByLabel(chosen[heading]).check();
    else if (!heading.endsWith("(optional)")) {
      if (await main.getByLabel("Day").count()) {
        await main.getByLabel("Day").fill("1");
        await main.getByLabel("Month").fill("2");
        await main.getByLabel("Year").fill("2024");
      } else if (await main.getByRole("radio").count()) await main.getByRole("radio").first().check();
      else if (await main.getByRole("checkbox").count()) await main.getByRole("checkbox").first().check();
      else await main.getByRole("textbox").first().fill("We have sung in one choir for ten years.");
    }
    if (left % 4 === 0) await look(`opening-question-${left}`);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
  }
  throw new Error("the questions do not end");
}

test("a member of staff declares a tie, with a slip on the way", async ({ page, look, signInAs }) => {
  await signInAs(page, "staff", "stivichall");
  await begin(page, look);
  await question(page, "Who is the tie with?");
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Choose an answer");
  await look("opening-wrong");
  await page.getByRole("alert").getByRole("link").click();
  await page.getByLabel("A colleague").check();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await answer(page, look);

  await look("opening-check");
  await page.getByRole("link", { name: /^Change\W+Why do you declare it now/ }).click();
  await page.getByLabel("It was there when I joined or when the policy came in").check();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await question(page, "Check your answers before you send them");
  await page.getByRole("button", { name: "Send this declaration" }).click();
  await question(page, "Sent");
  await expect(page.getByText(/DEC-\d{4}-\d{4}/).first()).toBeVisible();
  await look("opening-sent");
});

test("a form that was begun is carried on, then discarded", async ({ page, look, signInAs }) => {
  await signInAs(page, "staff", "link");
  await page.goto("/registers/declaration");
  await page.getByRole("button", { name: "Start now" }).click();
  await page.getByRole("link", { name: "Leave and carry on later" }).click();
  await look("opening-drafts");
  await page.getByRole("link", { name: "Carry on" }).first().click();
  await question(page, "Who is the tie with?");
  await page.goto("/registers");
  await page.getByRole("link", { name: "Discard" }).first().click();
  await look("opening-discard");
  await page.getByRole("button", { name: "Discard it" }).click();
  await expect(page.getByText("The form was discarded")).toBeVisible();
});

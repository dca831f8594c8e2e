// A family's consent to pictures: asked for by a letter, answered on a phone without an account, seen by whoever posts,
// and taken back.
import { expect, trustTest as test } from "../probity.js";

const heading = (page) => page.getByRole("heading", { level: 1 });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

test("a parent answers by the link in a letter, changes an answer, and takes it back", async ({ page, look, signInAs }) => {
  test.setTimeout(180_000);
  await signInAs(page, "head", "tlt");
  await page.goto("/consent");
  await expect(page.getByText("No swimming pictures").first()).toBeVisible();
  await look("consent-list");

  await page.getByRole("button", { name: "Ask families" }).or(page.getByRole("link", { name: "Ask families" })).click();
  await page.getByLabel("Year group").fill("99");
  await press(page, "Continue");
  await expect(page.getByRole("alert")).toContainText("no such pupil");
  await look("consent-ask-error");
  await page.getByLabel("Year group").fill("");
  await press(page, "Continue");
  await expect(heading(page)).toHaveText("Check whose families are asked");
  await look("consent-ask-check");

  await page.goto("/consent?show=unanswered");
  const row = page.getByRole("table").getByRole("rowheader").getByRole("link").first();
  const name = (await row.textContent()).trim();
  const family = name.split(" ").pop();
  await row.click();
  await expect(heading(page)).toHaveText(`Pictures of ${name}`);
  await press(page, "Ask this family");
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("have been asked.")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await look("consent-asked");
  await page.getByRole("button", { name: "See the letters to print" }).or(page.getByRole("link", { name: "See the letters to print" })).click();
  await look("consent-letters");
  const letter = new URL(await page.getByRole("link", { name: /\/pictures\// }).first().getAttribute("href"));
  const link = letter.pathname;

  // The parent, on a telephone of their own.
  await page.context().clearCookies();
  await page.goto(link);
  await expect(heading(page)).toHaveText(`Pictures of ${name.split(" ")[0]}`);
  await expect(page.getByText(family)).toHaveCount(0);
  await look("consent-start");
  await page.getByRole("button", { name: "Start", exact: true }).or(page.getByRole("link", { name: "Start", exact: true })).click();
  await press(page, "Continue");
  await expect(page.getByRole("alert")).toContainText("Choose what you agree to");
  await look("consent-question-error");
  await page.getByLabel("Yes, also with the name").check();
  await press(page, "Continue");
  await expect(heading(page)).toContainText("social media");
  await page.getByLabel("Only in a group, without the name").check();
  await look("consent-question");
  await press(page, "Continue");
  await page.getByLabel("No", { exact: true }).check();
  await press(page, "Continue");
  await page.getByLabel("In your words, if there is").fill("No pictures of sports day");
  await look("consent-limits");
  await press(page, "Continue");
  await expect(heading(page)).toHaveText("Check your answers");
  await expect(page.getByText("No pictures of sports day")).toBeVisible();
  await look("consent-check");
  await page.getByRole("button", { name: "Change Website" }).click();
  await page.getByLabel("Yes, without the name").check();
  await press(page, "Continue");
  await expect(page.getByText("No pictures of sports day")).toBeVisible();
  await page.getByRole("button", { name: /^Send to / }).click();
  await expect(page.getByText("Thank you.")).toBeVisible();
  await look("consent-sent");

  await signInAs(page, "publisher", "tlt");
  await page.goto(`/consent?q=${encodeURIComponent(name)}`);
  const line = page.getByRole("row").filter({ hasText: name }).filter({ hasText: "No pictures of sports day" });
  await expect(line).toContainText("Only in a group");
  await look("consent-list-publisher");
  await page.goto("/consent/ask");
  await expect(heading(page)).not.toHaveText("Ask families about pictures");

  await page.context().clearCookies();
  await page.goto(link);
  await page.getByRole("link", { name: "Take it back: no to everything" }).click();
  await look("consent-withdraw");
  await press(page, "No to everything");
  await expect(page.getByText("Your no is with the school")).toBeVisible();
  await look("consent-withdrawn");
  await page.goto(link.replace(/.$/, (last) => (last === "0" ? "1" : "0")));
  await expect(heading(page)).toHaveText("This link does not work");
  await look("consent-gone");

  await signInAs(page, "publisher", "tlt");
  await expect(async () => {
    await page.goto("/home");
    await expect(page.getByText("withdrew its consent to pictures").first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await page.goto(`/consent?q=${encodeURIComponent(name)}`);
  await expect(page.getByRole("row").filter({ hasText: "The family has withdrawn its consent" }).first()).toBeVisible();
});

test("the office enters a paper form and looks at who said what", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "link");
  await page.goto("/consent?show=unanswered");
  await page.getByRole("table").getByRole("rowheader").getByRole("link").last().click();
  await page.getByRole("button", { name: "Enter an answer" }).or(page.getByRole("link", { name: "Enter an answer" })).click();
  await press(page, "Enter it");
  await expect(page.getByRole("alert")).toContainText("Choose who gave the answer");
  await look("consent-paper-error");
  await page.getByLabel("Somebody else with parental responsibility").check();
  await page.getByLabel("On paper").check();
  for (const use of ["On the school’s website", "On the school’s social media", "In the press"]) {
    await page.getByRole("group", { name: use }).getByLabel("Only in a group, without the name").check();
  }
  await press(page, "Enter it");
  await expect(page.getByText("It is entered, and counts from now on.")).toBeVisible();
  await look("consent-pupil");

  // The policy of this school has all staff know the list.
  await signInAs(page, "staff", "link");
  await page.goto("/consent?show=objected");
  await expect(page.getByRole("table")).toBeVisible();
  await look("consent-list-staff");
});

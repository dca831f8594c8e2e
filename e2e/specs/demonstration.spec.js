// What somebody does who has just started `cargo xtask demo`, from the printed links on.
import { expect, trustTest as test } from "../probity.js";

const schools = [
  ["stivichall", "Quillbrook Primary School"],
  ["tlt", "Hazelmoor High School"],
  ["link", "Otterfold Academy"],
  ["cmat", "Fernwhistle Junior School"],
  ["yes", "Thistledown College"],
];

const heading = (page) => page.getByRole("heading", { level: 1 });
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

// Answers what is still asked in the plainest way: none of these, or the first choice, which is a teacher.
async function answerTheRest(page) {
  const onwards = page.getByRole("button", { name: "Continue" });
  for (let pages = 0; pages < 12 && (await onwards.isVisible()); pages += 1) {
    const none = page.getByLabel("None of these");
    if (await none.isVisible()) await none.check();
    else await page.getByRole("radio").first().check();
    await onwards.click();
  }
}

for (const [policy, school] of schools) {
  test(`a teacher at ${school} signs in by a link, asks, and sees their own page`, async ({ page, look, signInAs }, info) => {
    test.skip(info.project.name !== "desk" && school !== schools[0][1], "one school shows the narrow page");
    await signInAs(page, "staff", policy);
    await page.goto("/");
    await expect(page).toHaveURL(new RegExp(`/ask/${policy}$`));
    await expect(page.getByText("Demonstration: the schools and people here are invented.")).toBeVisible();
    await expect(page.getByText(school).first()).toBeVisible();
    await page.getByLabel("Say it in your own words").fill("May I accept this friend request from a pupil?");
    await press(page, "Continue");
    await expect(heading(page)).toHaveText("What we understood");
    await press(page, "This is right, continue");
    await answerTheRest(page);
    await expect(heading(page)).toHaveText(/No, do not do this/);
    await look(`demonstration-answer-${policy}`);

    // On a phone the navigation is folded away.
    const menu = page.getByRole("button", { name: "Menu" });
    if (await menu.isVisible()) await menu.click();
    await page.getByRole("link", { name: "Home", exact: true }).click();
    await expect(page).toHaveURL(/\/home$/);
    await look(`demonstration-home-${policy}`);
    await press(page, "Sign out");
    await expect(page.getByRole("link", { name: "Sign in", exact: true })).toBeVisible();
  });
}

test("the administrator imports a roster, adds a person, gives a role and sees it in the audit", async ({
  page,
  look,
  signInAs,
}, info) => {
  // The longest walk of all, with an import that runs in the background.
  test.setTimeout(90_000);
  // What a spec adds stays for those after it: names and addresses are new each time.
  const number = `${info.project.name}.${Date.now()}`;
  await signInAs(page, "trust-administrator");
  await page.goto("/administration");
  await look("demonstration-administration");

  await page.getByRole("link", { name: "Import a roster" }).click();
  const list = `Staff ID,Forename,Surname,Email,School\nd${number},Ada,Okafor,ada.${number}@roster.example,Otterfold Academy\n`;
  await page.getByLabel("Files").setInputFiles({
    name: "staff.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(list),
  });
  await page.getByLabel("The file is right").check();
  await press(page, "Continue");
  await press(page, "Continue");
  // A page that waits renews itself; without scripts too.
  const arrive = (name) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible({ timeout: 30_000 });
  await arrive("What the import would change");
  await look("demonstration-import");
  await press(page, "Import");
  await arrive("The roster is imported");

  await page.goto("/administration");
  await page.getByRole("link", { name: "People and roles" }).click();
  await press(page, "Add a person");
  await page.getByLabel("Given name").fill("Robin");
  await page.getByLabel("Family name").fill("Marsh");
  await page.getByLabel("E-mail address").fill(`robin.${number}@school.example`);
  await page.getByLabel("Where they work").selectOption({ label: "Otterfold Academy" });
  await press(page, "Continue");
  await press(page, "Add this person");
  await expect(page.getByText("The person was added")).toBeVisible();
  await look("demonstration-person");

  await press(page, "Give a role");
  await page.getByLabel("Role", { exact: true }).selectOption("Publisher");
  await page.getByLabel("Where").selectOption({ label: "Otterfold Academy" });
  await press(page, "Give this role");
  await expect(page.getByText("The role was given")).toBeVisible();
  const person = page.url().match(/\/people\/([^/?]+)/)[1];

  await page.goto("/administration");
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByLabel("The record it happened to").fill(person);
  await press(page, "Find");
  const events = page.getByRole("region", { name: "Events" });
  await expect(events.getByRole("link", { name: /^Role given/ })).toBeVisible();
  await expect(events.getByRole("link", { name: /^Person added/ })).toBeVisible();
  await look("demonstration-audit");
  await events.getByRole("link", { name: /^Role given/ }).click();
  await expect(heading(page)).toHaveText("Role given");
  await look("demonstration-audit-event");
});

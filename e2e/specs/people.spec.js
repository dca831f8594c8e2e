import { expect, trustTest as test } from "../probity.js";

// What a spec adds stays for those after it, so that names and addresses are new each time.
function fresh() {
  const number = `${Date.now()}${Math.floor(Math.random() * 1000)}`;
  return { family: `Marsh${number.replace(/\d/g, (d) => "abcdefghij"[d])}`, email: `robin.${number}@school.example` };
}

async function add(page, { family, email }) {
  await page.goto("/people/add");
  await page.getByLabel("Given name").fill("Robin");
  await page.getByLabel("Family name").fill(family);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a head adds a person, gives a role, takes it and sets a last day", async ({ page, look, signInAs }) => {
  const robin = fresh();
  await signInAs(page, "head", "tlt");
  await page.goto("/people");
  await look("people-list");

  await page.getByRole("button", { name: "Add a person" }).click();
  await look("people-add");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter their given name.");
  await look("people-add-errors");

  await add(page, robin);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check what you entered");
  await look("people-check");
  await page.getByRole("button", { name: "Change these answers" }).click();
  await expect(page.getByLabel("Family name")).toHaveValue(robin.family);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Add this person" }).click();
  await expect(page.getByText("The person was added")).toBeVisible();
  await look("people-person");

  await page.getByRole("button", { name: "Give a role" }).click();
  await page.getByLabel("Role", { exact: true }).selectOption("Publisher");
  await page.getByLabel("Where").selectOption({ index: 1 });
  await look("people-give-role");
  await page.getByRole("button", { name: "Give this role" }).click();
  await expect(page.getByText("The role was given")).toBeVisible();
  await page.getByRole("link", { name: "Take away the role Publisher" }).click();
  await look("people-take-role");
  await page.getByRole("button", { name: "Take this role away" }).click();
  await expect(page.getByText("The role was taken away")).toBeVisible();

  await page.getByRole("link", { name: "Change last day" }).click();
  await page.getByLabel("Day").fill("31");
  await page.getByLabel("Month").fill("8");
  await page.getByLabel("Year").fill("2090");
  await look("people-end");
  await page.getByRole("button", { name: "Save the last day" }).click();
  await expect(page.getByText("31 August 2090").first()).toBeVisible();
});

test("a head hands their roles over while away, and takes them back", async ({ page, look, signInAs }) => {
  const robin = fresh();
  await signInAs(page, "head", "link");
  await add(page, robin);
  await page.getByRole("button", { name: "Add this person" }).click();
  await page.goto("/me");
  await look("me");
  await page.getByRole("button", { name: "Hand my roles over while I am away" }).click();
  await page.getByLabel("Search for somebody").fill(robin.family);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByLabel(`Robin ${robin.family}`).check();
  for (const [group, year] of [["First day you are away", "2090"], ["Last day you are away", "2090"]]) {
    const date = page.getByRole("group", { name: group });
    await date.getByLabel("Day").fill(group.startsWith("First") ? "4" : "8");
    await date.getByLabel("Month").fill("1");
    await date.getByLabel("Year").fill(year);
  }
  await look("me-hand-over");
  await page.getByRole("button", { name: "Hand over" }).click();
  await expect(page.getByText("From 4 January 2090 up to and with 8 January 2090").first()).toBeVisible();
  await page.getByRole("link", { name: `Robin ${robin.family}` }).click();
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("The handover was taken back")).toBeVisible();
});

test("a head adds a pupil and a parent; the contact details are opened by a step of their own", async ({ page, look, signInAs }) => {
  const { family } = fresh();
  await signInAs(page, "head", "yes");
  await page.goto("/pupils");
  await look("pupils-list");
  await page.getByRole("button", { name: "Add a pupil" }).click();
  await page.getByLabel("Given name").fill("Sky");
  await page.getByLabel("Family name").fill(family);
  await page.getByLabel("Year group").fill("7");
  await page.getByLabel("Day").fill("4");
  await page.getByLabel("Month").fill("3");
  await page.getByLabel("Year", { exact: true }).fill("2015");
  await look("pupils-add");
  await page.getByRole("button", { name: "Add this pupil" }).click();
  await expect(page.getByText("The pupil was added")).toBeVisible();
  await expect(page.getByText("4 March 2015")).toHaveCount(0);
  await page.getByRole("link", { name: "Add a parent or carer" }).click();
  await page.getByLabel("Given name").fill("Kit");
  await page.getByLabel("Family name").fill(family);
  await page.getByLabel("Telephone number").fill("01632 960 001");
  await page.getByRole("button", { name: "Save" }).click();
  await look("pupils-pupil");
  await page.getByRole("button", { name: "Show date of birth and contact details" }).click();
  await expect(page.getByText("4 March 2015")).toBeVisible();
  await expect(page.getByText("01632 960 001")).toBeVisible();
  await look("pupils-contacts");
});

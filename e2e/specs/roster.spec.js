import { expect, trustTest as test } from "../probity.js";

const list = [
  "Staff ID,Forename,Surname,Email,Job title,School",
  "q1,Ada,Okafor,ada.okafor@roster.example,Headteacher,Quillbrook Primary School",
  "q2,Ben,Khan,ben.khan@roster.example,Teacher,Hazelmoor High School",
].join("\n");

const file = (text) => ({ name: "staff.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

// A page that waits renews itself; without scripts too.
async function arrive(page, heading) {
  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible({ timeout: 30_000 });
}

test("an administrator imports a list of staff, looks at what changes, and undoes it", async ({ page, look, signInAs }) => {
  // It waits for the queue several times.
  test.slow();
  await signInAs(page, "trust-administrator");
  await page.goto("/roster");
  await look("roster-start");
  await page.getByLabel("Files").setInputFiles(file(list));
  await page.getByLabel("The file is right").check();
  await page.getByRole("button", { name: "Continue" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Which column is what?");
  await expect(page.getByLabel("Given name")).toHaveValue("Forename");
  await look("roster-columns");
  await page.getByRole("button", { name: "Continue" }).click();

  await arrive(page, "What the import would change");
  await look("roster-preview");
  await page.getByRole("link", { name: "2 Staff added" }).click();
  await expect(page.getByText("The roster hints at the role of Head. It is not given")).toBeVisible();
  await look("roster-changes");
  await page.goBack();
  await page.getByRole("button", { name: "Import", exact: true }).click();

  await arrive(page, "The roster is imported");
  await look("roster-imported");
  await page.getByRole("link", { name: "Undo this import" }).click();
  await look("roster-undo");
  await page.getByRole("button", { name: "Undo the import" }).click();
  await arrive(page, "The import is undone");
});

test("a list with a bad row says where it is and imports nothing", async ({ page, look, signInAs }) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/roster");
  await page.getByLabel("Files").setInputFiles(file(list.replace("ben.khan@roster.example", "ben.khan")));
  await page.getByLabel("The file is right").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("staff.csv, row 3, column 'Email'")).toBeVisible();
  await look("roster-wrong");
});

const school = {
  "orgs.csv": "sourcedId,name,type,identifier\nE,Elsewhere Primary School,school,123456",
  "users.csv": "sourcedId,givenName,familyName,email\n1,Ada,Okafor,ada@roster.example",
  "roles.csv": "sourcedId,userSourcedId,roleType,role,orgSourcedId\nr1,1,primary,teacher,E",
};

async function handIn(page, roster) {
  await page.goto("/roster");
  const files = Object.entries(roster).map(([name, text]) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) }));
  await page.getByLabel("Files").setInputFiles(files);
  await page.getByLabel("Only add new people").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await arrive(page, "What the import would change");
}

test("a school that the trust does not have is added and taken away again", async ({ page, look, signInAs }) => {
  // It waits for the queue several times.
  test.slow();
  await signInAs(page, "trust-administrator");
  await handIn(page, school);
  await expect(page.getByText("A new school follows no policy until somebody chooses one")).toBeVisible();
  await look("roster-adds-a-school");
  await page.getByRole("link", { name: "1 Schools added" }).click();
  await expect(page.getByText("123456")).toBeVisible();
  await look("roster-school");
  await page.goBack();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await arrive(page, "The roster is imported");
  const imported = page.url();

  // The same teacher with another id and another address.
  const users = school["users.csv"].replace("1,Ada,Okafor,ada@", "9,Ada,Okafor,a.okafor@");
  const roles = school["roles.csv"].replace("r1,1,", "r1,9,");
  await handIn(page, { ...school, "users.csv": users, "roles.csv": roles });
  await page.getByRole("link", { name: "Check whether they are the same people" }).click();
  const same = page.getByLabel("Ada Okafor is Ada Okafor (id 9)");
  await expect(same).not.toBeChecked();
  await look("roster-same-people");
  await same.check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("There is nothing to import")).toBeHidden();
  await page.getByRole("button", { name: "Give this import up" }).click();

  await page.goto(imported);
  await page.getByRole("link", { name: "Undo this import" }).click();
  await page.getByRole("button", { name: "Undo the import" }).click();
  await arrive(page, "The import is undone");
});

test("the export page says what it holds", async ({ page, look, signInAs }) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/export");
  await look("export");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the export" }).click();
  expect((await download).suggestedFilename()).toMatch(/^probity-export-.*\.zip$/);
});

// The overview: charts with their tables, and the schools of a trust side by side.
import { expect, trustTest as test } from "../probity.js";

test("the schools of a trust stand side by side and are sorted", async ({ page, look, signInAs }) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/overview");
  await expect(page.getByRole("img", { name: /^Cases opened in each term/ })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Outcomes by contract type" })).toBeVisible();
  await look("overview");
  await page.getByRole("link", { name: "Schools side by side, against the trust" }).click();
  const schools = page.getByRole("table", { name: /^Schools side by side/ });
  await expect(schools.getByRole("row").nth(1)).toContainText("The whole trust");
  await look("overview-schools");
  await schools.getByRole("link", { name: "Signed the policy" }).click();
  await expect(schools.getByRole("columnheader", { name: /^Signed the policy/ })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("combobox", { name: "Registers" }).selectOption({ label: "Permissions" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("heading", { name: "How permissions ended" })).toBeVisible();
  await look("overview-schools-register");

  await signInAs(page, "governor", "stivichall");
  await page.goto("/overview/schools");
  await expect(schools.getByRole("row")).toHaveCount(3);
});

test("somebody is added with their contract type", async ({ page, look, signInAs }, testInfo) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/people/add");
  await page.getByLabel("Given name").fill("Bea");
  await page.getByLabel("Family name").fill(`Supply ${testInfo.project.name}`);
  await page.getByLabel("Contract type (optional)").selectOption({ label: "Supply or agency" });
  await page.getByLabel("Where they work").selectOption({ index: 1 });
  await look("people-add-contract");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Supply or agency")).toBeVisible();
  await page.getByRole("button", { name: /^Add/ }).click();
  await expect(page.getByRole("main")).toContainText("Supply or agency");
});

test("parents find the form for their child's data without an account", async ({ page, look }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Forms for parents and the public" }).click();
  await page.getByRole("link", { name: "Request for one’s own data" }).or(page.getByRole("link", { name: "Request for one's own data" })).click();
  await page.getByLabel("Which school is it about?").selectOption({ index: 1 });
  await page.getByLabel("A parent or carer, for a child").check();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByLabel("What is the child's name, and their class or year?").fill("Cai, 7B");
  await page.getByLabel("Erase what it holds").check();
  await page.getByLabel("What is the name of whoever asks?").fill("Eve");
  await page.getByLabel("How can they be reached?").fill("eve@home.example");
  await page.getByLabel("What do they ask for, in their own words?").fill("All of it, please.");
  await page.getByLabel("Day", { exact: true }).fill("3");
  await page.getByLabel("Month", { exact: true }).fill("2");
  await page.getByLabel("Year", { exact: true }).fill("2025");
  await look("public-subject-access");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("main")).toContainText(/[A-Z0-9]{4}-[A-Z0-9]{4}/);
});

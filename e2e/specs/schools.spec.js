import { expect, trustTest as test } from "../probity.js";

test("an administrator adds a school, changes it, and adopts a policy", async ({ page, look, signInAs }, info) => {
  test.slow();
  await signInAs(page, "trust-administrator");
  await page.goto("/administration");
  await page.getByRole("link", { name: "Schools", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Schools");
  await look("schools");

  await page.getByRole("button", { name: "Add a school" }).click();
  await page.getByLabel("Unique Reference Number").fill("12");
  await page.getByRole("button", { name: "Add this school" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter the school’s name");
  await expect(page.getByRole("alert")).toContainText("Enter a URN of six digits");
  await look("school-add-wrong");
  const name = `Nettlecombe ${info.project.name} School`;
  await page.getByLabel("Name of the school").fill(name);
  await page.getByLabel("Secondary").check();
  await page.getByLabel("Unique Reference Number").fill("");
  await page.getByRole("button", { name: "Add this school" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByText("This school follows no policy yet.")).toBeVisible();
  await look("school-new");

  await page.getByRole("link", { name: "Adopt another policy" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose a policy");
  await page.getByRole("radio").first().check();
  await page.getByLabel("From which day?").fill("1 September 2024");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check before you adopt the policy");
  await page.getByRole("button", { name: "Adopt this policy" }).click();
  await expect(page.getByRole("alert")).toContainText("The policy was adopted");

  await page.getByRole("link", { name: "Adopt another policy" }).click();
  await page.getByRole("radio").nth(1).check();
  await page.getByLabel("From which day?").fill("1 September 2025");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("link", { name: "See what changes for staff" })).toHaveAttribute("href", /^\/compare\//);
  await look("school-policy-check");
  await page.getByRole("button", { name: "Adopt this policy" }).click();
  await expect(page.getByText("since 1 September 2025")).toBeVisible();

  await page.getByRole("link", { name: "Close this school" }).click();
  await page.getByLabel("Last day").fill("31/08/2030");
  await page.getByRole("button", { name: "Set the last day" }).click();
  await expect(page.getByText("31 August 2030")).toBeVisible();
});

test("a head pastes terms, closed days and the school day", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "cmat");
  await page.goto("/schools");
  await page.getByRole("link", { name: "Fernwhistle Junior School" }).click();
  await look("school");
  await expect(page.getByRole("link", { name: "Close this school" })).toHaveCount(0);

  await page.getByRole("link", { name: "Change terms and closed days" }).click();
  await look("school-calendar");
  await page.getByLabel("Terms", { exact: true }).fill("Autumn term\t2 September 2030\t20 December 2030\nSpring term: soon");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Line 2: there is no date in it");
  await page.getByLabel("Terms", { exact: true }).fill("Autumn term\t2 September 2030\t20 December 2030");
  await page.getByLabel("Closed days within the terms").fill("Half-term 28 October – 1 November 2030");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Half-term: 28 October 2030 to 1 November 2030")).toBeVisible();
  await expect(page.getByText("That makes 75 school days.")).toBeVisible();
  await look("school-calendar-check");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("The terms and closed days were saved");

  await page.getByRole("link", { name: "Change the school day" }).click();
  await page.getByLabel("Monday").fill("9:00-12:00 lesson\n11:00-13:00 lunch");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("do not fit together");
  await page.getByLabel("Monday").fill("9:00-12:00 lesson\n12:00-13:00 lunch");
  await page.getByRole("button", { name: "Use these lines on every day" }).click();
  await expect(page.getByLabel("Friday")).toHaveValue("9:00-12:00 lesson\n12:00-13:00 lunch");
  await look("school-day");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("The school day was saved");
});

test("a head adds a contact outside the school and removes it", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "link");
  await page.goto("/schools");
  await page.getByRole("link", { name: "Otterfold Academy" }).click();
  await page.getByRole("link", { name: "Contacts outside the school" }).click();
  await look("school-contacts");
  await page.getByRole("button", { name: "Add a contact" }).click();
  await page.getByLabel("Children’s social care").check();
  await page.getByLabel("Name of the person or team").fill("The front door team");
  await page.getByRole("button", { name: "Add this contact" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter an e-mail address or a telephone number");
  await look("school-contact-wrong");
  await page.getByLabel("Telephone number").fill("01632 960 044");
  await page.getByRole("button", { name: "Add this contact" }).click();
  await page.getByRole("link", { name: "Remove The front door team" }).click();
  await look("school-contact-remove");
  await page.getByRole("button", { name: "Remove this contact" }).click();
  await expect(page.getByText("The front door team")).toHaveCount(0);
});

test("whoever works at one school asks its policy first", async ({ page, look, signInAs }) => {
  await signInAs(page, "staff", "tlt");
  await page.goto("/");
  await expect(page).toHaveURL(/\/ask\/tlt$/);
  await expect(page.getByText("Hazelmoor High School")).toBeVisible();
  await look("ask-at-school");
  await page.getByRole("link", { name: "Ask another policy" }).click();
  await expect(page.locator("input[name=policy][value=tlt]")).toBeChecked();
  await page.goto("/ask/tlt/answer?act=connect&other=pupil");
  await expect(page.getByRole("heading", { name: "No, do not do this" })).toBeVisible();
  await expect(page.getByText("the head (Ben Hale)").first()).toBeVisible();
  await look("ask-answer-at-school");
});

test("the trust’s settings say who may ask", async ({ page, look, signInAs }) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/trust");
  await page.getByLabel("Host name").fill("https://x");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter a host name");
  await look("trust-settings");
  await page.getByLabel("Host name").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The settings were saved")).toBeVisible();
});

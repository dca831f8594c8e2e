import { expect, trustTest as test } from "../probity.js";

test("a head sees who has not had a course, asks them, and sees who has how much in hand", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "yes");
  await page.goto("/administration");
  await page.getByRole("link", { name: "Training", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Training" })).toBeVisible();
  await look("training");
  await page.getByRole("button", { name: /^Ask the \d+ who/ }).first().click();
  await expect(page.getByText(/\d+ people were asked/)).toBeVisible();
  await expect(page.getByText("Asked").first()).toBeVisible();
  await look("training-asked");

  await page.goto("/home");
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await look("home-leader");
  await page.getByRole("link", { name: "Workload" }).click();
  await expect(page.getByRole("region", { name: "Workload" })).toBeVisible();
  await look("workload");
});

test("HR enters totals of groups, and is told what is wrong with them", async ({ page, look, signInAs }) => {
  await signInAs(page, "hr");
  await page.goto("/administration");
  await page.getByRole("link", { name: "Figures of groups" }).click();
  await look("figures");
  await page.getByRole("link", { name: /^Autumn|^Spring|^Summer/ }).first().click();
  const staff = page.getByLabel("Women: on the staff");
  await staff.fill("many");
  await page.getByRole("button", { name: "Save the figures" }).click();
  await page.getByRole("link", { name: /Enter a whole number/ }).click();
  await expect(staff).toBeFocused();
  await look("figures-error");
  await staff.fill("41");
  await page.getByRole("button", { name: "Save the figures" }).click();
  await expect(page.getByText("Entered", { exact: true }).first()).toBeVisible();
});

test("somebody who declared a tie is asked about it no more", async ({ page, look, signInAs }) => {
  await signInAs(page, "staff", "stivichall");
  await page.goto("/registers/declaration");
  await page.getByRole("button", { name: "Start now" }).click();
  const answers = {
    "Who is the tie with?": ["A colleague"],
    "Why do you declare it now?": ["It is new, or I have just learnt of it"],
    "Are you connected online?": ["No"],
  };
  for (let step = 0; step < 25; step += 1) {
    if (await page.getByRole("button", { name: "Send this declaration" }).count()) break;
    const heading = (await page.locator("h1").innerText()).trim();
    if (answers[heading]) await page.getByLabel(answers[heading][0], { exact: true }).check();
    const text = page.locator("textarea");
    if (await text.count()) await text.first().fill("We play in one band");
    await page.getByRole("button", { name: "Continue" }).click();
  }
  await page.getByRole("button", { name: "Send this declaration" }).click();
  await page.goto("/ask/stivichall/answer?act=connect&other=staff");
  await expect(page.getByRole("heading", { name: "What you told us" })).toBeVisible();
  await look("answer-on-record");
  await page.goto("/ask/stivichall/question?act=connect&change=other");
  await expect(page.getByRole("heading", { name: "Somebody you have declared?" })).toBeVisible();
  await look("question-on-record");
});

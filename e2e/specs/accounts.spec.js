// An official account from its being put on record to its log-in being changed.
import { expect, trustTest as test } from "../probity.js";

const heading = (page) => page.getByRole("heading", { level: 1 });
const answerAll = async (page, answers) => {
  for (let pages = 0; pages < 30; pages += 1) {
    const asked = (await heading(page).textContent()).trim();
    if (/^Check your answers/.test(asked)) return;
    const main = page.getByRole("main");
    for (const [label, text] of Object.entries(answers.texts)) {
      const box = main.getByLabel(label);
      if (await box.count()) await box.first().fill(text);
    }
    for (const select of await main.locator("select").all()) await select.selectOption({ label: answers.platform });
    const person = main.getByRole("radio", { name: answers.person });
    if (await person.count()) await person.first().check();
    for (const label of answers.choices) {
      const choice = main.getByLabel(label, { exact: true });
      if (await choice.count()) await choice.first().check();
    }
    await main.getByRole("button", { name: "Continue", exact: true }).click();
  }
  throw new Error("the questions do not end");
};

// The name by which somebody is shown at the top of every page.
const nameOf = async (page) => {
  await page.goto("/home");
  return (await page.locator('a[href="/me"]').first().textContent()).trim();
};

test("a head names people for an account, its log-in is lodged, opened and changed when somebody is named no more", async ({ page, look, signInAs }, info) => {
  test.skip(info.project.name === "no-script", "walked at both widths");
  // The program looks once a minute for log-ins that are to be changed.
  test.setTimeout(300_000);
  page.setDefaultTimeout(20_000);
  const address = `instagram.com/school.${info.project.name.replaceAll("-", "")}`;
  await signInAs(page, "publisher", "tlt");
  const publisher = await nameOf(page);
  await page.goto("/registers/account");
  await page.getByRole("main").locator("form button").last().click();
  await answerAll(page, {
    platform: "Instagram",
    person: new RegExp(publisher),
    texts: {
      "address": address,
      "in a line for the public": "News of the school",
      "strong reason": "Parents asked for one place where news is found",
      "What could go wrong": "Abuse in replies: they are off",
      "Who would look after it?": publisher,
    },
    choices: ["It is in use already, and is put on record now", "The whole school's", "Parents and carers", "No", "Yes, or it will be"],
  });
  await look("account-check");
  await page.getByRole("main").locator("form button").first().click();

  await signInAs(page, "head", "tlt");
  await page.goto("/cases?register=account");
  await page.getByRole("link", { name: /^ACC-/ }).first().click();
  await page.getByRole("button", { name: "Take it on record" }).click();
  const sure = page.getByRole("main").locator("a.govuk-button", { hasText: "Continue" });
  if (await sure.count()) await sure.click();
  await page.getByRole("main").locator("form button").last().click();
  await page.goto("/accounts");
  await page.getByRole("link", { name: new RegExp(address) }).click();
  await look("account");
  for (const part of ["poster", "log-in"]) {
    const account = page.url().split("?")[0];
    await page.goto(`${account}/name/${part}`);
    await page.getByRole("button", { name: "Look for them" }).click();
    await expect(page.getByRole("alert")).toContainText("Enter a part of their name");
    await page.getByLabel(/Whom\?/).fill(publisher.split(" ").pop());
    await page.getByRole("button", { name: "Look for them" }).click();
    await page.getByLabel(publisher).check();
    await look(`account-name-${part}`);
    await page.getByRole("button", { name: "Name them" }).click();
    await expect(page.getByText("They are named for it now")).toBeVisible();
  }
  const account = page.url().split("?")[0];
  await look("account-named");

  await signInAs(page, "it", "tlt");
  await page.goto(`${account}/log-in/lodge`);
  await page.getByRole("button", { name: "Seal and lodge it" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter the name");
  await look("log-in-lodge-error");
  await page.getByLabel("Name or e-mail address").fill("office@school.example");
  await page.getByLabel("Password").fill("lodged-by-hand-1");
  await page.getByRole("button", { name: "Seal and lodge it" }).click();
  await expect(page.getByText("The log-in is sealed and lodged.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open the log-in" })).toHaveCount(0);

  await signInAs(page, "publisher", "tlt");
  await page.goto(`${account}/log-in`);
  await page.getByRole("button", { name: "Open the log-in" }).click();
  await look("log-in-open");
  await page.getByRole("button", { name: "Show it" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Say in 5 to 300 characters");
  await page.getByLabel("What do you need it for?").fill("To post the news of the week");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy the password without showing it" }).click();
  await expect(page.getByText("Copied. Paste it where it belongs")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("lodged-by-hand-1");
  await expect(page.getByText("lodged-by-hand-1")).toHaveCount(0);
  await page.getByRole("button", { name: "Show it" }).click();
  await expect(page.getByText("lodged-by-hand-1")).toBeVisible();
  await look("log-in-shown");

  await signInAs(page, "head", "tlt");
  await page.goto(`${account}/log-in`);
  await expect(page.getByText("To post the news of the week").first()).toBeVisible();
  await look("log-in-seen");
  await page.goto(account);
  await page.getByRole("link", { name: /End it.*May open the log-in/ }).click();
  await look("account-end");
  await page.getByRole("button", { name: "End it" }).click();

  // The program sees it within a minute.
  await signInAs(page, "it", "tlt");
  await expect(async () => {
    await page.goto(`${account}/log-in`);
    await expect(page.getByText("This log-in is to be changed.")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 150_000, intervals: [5_000] });
  await look("log-in-wanted");
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByRole("button", { name: "Make a new password and show it" }).click();
  await look("log-in-new");
  await page.getByRole("button", { name: "It is set on the platform" }).click();
  await expect(page.getByText("The new log-in is the account’s now")).toBeVisible();
  await expect(page.getByText("This log-in is to be changed.")).toHaveCount(0);
  await page.goto("/log-ins");
  await look("log-ins-of-school");
  await page.getByRole("button", { name: "Have all changed" }).click();
  await look("log-ins-change-all");
  await page.getByRole("button", { name: "Have all changed" }).click();
  await expect(page.getByText(/of \d+ (is|are) done/)).toBeVisible();
  await look("log-ins-drill");

  await page.context().clearCookies();
  await page.goto("/official-accounts");
  await page.getByRole("link", { name: /Learning|tlt|School|Academy|Primary|Trust/ }).first().click().catch(() => {});
  await look("official-accounts");
});

import { expect, trustTest as test } from "../probity.js";

test("a message waits at home until it is read", async ({ page, look, signInAs }, info) => {
  // Each project reads the welcome of somebody else.
  const role = { desk: "staff", phone: "publisher", "no-script": "hr" }[info.project.name];
  await signInAs(page, role, "yes");
  await page.goto("/home");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Home");
  const message = page.getByRole("article", { name: "Welcome to Probity" });
  await expect(message).toContainText("Unread");
  await look("home");
  await message.getByRole("button", { name: "Mark as read" }).click();
  await expect(page.getByRole("alert")).toContainText("Marked as read.");
  await expect(message).not.toContainText("Unread");
  // What the program asks for by itself, such as training, is read too, whenever it comes.
  await expect(async () => {
    const rest = page.getByRole("button", { name: /^Mark (all )?as read/ });
    if (await rest.count()) await rest.last().click();
    await expect(page.getByText("You have read all your messages.")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await look("home-read");
  await page.getByRole("main").getByRole("link", { name: "Ask before you act" }).first().click();
  await expect(page).toHaveURL(/\/ask\//);
});

test("a person chooses what comes by e-mail", async ({ page, look, signInAs }) => {
  await signInAs(page, "senior-leader", "link");
  await page.goto("/home");
  await page.getByRole("link", { name: "How messages reach you" }).click();
  await expect(page.getByLabel("All of them, at once")).toBeChecked();
  await look("preference");
  await page.getByLabel("All of them, together once a day").check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Your choice is saved.");
  await expect(page.getByLabel("All of them, together once a day")).toBeChecked();
  await look("preference-saved");
  await page.getByLabel("All of them, at once").check();
  await page.getByRole("button", { name: "Save" }).click();
});

test("a form without a choice says what to do", async ({ page, look, signInAs }) => {
  await signInAs(page, "senior-leader", "link");
  await page.goto("/me/messages");
  await page.locator("input[name=by_mail]").evaluateAll((inputs) => {
    for (const input of inputs) input.checked = false;
  });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveTitle(/^Error: /);
  await page.getByRole("link", { name: "Choose which messages you want by e-mail" }).click();
  await expect(page.getByLabel("All of them, at once")).toBeFocused();
  await look("preference-error");
});

test("the queue is shown to whoever looks after it, and to nobody else", async ({ page, look, signInAs }) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/administration");
  await page.getByRole("link", { name: "Work in the queue" }).click();
  await expect(page.getByText("Nothing was given up.")).toBeVisible();
  await look("queue");
  await page.getByRole("link", { name: /^Waiting/ }).click();
  await expect(page.getByRole("heading", { name: "Waiting" })).toBeVisible();
  await page.context().clearCookies();
  await signInAs(page, "staff", "tlt");
  const refused = await page.goto("/jobs");
  expect(refused.status()).toBe(403);
});

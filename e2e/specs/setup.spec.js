import { expect, freshTest as test } from "../probity.js";

test("a new installation is set up with the code that the server printed", async ({ page, look, fresh }) => {
  test.slow();
  await page.goto("/home");
  await expect(page).toHaveURL(/\/setup$/);
  await look("setup-code");
  await page.getByLabel("Code").fill("AAAA-BBBB-CCCC-DDDD");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter the code that the server printed");
  await page.getByLabel("Code").fill(fresh.code.toLowerCase());
  await page.getByRole("button", { name: "Continue" }).click();

  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose a nation");
  await look("setup-trust");
  await page.getByLabel("Name of the trust").fill("Nettlecombe Trust");
  await page.getByLabel("Wales").check();
  await page.getByLabel("Everybody").check();
  await page.getByRole("button", { name: "Continue" }).click();

  await page.getByLabel("Name of the school").fill("Nettlecombe School");
  await page.getByLabel("Primary").check();
  await look("setup-school");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("radio").last().check();
  await look("setup-policy");
  await page.getByRole("button", { name: "Continue" }).click();

  await page.getByLabel("Given name").fill("Kate");
  await page.getByLabel("Family name").fill("Adeyemi");
  await page.getByLabel("E-mail address").fill("kate@nettlecombe.example");
  await look("setup-administrator");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Yes").check();
  await look("setup-demonstration");
  await page.getByRole("button", { name: "Continue" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your answers");
  await look("setup-check");
  await page.getByRole("button", { name: "Change first school" }).click();
  await page.getByLabel("Name of the school").fill("Nettlecombe Primary School");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Nettlecombe Primary School (Primary)")).toBeVisible();
  await page.getByRole("button", { name: "Set up Probity" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nettlecombe Trust is set up");
  await look("setup-done");

  await page.getByRole("button", { name: "Choose a password" }).click();
  await page.getByLabel("New password").fill("marmalade tractor oboe");
  await page.getByLabel("The same password again").fill("marmalade tractor oboe");
  await page.locator("main form button").first().click();
  await page.goto("/schools");
  await expect(page.getByRole("link", { name: "Nettlecombe Primary School" })).toBeVisible();
  expect((await page.goto("/setup")).status()).toBe(410);

  await page.goto("/trust");
  await page.getByRole("link", { name: "Remove the demonstration" }).click();
  await look("demonstration-remove");
  await page.getByRole("button", { name: "Remove the demonstration" }).click();
  await expect(page.getByText("Demonstration: the schools and people here are invented.")).toHaveCount(0);
  await page.goto("/schools");
  await expect(page.getByRole("link", { name: "Hazelmoor High School" })).toHaveCount(0);
});

test("asking is open before anything is set up", async ({ page, look }) => {
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Set it up" })).toBeVisible();
  await look("setup-not-yet");
});

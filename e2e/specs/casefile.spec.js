import { readFile } from "node:fs/promises";
import { expect, trustTest as test } from "../probity.js";

test("a head looks at somebody's file, and that person sees who looked", async ({ page, look, signInAs }) => {
  await signInAs(page, "staff", "yes");
  await page.goto("/me");
  await page.getByRole("link", { name: "My personnel file, and who looked at it" }).click();
  await expect(page.getByText("Nobody but you has looked at your file.")).toBeVisible();
  await expect(page.getByText("Nothing is on your file.")).toBeVisible();
  await look("personnel-file-own-empty");
  const name = await page.locator(".govuk-caption-l").innerText();

  await signInAs(page, "head", "yes");
  await page.goto(`/people?q=${encodeURIComponent(name)}`);
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("link", { name: "Personnel file" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Personnel file" })).toBeVisible();
  await look("personnel-file");

  await signInAs(page, "staff", "yes");
  await page.goto("/me/file");
  await expect(page.getByRole("region", { name: "Who looked" }).getByRole("row")).toHaveCount(2);
  await look("personnel-file-own");
});

test("the data protection officer finds nothing past its time, and is told what a hold lacks", async ({ page, look, signInAs }) => {
  await signInAs(page, "data-protection-officer");
  await page.goto("/administration");
  await page.getByRole("link", { name: "Retention" }).click();
  await expect(page.getByText("Probity looks every night.")).toBeVisible();
  await look("retention-empty");
  await page.getByRole("button", { name: "Hold a case back" }).click();
  await page.getByRole("button", { name: "Hold it back" }).click();
  await page.getByRole("link", { name: "Say in 5 to 500 characters why it is held back" }).click();
  await expect(page.getByLabel("Why is it held back?")).toBeFocused();
  await look("retention-hold-error");
});

test("the head reads the overview of a term and takes it out", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "yes");
  await page.goto("/administration");
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await expect(page.getByRole("img", { name: /^Cases opened in each term/ })).toBeVisible();
  await look("overview");
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Take the report out as a table (CSV)" }).click();
  const saved = await saving;
  expect(await readFile(await saved.path(), "utf8")).toContain("Registers,");
});

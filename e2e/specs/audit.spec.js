import { readFile } from "node:fs/promises";
import { expect, trustTest as test } from "../probity.js";

test("the data protection officer reads the audit, opens an event and takes events out", async ({ page, look, signInAs }) => {
  await signInAs(page, "data-protection-officer");
  await page.goto("/administration");
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit" })).toBeVisible();
  await look("audit");

  await page.getByLabel("What happened").selectOption({ label: "School added" });
  await page.getByRole("button", { name: "Find" }).click();
  const rows = page.getByRole("region", { name: "Events" }).getByRole("row");
  await expect(rows).toHaveCount(6);
  await rows.nth(1).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "School added" })).toBeVisible();
  await expect(page.getByText("That you opened this event is recorded.")).toBeVisible();
  await look("audit-event");

  await page.getByRole("link", { name: "All its events" }).click();
  await expect(rows.first()).toBeVisible();
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV, for a spreadsheet" }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe("audit.csv");
  expect(await readFile(await saved.path(), "utf8")).toContain("school.added");
});

test("an audit question that nothing fits, or that cannot be read, says so", async ({ page, look, signInAs }) => {
  await signInAs(page, "data-protection-officer");
  await page.goto("/audit?person=nobody-of-this-name");
  await expect(page.getByText("No event fits. Leave a field empty to see more.")).toBeVisible();
  await look("audit-nothing");
  await page.goto("/audit?from=yesterday");
  await page.getByRole("link", { name: "Enter the first day as year, month and day, such as 2026-11-20" }).click();
  await expect(page.getByLabel("From")).toBeFocused();
  await look("audit-error");
});

test("a teacher sees no audit", async ({ page, signInAs }) => {
  await signInAs(page, "staff", "yes");
  const answer = await page.goto("/audit");
  expect(answer.status()).toBe(403);
});

import { expect, test } from "../probity.js";

const heading = (page) => page.getByRole("heading", { level: 1 });

test("the policies stand side by side", async ({ page, look }) => {
  await page.goto("/policies");
  for (const name of ["YES Trust", "Stivichall", "Chancery Multi Academy Trust", "The Learning Trust", "The Link School (Sunderland)"]) {
    await expect(page.getByRole("heading", { level: 2, name })).toBeVisible();
  }
  await look("policies");
});

test("a policy is read and searched", async ({ page, look }) => {
  await page.goto("/policies/stivichall");
  await look("policy");
  await page.getByLabel("Search the clauses").fill("personnel file");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("status")).toContainText("clauses hold “personnel file”");
  await look("policy-search");
  await page.getByLabel("Search the clauses").fill("xylophone");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("status")).toContainText("No clause holds “xylophone”");
  await page.getByRole("link", { name: "Show all clauses" }).click();
  await expect(page).toHaveURL(/\/policies\/stivichall$/);
});

test("a newcomer and an owner have their pages", async ({ page, look }) => {
  await page.goto("/policies/link/induction");
  await expect(heading(page)).toHaveText("New here? What the policy asks of you");
  await look("induction");
  await page.goto("/policies/link/owner");
  await expect(page.getByRole("heading", { name: "What you should know" })).toBeVisible();
  await look("owner");
  await page.getByRole("link", { name: "Show only what is not wholly carried out" }).click();
  await expect(page.getByRole("link", { name: "Show all clauses" })).toBeVisible();
});

test("two policies are compared in words", async ({ page, look }) => {
  await page.goto("/compare");
  await look("compare-choose");
  await page.getByLabel("First policy").selectOption({ label: "The Learning Trust" });
  await page.getByLabel("Second policy").selectOption({ label: "The Learning Trust" });
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose two different policies");
  await page.getByLabel("Second policy").selectOption({ label: "The Link School (Sunderland)" });
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(heading(page)).toHaveText("The Learning Trust and The Link School (Sunderland)");
  await page.getByLabel("Show differences about").selectOption({ label: "write somebody a reference or recommendation online" });
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByRole("table").first()).toBeVisible();
  await look("compare");
  await page.getByRole("link", { name: /^See the answer/ }).first().click();
  await expect(page).toHaveURL(/\/answer\?/);
});

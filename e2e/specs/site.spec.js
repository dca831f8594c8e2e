import { expect, test } from "../probity.js";

const pages = [
  ["start", "/", "Ask before you act"],
  ["not-found", "/nothing-here", "Page not found"],
  ["accessibility", "/accessibility", "Accessibility statement"],
  ["licences", "/licences", "Licences"],
  ["platforms", "/platforms", "Platforms"],
  ["problems", "/problems", "Problems this service reports"],
  ["api", "/api", "For programs"],
];

for (const [name, path, heading] of pages) {
  test(`${name} is sound`, async ({ page, look }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    await look(name);
  });
}

test("the first tab stop leads past the header", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to main content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main-content$/);
});

test("an error page leads back to the start", async ({ page }) => {
  const answer = await page.goto("/nothing-here");
  expect(answer.status()).toBe(404);
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await expect(page).toHaveURL("/");
});

test("scripts of the components run where there are any", async ({ page, javaScriptEnabled }) => {
  await page.goto("/");
  const body = page.locator("body");
  if (javaScriptEnabled) await expect(body).toHaveClass(/govuk-frontend-supported/);
  else await expect(body).not.toHaveClass(/js-enabled/);
});

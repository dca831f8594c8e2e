// A draft is checked before anybody else sees it: with a button, and while it is typed where there are scripts.
import { expect, trustTest as test } from "../probity.js";

const box = (page) => page.getByLabel("What do you want to post?");

test("a teacher checks a draft, mends what was found, and is told that nothing is", async ({ page, look, signInAs }) => {
  await signInAs(page, "staff", "tlt");
  await page.goto("/home");
  await page.getByRole("link", { name: "Check a post" }).click();
  await look("check-post");
  await page.getByRole("button", { name: "Check it" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter what you want to post");
  await look("check-post-empty");

  await box(page).fill("Call me on 07700 900123, it’s about the stupid new rules at this school.");
  await page.getByRole("button", { name: "Check it" }).click();
  await expect(page.locator("mark").first()).toBeVisible();
  await look("check-post-found");
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "See the whole answer" }).click();
  await expect(await opened).toHaveURL(/\/ask\/tlt\/answer\?/);

  await box(page).fill("What a sunny morning on the field.");
  await page.getByRole("button", { name: "Check it" }).click();
  await expect(page.getByRole("heading", { name: "Nothing was found" })).toBeVisible();
  await look("check-post-clean");
});

test("findings appear while somebody types", async ({ page, look, signInAs, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "without scripts there is the button");
  await signInAs(page, "staff", "tlt");
  await page.goto("/check");
  await box(page).pressSequentially("My number is 07700 900123");
  await expect(page.locator("mark", { hasText: "07700 900123" })).toBeVisible();
  await expect(page.getByRole("status")).toContainText("found");
  await expect(page).toHaveURL(/\/check$/);
  await look("check-post-live");
});

import { expect, trustTest as test } from "../probity.js";
import { start } from "../servers/start.js";

const secret = "a secret of some length";

test("a provider lets somebody in and gives roles by what it claims", async ({ page, look, signInAs }) => {
  // It walks through two sites.
  test.slow();
  // Who is to come in: a teacher, whose address stands on their page.
  await signInAs(page, "staff", "yes");
  await page.goto("/me");
  const email = (await page.locator("main").textContent()).match(/\S+@\S+\.example/)[0];

  const client = { client_id: "probity", client_secret: secret, redirect_uris: [] };
  const provider = await start("openid.js", { client, accounts: [] });
  try {
    await signInAs(page, "trust-administrator");
    await page.goto("/administration/sign-in");
    await page.getByLabel("Name that people know it by").fill("Elm");
    await page.getByLabel("Issuer").fill(provider.address);
    await page.getByLabel("Client ID").fill("probity");
    await page.getByLabel("Client secret").fill(secret);
    await page.getByRole("button", { name: "Add the provider" }).click();
    await expect(page.getByRole("alert")).toContainText("begins with https://");
    await page.getByLabel("Client secret").fill(secret);
    await page.getByLabel("It stands in our own network").check();
    await page.getByRole("button", { name: "Add the provider" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Elm");
    await expect(page.getByText("No claim gives a role yet")).toBeVisible();
    await look("provider");
    const own = page.url();
    const back = (await page.locator("main").textContent()).match(/http:\S+\/sign-in\/return\/\w+/)[0];
    const account = { sub: "teacher", email, email_verified: true };
    const claiming = (groups) =>
      provider.set({ client: { ...client, redirect_uris: [back] }, accounts: [{ ...account, groups }] });

    await page.getByRole("button", { name: "Add a line" }).click();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("Enter the value");
    await look("provider-line-wrong");
    await page.getByLabel("Value").fill("safeguarding");
    await page.getByLabel("Role").selectOption("Safeguarding lead");
    await page.getByLabel("Where").selectOption("The whole trust");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("rowheader")).toHaveText("groups: safeguarding");
    await look("provider-lines");

    const comeIn = async () => {
      await page.context().clearCookies();
      await page.goto("/sign-in?next=/me");
      await page.getByRole("button", { name: "Sign in with Elm" }).click();
      await page.getByLabel("Account").fill(email);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    claiming(["safeguarding", "choir"]);
    await comeIn();
    await expect(page.getByText("Safeguarding lead").first()).toBeVisible();
    await look("me-with-a-claimed-role");
    claiming([]);
    await comeIn();
    await expect(page.getByText(email).first()).toBeVisible();
    await expect(page.getByText("Safeguarding lead")).toHaveCount(0);

    await page.context().clearCookies();
    await signInAs(page, "trust-administrator");
    await page.goto(own);
    await page.getByRole("link", { name: "Remove Safeguarding lead" }).click();
    await look("provider-line-remove");
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("link", { name: "Remove this provider" }).click();
    await look("provider-remove");
    await page.getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText("There is none yet.")).toBeVisible();
  } finally {
    await provider.stop();
  }
});

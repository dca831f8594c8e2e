import { createHmac } from "node:crypto";
import { expect, trustTest as test } from "../probity.js";

const password = "marmalade tractor oboe";

// The code of this moment, as an authenticator app computes it (RFC 6238).
function code(key) {
  const bits = [...key.replaceAll(" ", "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

test("a wrong password says so and keeps the name", async ({ page, look }) => {
  await page.goto("/me/sign-in");
  await expect(page.getByRole("heading", { name: "Sign in", exact: true })).toBeVisible();
  await look("sign-in");
  await page.getByLabel("E-mail address").fill("nobody@elsewhere.example");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("do not fit together");
  await expect(page.getByLabel("E-mail address")).toHaveValue("nobody@elsewhere.example");
  await look("sign-in-wrong");
});

test("somebody sets a password and a second step, and sees where they are signed in", async ({ page, look, signInAs }) => {
  await signInAs(page, "head", "yes");
  await page.goto("/me/password");
  await page.getByLabel("New password").fill("password1234");
  await page.getByLabel("The same password again").fill("password1234");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("easy to guess");
  await look("password-weak");
  await page.getByLabel("New password").fill(password);
  await page.getByLabel("The same password again").fill(password);
  await page.getByRole("button", { name: "Save" }).click();
  await look("me-sign-in");
  if (await page.getByRole("button", { name: "Set up the second step" }).isVisible()) {
    await page.getByRole("button", { name: "Set up the second step" }).click();
    await look("second-factor");
    const key = await page.locator("p > strong").first().textContent();
    await page.getByLabel("Code from the app").fill(code(key));
    await page.getByRole("button", { name: "Turn the second step on" }).click();
    await expect(page.getByRole("listitem").filter({ has: page.locator("code") })).toHaveCount(10);
    await look("recovery-codes");
    await page.getByRole("button", { name: "I have kept them" }).click();
  }
  await page.goto("/me/sessions");
  await expect(page.getByText("This one")).toBeVisible();
  await look("sessions");
});

test("an administrator looks after how people sign in", async ({ page, look, signInAs }) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/administration/sign-in");
  await page.getByRole("button", { name: "Add the provider" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter the issuer");
  await look("sign-in-settings");
});

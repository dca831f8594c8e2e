import { expect, trustTest as test } from "../probity.js";

const schools = [
  ["stivichall", "Quillbrook Primary School"],
  ["tlt", "Hazelmoor High School"],
  ["link", "Otterfold Academy"],
  ["cmat", "Fernwhistle Junior School"],
  ["yes", "Thistledown College"],
];

for (const [policy] of schools) {
  test(`a teacher at the school that follows ${policy} signs in by a link`, async ({ page, signInAs }) => {
    await signInAs(page, "staff", policy);
    await page.goto("/");
    await expect(page.getByText("Demonstration: the schools and people here are invented.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  });
}

test("the trust's administrator signs in by a link", async ({ page, look, signInAs }) => {
  await signInAs(page, "trust-administrator");
  await page.goto("/");
  await look("demonstration-administrator");
});

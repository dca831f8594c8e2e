// Cases on the generated pages from opening to their end. A few registers every time; all of them where
// PROBITY_TEST_WALKS asks for it.
import { trustTest as test } from "../probity.js";
import { finish, life, open, registers } from "../register-walk.js";

const everyTime = ["approach", "disciplinary", "incident"];
const walked = process.env.PROBITY_TEST_WALKS ? registers : everyTime;

// Roles in the order in which they are asked to go on.
const roles = [
  "head",
  "senior-leader",
  "safeguarding-lead",
  "hr",
  "data-protection-officer",
  "it",
  "line-manager",
  "staff",
  "chair-of-governors",
  "governor",
  "publisher",
  "trust-administrator",
];

for (const register of walked) {
  const { openers } = life(register);
  const opener = roles.find((role) => openers.includes(role));
  test(`${register}: from opening to its end`, async ({ page, look, signInAs }, info) => {
    test.skip(!opener, "only the program or another case opens one");
    test.skip(info.project.name !== "desk" && !(info.project.name === "phone" && register === "incident"), "walked at desk width");
    test.setTimeout(240_000);
    const signIn = (role) => signInAs(page, role, role === "trust-administrator" ? undefined : "stivichall");
    await signIn(opener);
    const address = await open(page, look, register);
    await finish({ page, look, signIn, register, address, roles });
  });
}

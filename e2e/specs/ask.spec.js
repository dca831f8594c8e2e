import { expect, test } from "../probity.js";

const heading = (page) => page.getByRole("heading", { level: 1 });
const onwards = (page) => page.getByRole("button", { name: "Continue" });

// Answers what is still asked in the plainest way: none of these, or the first choice, which is a teacher.
async function answerTheRest(page) {
  for (let pages = 0; pages < 9 && (await onwards(page).isVisible()); pages += 1) {
    const none = page.getByLabel("None of these");
    if (await none.isVisible()) await none.check();
    else await page.getByRole("radio").first().check();
    await onwards(page).click();
  }
}

test("from one's own words to the answer", async ({ page, look }) => {
  await page.goto("/");
  await page.getByLabel("Stivichall").check();
  await onwards(page).click();
  await expect(heading(page)).toHaveText("What do you want to do?");
  await look("act");
  await page
    .getByLabel("Say it in your own words")
    .fill("Can I accept a friend request from a former pupil, she is 17?");
  await onwards(page).click();

  await expect(heading(page)).toHaveText("What we understood");
  await expect(page.getByRole("definition").filter({ hasText: "a former pupil" })).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: "under 18" })).toBeVisible();
  expect(page.url()).not.toContain("friend+request");
  await look("understood");
  await page.getByRole("button", { name: "This is right, continue" }).click();

  await expect(heading(page)).toHaveText("Do you know them in another way as well?");
  await look("question-group");
  await page.getByLabel("None of these").check();
  await onwards(page).click();
  await answerTheRest(page);

  await expect(heading(page)).toHaveText(/No, do not do this/);
  await expect(page.getByRole("heading", { name: "What you need to do" })).toBeVisible();
  await expect(page.getByRole("link", { name: "8.3.2" }).first()).toBeVisible();
  await look("answer-prohibited");
});

test("from the list to the answer, with Back and a changed answer", async ({ page, look }) => {
  await page.goto("/ask/link");
  await page.getByRole("link", { name: "Become online friends or follow" }).click();
  await expect(heading(page)).toHaveText("Who is the other person?");
  await look("question-choice");
  await page.getByLabel("A pupil", { exact: true }).check();
  await onwards(page).click();
  const second = await heading(page).textContent();

  await page.getByRole("link", { name: "Back", exact: true }).click();
  await expect(heading(page)).toHaveText("Who is the other person?");
  await page.getByLabel("A member of staff").check();
  await onwards(page).click();
  await expect(heading(page)).not.toHaveText(second.trim());

  await answerTheRest(page);
  await expect(heading(page)).toHaveText(/Better not/);
  await look("answer-advised-against");

  await page.getByRole("link", { name: "Change The other person" }).click();
  await page.getByLabel("A pupil", { exact: true }).check();
  await onwards(page).click();
  await expect(page.getByText("A pupil", { exact: true }).first()).toBeVisible();
});

test("a question left open says what to do", async ({ page, look }) => {
  await page.goto("/ask/link/question?act=connect");
  await onwards(page).click();
  await expect(page.getByRole("alert")).toContainText("Choose one of these");
  await look("question-error");
});

test("nothing said, and nothing understood", async ({ page, look }) => {
  await page.goto("/ask/cmat");
  await onwards(page).click();
  await expect(page.getByRole("alert")).toContainText("Say what you are about to do");
  await page.getByLabel("Say it in your own words").fill("zxqv wvut");
  await onwards(page).click();
  await expect(page.getByRole("alert")).toContainText("We could not make that out");
  await look("act-error");
});

test("silence points to somebody and to the model policy", async ({ page, look }) => {
  await page.goto("/ask/cmat/answer?asker=volunteer&act=connect&other=pupil");
  await expect(heading(page)).toHaveText(/This policy does not cover you/);
  await expect(page.getByRole("heading", { name: "What Probity’s model policy would say" })).toBeVisible();
  await look("answer-silent");
});

test("leave, conditions and the law have their places", async ({ page, look }) => {
  await page.goto("/ask/stivichall/answer?act=post&capacity=official&account=official&purpose=school-business");
  await expect(heading(page)).toHaveText(/Only with permission/);
  await expect(page.getByRole("heading", { name: "Who can give permission" })).toBeVisible();
  await look("answer-permission-needed");
  await page.goto("/ask/tlt/answer?act=notice-child-at-risk");
  await expect(page.getByRole("heading", { name: "What the law says, whatever the policy says" })).toBeVisible();
  await look("answer-law");
});

test("an unknown fact is refused by name", async ({ page, look }) => {
  const answer = await page.goto("/ask/link/answer?act=conect");
  expect(answer.status()).toBe(422);
  await expect(page.getByText("did you mean 'connect'")).toBeVisible();
  await look("unknown-fact");
});

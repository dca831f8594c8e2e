// A post from its draft to its being taken down: written, mended, approved by somebody else, put out, corrected.
import { fileURLToPath } from "node:url";
import { expect, trustTest as test } from "../probity.js";

const photo = fileURLToPath(new URL("../../crates/picture/measured/astronaut.jpg", import.meta.url));

const nameOf = async (page) => {
  await page.goto("/home");
  return (await page.locator('a[href="/me"]').first().textContent()).trim();
};

// An account in use on which the publisher posts.
const account = async (page, signInAs, address, publisher) => {
  await signInAs(page, "publisher", "tlt");
  await page.goto("/registers/account");
  await page.getByRole("main").locator("form button").last().click();
  const texts = {
    "address": address,
    "in a line for the public": "News of the school",
    "strong reason": "Parents asked for one place where news is found",
    "What could go wrong": "Abuse in replies: they are off",
    "Who would look after it?": publisher,
  };
  for (let pages = 0; pages < 30; pages += 1) {
    if (/^Check your answers/.test((await page.getByRole("heading", { level: 1 }).textContent()).trim())) break;
    const main = page.getByRole("main");
    for (const [label, text] of Object.entries(texts)) {
      const box = main.getByLabel(label);
      if (await box.count()) await box.first().fill(text);
    }
    for (const select of await main.locator("select").all()) await select.selectOption({ label: "Instagram" });
    const person = main.getByRole("radio", { name: new RegExp(publisher) });
    if (await person.count()) await person.first().check();
    for (const label of ["It is in use already, and is put on record now", "The whole school's", "Parents and carers", "No", "Yes, or it will be"]) {
      const choice = main.getByLabel(label, { exact: true });
      if (await choice.count()) await choice.first().check();
    }
    await main.getByRole("button", { name: "Continue", exact: true }).click();
  }
  await page.getByRole("main").locator("form button").first().click();
  await signInAs(page, "head", "tlt");
  await page.goto("/cases?register=account");
  await page.getByRole("link", { name: /^ACC-/ }).first().click();
  await page.getByRole("button", { name: "Take it on record" }).click();
  const sure = page.getByRole("main").locator("a.govuk-button", { hasText: "Continue" });
  if (await sure.count()) await sure.click();
  await page.getByRole("main").locator("form button").last().click();
  // Whoever looks after it is named as soon as somebody looks at it.
  await page.goto("/accounts");
  await page.getByRole("link", { name: new RegExp(address) }).click();
};

// What is due goes into the hands of a person within a minute.
const handedOver = async (page, post) => {
  await expect(async () => {
    await page.goto(post);
    await expect(page.getByRole("button", { name: "See to it" })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 100_000 });
};

// A picture goes up without what its file knew, and each face on it is accounted for.
const pictures = async (page, look) => {
  const file = page.getByLabel("The file, of at most");
  await file.setInputFiles({ name: "news.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });
  await page.getByRole("textbox", { name: "What is to be seen on it?" }).fill("An astronaut in her suit");
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("post-picture-refused");
  await file.setInputFiles(photo);
  await page.getByRole("textbox", { name: "What is to be seen on it?" }).fill("An astronaut in her suit");
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Who is on picture/);
  await look("post-faces");
  await page.getByRole("button", { name: "An adult who knows" }).first().click();
  await expect(page.locator("#face-1")).toContainText(/adult/i);
  const rest = page.getByRole("button", { name: "Blur every face that nobody has said" });
  if (await rest.count()) await rest.click();
  await look("post-faces-said");
};

test("a post is written, mended, approved, put out, corrected and taken down", async ({ page, look, signInAs }, info) => {
  test.skip(info.project.name === "no-script", "walked at both widths");
  test.setTimeout(420_000);
  page.setDefaultTimeout(20_000);
  const name = info.project.name.replaceAll("-", "");
  const address = `instagram.com/posts.${name}`;
  await signInAs(page, "publisher", "tlt");
  const publisher = await nameOf(page);
  await account(page, signInAs, address, publisher);

  await signInAs(page, "publisher", "tlt");
  await page.goto("/posts");
  await look("posts-calendar");
  await page.getByRole("button", { name: "Write a post" }).click();
  await page.getByRole("button", { name: "Save the draft" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("post-errors");
  await page.getByLabel("What do you call it?").fill(`Garden ${name}`);
  await page.getByLabel("What does it say?").fill("Ring me on 07700 900123 about that idiot of a parent.");
  await expect(page.locator("#checked .app-verdict")).toBeVisible();
  await look("post-found");
  await page.getByLabel("What does it say?").fill("The school garden is open on Saturday. Come and see it.");
  await page.getByLabel(new RegExp(address)).check();
  await page.getByLabel("An event").check();
  await page.getByRole("group", { name: /anything that is not the school/ }).getByLabel("No").check();
  await page.getByRole("group", { name: /show or name any pupil/ }).getByLabel("No").check();
  await expect(page.locator("#checked")).not.toContainText("07700");
  await look("post-mended");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await expect(page.getByText("The draft is saved")).toBeVisible();
  const post = page.url().split("?")[0];
  await look("post-draft");
  await page.getByRole("link", { name: "Pictures" }).click();
  await look("post-pictures");
  await pictures(page, look);
  await page.goto(post);
  await page.getByRole("button", { name: "Send it for approval" }).click();
  await expect(page.getByText("It is with those who approve posts")).toBeVisible();

  await signInAs(page, "head", "tlt");
  await page.goto(post);
  await look("post-to-approve");
  await page.getByRole("button", { name: "Approve it" }).click();
  await expect(page.getByText("You have approved it")).toBeVisible();

  await signInAs(page, "publisher", "tlt");
  await page.goto(post);
  await page.getByRole("button", { name: "Say when it goes out" }).click();
  await look("post-schedule");
  await page.getByLabel("As soon as possible").check();
  await page.getByRole("button", { name: "Schedule it" }).click();
  await expect(page.getByText("It is scheduled.")).toBeVisible();
  await handedOver(page, post);
  await page.getByRole("button", { name: "See to it" }).click();
  await look("post-handed-over");
  await page.getByLabel(/Where is it now/).fill("https://facebook.com/elsewhere");
  await page.getByRole("button", { name: "It is out", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("not on the account’s platform");
  await page.getByLabel(/Where is it now/).fill(`https://instagram.com/p/${name}`);
  await page.getByRole("button", { name: "It is out", exact: true }).click();
  await expect(page.getByRole("main")).toContainText("Published");
  await look("post-published");
  await page.goto("/posts");
  await expect(page.getByRole("link", { name: `Garden ${name}` })).toBeVisible();
  await look("posts-calendar-full");

  await page.goto(post);
  await page.getByRole("link", { name: "Correct it" }).click();
  await page.getByRole("button", { name: "Write the correction" }).click();
  await expect(page.getByLabel("What does it say?")).toHaveValue(/Saturday/);
  await look("post-correct");
  await page.goto(`${post}/take-down`);
  await page.getByLabel("Why?").fill("The garden is closed");
  await look("post-take-down");
  await page.getByRole("button", { name: "Have it taken down" }).click();
  await page.getByRole("button", { name: "See to it" }).click();
  await look("post-removing");
  await page.getByRole("button", { name: "It is gone" }).click();
  await expect(page.getByRole("main")).toContainText("Taken down");

  await signInAs(page, "head", "tlt");
  await page.goto("/posts/stop");
  await page.getByRole("button", { name: /^Hold all posts/ }).first().click();
  await look("posts-held");
  await page.getByRole("button", { name: /^Let them go on/ }).first().click();
  await page.getByRole("button", { name: "Let them go on" }).click();
  await expect(page.getByText("Nothing is held.")).toBeVisible();
  await page.goto("/posts/replies");
  await look("posts-replies");
});

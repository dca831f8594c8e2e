// What a register's file says of its life, and how a person walks through it on the generated pages.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";

const folder = fileURLToPath(new URL("../registers/", import.meta.url));

export const registers = readdirSync(folder)
  .filter((name) => name.endsWith(".toml"))
  .map((name) => name.slice(0, -5));

// Enough of the file for a walk: who opens a case, what its states are called, which steps lead where.
export function life(register) {
  const text = readFileSync(`${folder}${register}.toml`, "utf8");
  const list = (block, name) =>
    [...(block.match(new RegExp(`^${name} = \\[([^\\]]*)\\]`, "m"))?.[1] ?? "").matchAll(/"([^"]*)"/g)].map((m) => m[1]);
  const word = (block, name) => block.match(new RegExp(`^${name} = "([^"]*)"`, "m"))?.[1];
  const blocks = text.split(/^(?=\[\[)/m);
  const of = (kind) => blocks.filter((block) => block.startsWith(`[[${kind}]]`));
  const states = of("state").map((block) => ({ id: word(block, "id"), says: word(block, "says"), end: /^end = true/m.test(block) }));
  const steps = of("step").map((block) => ({ id: word(block, "id"), from: list(block, "from"), to: word(block, "to") }));
  const ends = states.filter((state) => state.end);
  for (const step of steps) step.goesOn = step.from.some((from) => !ends.some((end) => end.id === from));
  return { openers: list(blocks[0], "opened_by"), states, steps, far: distances(states, steps) };
}

// How many steps each state is from an end.
function distances(states, steps) {
  const far = Object.fromEntries(states.map((state) => [state.id, state.end ? 0 : Infinity]));
  for (const _ of states) {
    for (const { from, to } of steps) {
      for (const state of from) far[state] = Math.min(far[state], (far[to] ?? Infinity) + 1);
    }
  }
  return far;
}

// Fills in whatever a page asks in the plainest way.
async function fill(page) {
  const main = page.getByRole("main");
  for (const box of await main.locator("fieldset:not(:has(fieldset))").all()) {
    const radios = box.getByRole("radio");
    if ((await radios.count()) && !(await box.locator("input:checked").count())) await radios.first().check();
    const boxes = box.getByRole("checkbox");
    if ((await boxes.count()) && !(await box.locator("input:checked").count())) await boxes.first().check();
    if (await box.getByLabel("Day", { exact: true }).count()) {
      const help = (await box.textContent()).toLowerCase();
      await box.getByLabel("Day", { exact: true }).fill("3");
      await box.getByLabel("Month").fill("2");
      await box.getByLabel("Year").fill(/until|will|by when|due|next|expire|end/.test(help) ? "2031" : "2024");
      if (await box.getByLabel("Time").count()) await box.getByLabel("Time").fill("10:00am");
    }
  }
  for (const choice of await main.locator("select").all()) await choice.selectOption({ index: 1 });
  for (const text of await main.locator("textarea").all()) await text.fill("We have talked about it, and this is what was said.");
  for (const line of await main.locator("input[type=text], input:not([type])").all()) {
    if (await line.inputValue()) continue;
    const number = (await line.getAttribute("inputmode")) === "numeric";
    // People and pupils are looked up by a part of their name.
    const lookup = (await line.getAttribute("class")).includes("width-two-thirds");
    await line.fill(number ? "2" : lookup ? "ar" : "example");
  }
}

// Opens a case, one question a page; gives its address.
export async function open(page, look, register) {
  await page.goto(`/registers/${register}`);
  await page.getByRole("main").locator("form button").last().click();
  const heading = page.getByRole("main").getByRole("heading", { level: 1 });
  for (let pages = 0; pages < 90; pages += 1) {
    if (/^Check your answers/.test((await heading.textContent()).trim())) break;
    const optional = /\(optional\)/.test(await page.getByRole("main").textContent());
    const wrong = await page.getByRole("alert").count();
    if (!optional || wrong) await fill(page);
    if (pages % 6 === 0) await look(`walk-${register}-question-${pages}`);
    await page.getByRole("main").getByRole("button", { name: "Continue", exact: true }).click();
  }
  await expect(heading).toHaveText(/^Check your answers/);
  await look(`walk-${register}-check`);
  await page.getByRole("main").locator("form button").first().click();
  await look(`walk-${register}-sent`);
  return page.getByRole("main").locator("a[href^='/cases/']").first().getAttribute("href");
}

// The step that brings a case nearest to its end, of those that are open to the person; where none moves it, one that it may be waiting for.
async function nearest(page, { steps, far }, taken, stuck) {
  const offered = await page.getByRole("main").locator("a.govuk-button[href*='/steps/']").all();
  const found = [];
  for (const link of offered) {
    const id = (await link.getAttribute("href")).split("/").pop();
    const step = steps.find((step) => step.id === id);
    if (step?.goesOn && !taken.has(id) && (step.to || stuck)) found.push({ id, link, far: far[step.to] ?? Infinity });
  }
  found.sort((a, b) => a.far - b.far);
  return found[0];
}

// Brings a case to its end: whoever can, in turn, takes the step that leads there fastest.
export async function finish({ page, look, signIn, register, address, roles }) {
  const told = life(register);
  const taken = new Set();
  const ends = told.states.filter((state) => state.end).map((state) => state.says);
  const send = () => page.getByRole("main").locator("form button[type=submit], form button:not([type])").last().click();
  const over = async () => {
    const tags = await page.getByRole("main").locator(".govuk-tag").allTextContents();
    return tags.some((tag) => ends.includes(tag.trim()));
  };
  for (let round = 0; round < 4; round += 1) {
    const next = () => nearest(page, told, taken, round > 0);
    for (const role of roles) {
      await signIn(role);
      const answer = await page.goto(address);
      if (answer.status() !== 200) continue;
      for (let step = await next(); step && !(await over()); step = await next()) {
        taken.add(step.id);
        await step.link.click();
        const sure = page.getByRole("main").locator("a.govuk-button", { hasText: "Continue" });
        if (await sure.count()) await sure.click();
        await fill(page);
        await look(`walk-${register}-${step.id}`);
        await send();
        const wrong = page.getByRole("alert").filter({ hasText: "There is a problem" });
        for (let again = 0; again < 2 && (await wrong.count()); again += 1) {
          await fill(page);
          await send();
        }
        await page.goto(address);
      }
      if (await over()) return look(`walk-${register}-over`);
    }
  }
  throw new Error(`${register}: no end after ${[...taken].join(", ")}`);
}

import { initAll } from "./govuk-frontend.js";

initAll();

// Buttons that only a script can serve are hidden in the markup and shown here.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form that is answered while it is filled in: the answer replaces the one on the page.
const PAUSE_MILLISECONDS = 600;

for (const form of document.querySelectorAll("form[data-live]")) {
  const { live } = form.dataset;
  const answer = document.getElementById(live);
  const status = document.querySelector(`[data-live-status="${live}"]`);
  let waiting;
  let asked = 0;

  const ask = async () => {
    asked += 1;
    const mine = asked;
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", body }).catch(() => undefined);
    if (!response?.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.getElementById(live);
    if (!found || mine !== asked) return;
    answer.replaceChildren(...found.childNodes);
    status.textContent = found.dataset.says;
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MILLISECONDS);
  });
}

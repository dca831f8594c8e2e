import { initAll } from "./govuk-frontend.js";

initAll();

// Buttons that only a script can serve are hidden in the markup and shown here.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Copies a part of a log-in to the clipboard without showing it. Without this script, or where a browser gives no
// clipboard, the page's own button shows it instead.
const form = document.querySelector("[data-log-in]");
const clipboard = navigator.clipboard;

if (form && clipboard) {
  const said = form.querySelector("[data-said]");
  const reason = form.querySelector("[name=reason]");
  form.querySelector("[data-copy]").hidden = false;
  for (const button of form.querySelectorAll("[data-part]")) {
    button.addEventListener("click", async () => {
      said.textContent = "";
      const body = new URLSearchParams({ reason: reason.value, part: button.dataset.part });
      try {
        const answer = await fetch(form.dataset.logIn, { method: "POST", body, redirect: "manual" });
        if (answer.type === "opaqueredirect") {
          window.location.assign(form.dataset.again);
          return;
        }
        const text = await answer.text();
        if (!answer.ok) {
          said.textContent = answer.status === 422 ? text : "It could not be copied. Load the page again.";
          reason.focus();
          return;
        }
        await clipboard.writeText(text);
        said.textContent = "Copied. Paste it where it belongs, then copy something else.";
      } catch {
        said.textContent = "This browser did not let it be copied. Show it instead.";
      }
    });
  }
}

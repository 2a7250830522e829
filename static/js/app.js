// Comfort only: every journey works without this file.
(() => {
  // The error summary (or the heading of what was just swapped in) takes the focus.
  const focus = (root) => root.querySelector("[data-focus]")?.focus();
  focus(document);
  document.addEventListener("htmx:afterSettle", (event) => focus(event.target));

  // Whoever stood on something that a swap took away stands on the heading of what came instead, never nowhere.
  let stood = null;
  document.addEventListener("htmx:beforeSwap", (event) => { stood = event.target.contains(document.activeElement) ? event.target.id : null; });
  document.addEventListener("htmx:afterSettle", () => {
    const place = stood && document.activeElement === document.body && document.getElementById(stood);
    stood = null;
    if (place) (place.querySelector("[data-focus], [tabindex='-1'], a, button") ?? place).focus();
  });

  // A document opened below the fold (a phone shows the viewer under the list) comes into view.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "viewer" && event.target.getBoundingClientRect().top > innerHeight) event.target.scrollIntoView();
  });

  // A second press of the same button is not a second request; the server is idempotent besides.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    else if (form.method === "post") form.dataset.sent = "1";
  });
  // Whoever signs out leaves nothing behind that the portal has not got yet (see saving.js).
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname !== "/sign-out") return;
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("unsaved:")) sessionStorage.removeItem(key);
    window.indexedDB?.deleteDatabase("uploading");
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((f) => delete f.dataset.sent));
  document.addEventListener("htmx:afterRequest", (event) => delete event.target.dataset.sent);

  // Warn before the session ends; one press keeps it.
  const clock = document.querySelector("[data-ends-at]");
  if (!clock?.dataset.warnsAt) return;
  const note = clock.firstElementChild;
  const watch = (moment) => setTimeout(() => { note.hidden = false; }, Math.max(0, Math.min(new Date(moment) - Date.now(), 2 ** 31 - 1)));
  let timer = watch(clock.dataset.warnsAt);
  note.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch("/session/keep", { method: "POST" });
    if (!answer.ok) return location.reload();
    note.hidden = true;
    clearTimeout(timer);
    timer = watch((await answer.json()).warns_at);
  });
})();

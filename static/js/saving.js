// Comfort only: every change of a page of questions is kept at once. What the portal has not got yet stays in this tab,
// through a reload, a lost connection or an ended session, and is gone from here as soon as the portal has it.
(() => {
  const place = (address) => `unsaved:${address}`;
  const settled = document.querySelector("[data-settles]");
  if (settled) sessionStorage.removeItem(place(settled.dataset.settles));

  const form = document.querySelector("form[data-keep]");
  const board = document.querySelector("[data-kept]");
  if (!form || !board) return;
  // Whoever reloads a page that was refused, or comes back to it, reads it again and is not asked whether to send it again.
  if (form.getAttribute("action") === location.pathname) history.replaceState(history.state, "", location.href);
  const here = place(form.dataset.keep);
  const PAUSE = 700, FIRST_RETRY = 2000, LAST_RETRY = 30000, PATIENCE = 15000;

  const show = (state, words) => {
    for (const line of board.children) line.hidden = line.dataset.when !== state;
    if (state === "kept") board.querySelector("[data-when=kept]").textContent = words;
    if (state === "refused") board.querySelector("[data-why]").textContent = words;
  };

  // — What was typed: question → its fields as a form would send them, and the revision the page was drawn with.
  const question = (name) => name.startsWith("revision.") || name === "token" || name === "then" ? "" : name.split(".")[0];
  const typed = (key) => [...new FormData(form)].filter(([name]) => question(name) === key);
  const revision = (key) => form.elements[`revision.${key}`];
  const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  let unsaved = {};
  const clashing = new Set();
  const pending = () => Object.keys(unsaved).some((key) => !clashing.has(key));
  const store = () => {
    try {
      if (Object.keys(unsaved).length) sessionStorage.setItem(here, JSON.stringify(unsaved));
      else sessionStorage.removeItem(here);
    } catch { /* a browser that keeps nothing still saves to the portal */ }
  };

  const put = (key, said) => {
    for (const control of form.elements) {
      if (!control.name || question(control.name) !== key) continue;
      const values = said.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else control.value = values[0] ?? "";
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  // — Sending: one at a time, again and again until the portal has it.
  let timer = 0, wait = FIRST_RETRY, last = Promise.resolve(true);
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(send, pause); };
  const send = () => (last = last.then(attempt, attempt));

  const message = (batch) => {
    const body = new URLSearchParams();
    for (const [key, { seen, said }] of Object.entries(batch)) {
      body.append(`revision.${key}`, seen);
      for (const [name, value] of said) body.append(name, value);
    }
    return body;
  };

  const attempt = async () => {
    const batch = Object.fromEntries(Object.entries(unsaved).filter(([key]) => !clashing.has(key)));
    if (!Object.keys(batch).length) return true;
    let answer;
    try {
      answer = await fetch(form.dataset.keep, { method: "POST", body: message(batch), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    } catch { answer = null; }
    if (!answer || answer.status === 429 || answer.status >= 500) {
      show("offline");
      later(wait);
      wait = Math.min(2 * wait, LAST_RETRY);
      return false;
    }
    wait = FIRST_RETRY;
    if (answer.status === 401) { show("ended"); return false; }
    if (!answer.ok) { show("refused", (await answer.json().catch(() => ({}))).message ?? ""); return false; }
    const { words, revisions, clashes } = await answer.json();
    for (const key of Object.keys(batch)) {
      if (clashes.includes(key)) { clashing.add(key); continue; }
      if (key in revisions && revision(key)) revision(key).value = revisions[key];
      if (alike(unsaved[key]?.said, batch[key].said)) delete unsaved[key];
      else if (unsaved[key]) { unsaved[key].seen = String(revisions[key] ?? unsaved[key].seen); later(PAUSE); }
    }
    store();
    show(clashing.size ? "clash" : "kept", words);
    return true;
  };

  const note = (key) => {
    if (!key || !revision(key)) return;
    unsaved[key] = { seen: unsaved[key]?.seen ?? revision(key).value, said: typed(key) };
    store();
    later(PAUSE);
  };

  // — What this tab still held from before: put it back, unless the page was drawn with it.
  try { unsaved = JSON.parse(sessionStorage.getItem(here)) ?? {}; } catch { unsaved = {}; }
  for (const [key, { said }] of Object.entries(unsaved)) {
    if (!revision(key) || alike(typed(key), said)) delete unsaved[key];
    else put(key, said);
  }
  store();
  if (pending()) send();

  form.addEventListener("input", (event) => note(question(event.target.name ?? "")));
  window.addEventListener("online", () => { wait = FIRST_RETRY; send(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && pending()) send(); });
  window.addEventListener("pagehide", () => { if (pending()) navigator.sendBeacon(form.dataset.keep, message(unsaved)); });

  // — The page is sent as any form, once everything on it is safe; without a connection it stays, and says so.
  form.addEventListener("submit", (event) => {
    if (!pending() && navigator.onLine) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    clearTimeout(timer);
    form.setAttribute("aria-busy", "true");
    send().then((safe) => {
      if (safe && navigator.onLine) { form.requestSubmit(button); return; }
      form.removeAttribute("aria-busy");
      if (!navigator.onLine) show("offline");
    });
  });
  window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
})();

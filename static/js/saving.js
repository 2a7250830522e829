// Comfort only: every change of a page of questions, or of one row of a list, is kept at once. What the portal has not
// got yet stays in this tab, through a reload, a lost connection or an ended session, and is gone from here as soon as
// the portal has it, when the tab is closed and when somebody signs out. It is never on the device itself
// (localStorage, a service worker): a phone is lent to others, and what is typed here is who somebody is.
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

  // — What was typed: question → its fields as a form would send them, and its marks: what the page was drawn with. A
  // mark is the revision of an answer (`revision.<question>`), or what a box of a row held (`was.<box>`).
  const keys = [...form.querySelectorAll("[data-question]")].map((place) => place.dataset.question);
  const question = (name) => keys.find((key) => name === key || name.startsWith(`${key}.`)) ?? "";
  const typed = (key) => [...new FormData(form)].filter(([name]) => question(name) === key);
  const everywhere = () => [form, ...[...form.querySelectorAll("template")].map((place) => place.content)];
  const marks = () => everywhere().flatMap((place) => [...place.querySelectorAll("[name^='revision.'], [name^='was.']")]);
  const marked = (key) => Object.fromEntries(marks().filter((mark) => question(mark.name.replace(/^(revision|was)\./, "")) === key).map((mark) => [mark.name, mark.value]));
  const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const any = (things) => Object.keys(things).length > 0;

  // Each `{ seen, said, sent? }`: the marks, what was typed, and what was sent of it without an answer. That goes again
  // first, as it was: whether it arrived or not, the portal then knows it once, and nobody is at odds with themselves.
  let unsaved = {};
  const clashing = new Set();
  const pending = () => Object.keys(unsaved).some((key) => !clashing.has(key));
  let signingOut = false; // app.js takes everything away then: nothing comes back after it
  document.addEventListener("submit", (event) => { signingOut ||= new URL(event.target.action).pathname === "/sign-out"; });
  const store = () => {
    if (signingOut) return;
    try {
      if (any(unsaved)) sessionStorage.setItem(here, JSON.stringify(unsaved));
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
  let timer = 0, wait = FIRST_RETRY, last = Promise.resolve(true), refused = false;
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(send, pause); };
  const send = () => (last = last.then(attempt, attempt));

  const message = (batch) => {
    const body = new URLSearchParams();
    for (const { seen, said } of Object.values(batch)) {
      for (const [name, value] of [...Object.entries(seen), ...said]) body.append(name, value);
    }
    return body;
  };

  const attempt = async () => {
    const going = Object.entries(unsaved).filter(([key]) => !clashing.has(key));
    if (!going.length) return true;
    for (const [, one] of going) one.sent ??= one.said;
    const batch = Object.fromEntries(going.map(([key, { seen, sent }]) => [key, { seen, said: sent }]));
    store();
    const body = message(batch).toString(), leaving = document.visibilityState === "hidden" && body.length < 60000;
    let answer;
    try {
      answer = await fetch(form.dataset.keep, { method: "POST", body, headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" }, signal: AbortSignal.timeout(PATIENCE), keepalive: leaving });
    } catch { answer = null; }
    if (!answer || answer.status === 429 || answer.status >= 500) {
      show("offline");
      later(wait);
      wait = Math.min(2 * wait, LAST_RETRY);
      return false;
    }
    wait = FIRST_RETRY;
    if (!answer.ok) for (const key of Object.keys(batch)) delete unsaved[key].sent;
    if (answer.status === 401) { show("ended"); return false; }
    refused = !answer.ok;
    if (refused) { show("refused", (await answer.json().catch(() => ({}))).message ?? ""); return false; }
    const { words, seen, clashes } = await answer.json();
    for (const mark of marks()) if (mark.name in seen) mark.value = seen[mark.name];
    for (const key of Object.keys(batch)) {
      delete unsaved[key].sent;
      if (clashes.includes(key)) clashing.add(key);
      else if (alike(unsaved[key].said, batch[key].said)) delete unsaved[key];
      else { unsaved[key].seen = marked(key); later(PAUSE); }
    }
    store();
    show(clashing.size ? "clash" : "kept", words);
    return true;
  };

  const note = (key) => {
    if (!key || !any(marked(key))) return;
    unsaved[key] = { seen: marked(key), ...unsaved[key], said: typed(key) };
    store();
    later(PAUSE);
  };

  // — What this tab still held from before: put it back, unless the page was drawn with it.
  try { unsaved = JSON.parse(sessionStorage.getItem(here)) ?? {}; } catch { unsaved = {}; }
  for (const [key, one] of Object.entries(unsaved)) {
    if (!any(marked(key)) || alike(typed(key), one.said)) { delete unsaved[key]; continue; }
    if (one.sent && alike(typed(key), one.sent)) one.seen = marked(key);
    delete one.sent;
    put(key, one.said);
  }
  store();
  // On a slow connection somebody types before this file has come: what is not as the page was drawn counts as typed.
  const changed = (control) => {
    if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
    if (control.options) return control.selectedOptions[0] !== ([...control.options].find((one) => one.defaultSelected) ?? control.options[0]);
    return control.value !== control.defaultValue;
  };
  for (const control of form.elements) {
    const key = /^(INPUT|SELECT|TEXTAREA)$/.test(control.tagName) ? question(control.name) : "";
    if (key && !unsaved[key] && changed(control)) note(key);
  }
  if (pending()) send();

  form.addEventListener("input", (event) => note(question(event.target.name ?? "")));
  window.addEventListener("online", () => { wait = FIRST_RETRY; send(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && pending()) send(); });
  window.addEventListener("pagehide", () => {
    if (!pending() || signingOut) return;
    for (const one of Object.values(unsaved)) one.sent = one.said;
    store();
    navigator.sendBeacon(form.dataset.keep, message(unsaved));
  });

  // — The page is sent as any form, once everything on it is safe (or the portal has more to say about it than fits
  // here); without a connection it stays, and says so.
  const flush = async () => {
    let arrived = true;
    while (arrived && pending()) arrived = await send();
    return arrived || refused;
  };
  form.addEventListener("submit", (event) => {
    if (navigator.onLine && (refused || !pending())) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    clearTimeout(timer);
    form.setAttribute("aria-busy", "true");
    flush().then((safe) => {
      if (safe && navigator.onLine) { form.requestSubmit(button); return; }
      form.removeAttribute("aria-busy");
      if (!navigator.onLine) show("offline");
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (navigator.onLine || !link || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    show("offline");
  });
  window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
})();

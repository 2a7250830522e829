// Comfort only: a large file goes in pieces, each sent until the portal has it; the rest waits in this browser through
// a reload or a lost connection, and is gone from here as soon as it has arrived, or when somebody signs out.
(() => {
  const LARGE = 512 * 1024, FIRST_RETRY = 2000, LAST_RETRY = 30000;
  const forms = () => [...document.querySelectorAll("form[enctype='multipart/form-data']")].filter((form) => form.querySelector("[data-progress]"));
  if (!window.indexedDB) return;

  // — The file itself, kept by the address it is meant for.
  const shelf = (mode, act) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("uploading", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const doing = act(opening.result.transaction("files", mode).objectStore("files"));
      doing.onsuccess = () => { resolve(doing.result); opening.result.close(); };
      doing.onerror = () => { reject(doing.error); opening.result.close(); };
    };
  });
  const place = (form) => form.action + (form.elements.more ? "#more" : ""); // one more page, or a file instead
  const keep = (form, file) => shelf("readwrite", (store) => store.put(file, place(form))).catch(() => {});
  const kept = (form) => shelf("readonly", (store) => store.get(place(form))).catch(() => undefined);
  const forget = (form) => shelf("readwrite", (store) => store.delete(place(form))).catch(() => {});

  const pause = (time) => new Promise((go) => { setTimeout(go, time); addEventListener("online", go, { once: true }); });
  const tell = (form, words, part) => {
    const line = form.querySelector("[data-progress]");
    line.hidden = false;
    line.textContent = words.replace("{}", Math.floor(part * 100));
  };

  const ask = async (address, options) => {
    const answer = await fetch(address, { method: "POST", ...options });
    if (answer.status === 429 || answer.status >= 500) throw new Error("later");
    if (!answer.ok) throw Object.assign(new Error("never"), { never: true });
    return answer.json();
  };

  // — All pieces, from where the portal stands; the last word is an ordinary form without the file in it.
  const send = async (form, file) => {
    const { sending, waiting } = form.querySelector("[data-progress]").dataset;
    let retry = FIRST_RETRY, received = 0;
    for (;;) {
      try {
        const what = new URLSearchParams({ name: file.name, size: file.size, mark: String(file.lastModified) });
        const begun = await ask(`${form.action}/pieces`, { body: what });
        if (begun.problem) return finish(form, file, "");
        received = begun.received;
        const pieces = form.action.replace(/\/documents\/[^/]+$/, `/pieces/${begun.id}`);
        while (received < file.size) {
          tell(form, sending, received / file.size);
          const body = file.slice(received, received + begun.piece);
          received = (await ask(`${pieces}?at=${received}`, { body, headers: { "Content-Type": "application/octet-stream" } })).received;
          retry = FIRST_RETRY;
        }
        return finish(form, file, begun.id);
      } catch (error) {
        if (error.never) return finish(form, file, "");
        tell(form, waiting, received / file.size);
        await pause(retry);
        retry = Math.min(2 * retry, LAST_RETRY);
      }
    }
  };

  const finish = async (form, file, id) => {
    await forget(form);
    form.dataset.whole = "1";
    if (id) {
      for (const control of form.querySelectorAll("[type=file]")) control.value = "";
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "incoming", value: id });
      form.append(field);
    }
    form.requestSubmit();
  };

  const bound = new WeakSet();
  const bind = (form) => {
    bound.add(form);
    form.addEventListener("submit", async (event) => {
      const file = [...form.querySelectorAll("[type=file]")].map((control) => control.files[0]).find(Boolean);
      if (form.dataset.whole || !file || file.size <= LARGE) return;
      event.preventDefault();
      event.stopPropagation();
      if (form.dataset.sending) return;
      form.dataset.sending = "1";
      await keep(form, file);
      send(form, file);
    });
    kept(form).then((file) => { if (file && !form.dataset.sending) { form.dataset.sending = "1"; send(form, file); } });
  };
  const look = () => forms().filter((form) => !bound.has(form)).forEach(bind);
  look();
  document.addEventListener("htmx:afterSettle", look); // registries that answered bring new boxes

  // — While somebody chooses or sends a file, nothing takes the box away under their hands: the page asks again later.
  const busy = (form) => form.dataset.sending || form.contains(document.activeElement) || [...form.querySelectorAll("[type=file]")].some((control) => control.files.length);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "registries" && forms().some(busy)) event.preventDefault();
  });
})();

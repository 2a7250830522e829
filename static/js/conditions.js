// A question that an answer on this page calls for comes at once, and one that no longer counts goes, with its answer:
// what is hidden is not sent. The portal decides again when the page is saved; without this file it asks then.
import { seen, typed } from "./rules.js";

for (const form of document.querySelectorAll("form[data-rules]")) {
  const { questions, said } = JSON.parse(form.dataset.rules);
  const news = form.querySelector("[data-news]");

  // Each question stands in an element, or waits in a template at its place.
  const places = new Map([...form.querySelectorAll("[data-question]")].map((place) => [place.dataset.question, place]));
  const boxes = (question) => [...new FormData(form)].filter(([name]) => question.fields.includes(name)).map(([, text]) => text);
  const value = (question) => question.kind === "group" ? question.value : typed(question, boxes(question));

  const come = (place) => {
    const stand = document.createElement("div");
    stand.dataset.question = place.dataset.question;
    stand.append(place.content ?? "");
    place.replaceWith(stand);
    return stand;
  };
  const go = (place) => {
    const wait = document.createElement("template");
    wait.dataset.question = place.dataset.question;
    wait.content.append(...place.childNodes);
    place.replaceWith(wait);
    return wait;
  };
  const label = (place) => place.querySelector("legend, label, .label")?.firstChild?.textContent.trim() ?? "";

  // A number with its unit, written as the portal writes it.
  const written = (amount, unit) => {
    const [whole, part] = amount.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "") + (unit ? `\u00a0${unit}` : "");
  };

  const bring = () => {
    const found = seen(questions, value, said), shown = new Set(found.visible), came = [];
    for (const { key, at, formula, unit } of questions) {
      const place = places.get(at);
      if (!place) continue;
      const here = place.tagName !== "TEMPLATE";
      if (shown.has(key) && !here) {
        places.set(at, come(place));
        came.push(label(places.get(at)));
      } else if (!shown.has(key) && here) places.set(at, go(place));
      const output = formula && places.get(at).querySelector("output");
      if (output && found.said.has(key)) output.textContent = written(found.said.get(key), unit);
    }
    if (news && came.length) news.textContent = `${news.dataset.sign} ${came.join(", ")}`;
    return came.length > 0;
  };

  // A question that came may bring another one: nothing is asked later than what decides it, so this ends.
  const settle = () => { for (let turns = questions.length; turns && bring(); turns -= 1); };
  form.addEventListener("input", settle);
  form.addEventListener("change", settle);
  settle();
}

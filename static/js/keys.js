// Single keys for officers who work through many files: a comfort, switched off in the dialog that "?" opens (WCAG 2.1.4).
// Keys are physical (event.code), so that they are the same on a Thai layout. A key never signs: it leads to the button.
(() => {
  const visible = (element) => element.getClientRects().length > 0;
  const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog[open]");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => visible(row) && row.querySelector("[type=radio], [type=checkbox], a"));
  const at = (all) => all.findIndex((row) => row.contains(document.activeElement));

  // A row is stood on by its control: what is chosen in it, else what can be chosen, else its link.
  const stand = (row) => {
    const control = row?.querySelector("[type=radio]:checked") ?? row?.querySelector("[type=radio]") ?? row?.querySelector("[type=checkbox], a");
    control?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows(), now = at(all);
    stand(all[now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by))]);
  };

  // In the check: this row (or the first without a finding) is complete, or lacks something, which is said next.
  const find = (value) => {
    const open = rows().filter((row) => row.querySelector("[type=radio]"));
    const row = open[at(open)] ?? open.find((one) => !one.querySelector("[type=radio]:checked"));
    const choice = row?.querySelector(`[type=radio][value=${value}]`);
    if (!choice) return;
    choice.click();
    if (value === "missing") row.querySelector(".why select, .why textarea")?.focus();
    else stand(open.slice(open.indexOf(row) + 1).find((one) => !one.querySelector("[type=radio]:checked")) ?? row);
  };

  const help = document.getElementById("keys");
  const always = {
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    Digit1: () => find("ok"),
    Digit2: () => find("missing"),
    KeyV: () => (rows()[at(rows())] ?? document).querySelector("[data-open]")?.click(),
  };

  const button = document.querySelector("[data-keys]");
  if (button && help) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    if (event.shiftKey) {
      if (event.code === "Slash") help?.showModal();
      return;
    }
    const named = [...document.querySelectorAll(`[data-key=${event.code}]`)].find(visible);
    if (!named && !always[event.code]) return;
    event.preventDefault();
    if (!named) always[event.code]();
    else if (event.code === "KeyS" || named.matches("input")) named.focus();
    else if (!event.repeat) named.click();
  });
})();

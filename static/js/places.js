// Places are offered while somebody types where a house is. Without this file the words alone are understood.
for (const box of document.querySelectorAll("[data-places]")) {
  const PAUSE = 150;
  const list = document.getElementById(box.getAttribute("list"));
  let timer = 0, asked = "", offered = new Set();

  const offer = async () => {
    const typed = box.value.trim();
    if (typed === asked || typed.length < 2 || offered.has(typed)) return;
    asked = typed;
    let places;
    try {
      const answer = await fetch(`${box.dataset.places}?${new URLSearchParams({ q: typed })}`, { headers: { Accept: "application/json" } });
      ({ places } = await answer.json());
    } catch { return; }
    if (!places || asked !== typed) return;
    offered = new Set(places);
    list.replaceChildren(...places.map((place) => Object.assign(document.createElement("option"), { value: place })));
  };
  document.addEventListener("input", (event) => {
    if (event.target !== box) return;
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE);
  });
}

"""What every page must hold for everybody (WCAG 2.2 A and AA, and our own page rules), as a list of what does not."""

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.demo.browsing import fold
from tests.browser.visiting import NARROWEST, Visitor

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete']})"""
DECORATED = (".sent", ".licence", ".hero", ".verdict", ".stops")
"""Over drawings axe cannot compute contrast; these pairs of colours are computed in tests/pages/test_templates.py."""
PORTAL = {"th": "จุดเดียว", "en": "Judiao"}
WRONG = {"th": "ข้อผิดพลาด:", "en": "Error:"}

FACTS = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  h1: [...document.querySelectorAll('h1')].map(e => {
    const own = e.cloneNode(true); own.querySelectorAll('.kicker').forEach(k => k.remove()); return own.textContent; }),
  levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => +e.tagName[1]),
  ids: [...document.querySelectorAll('[id]')].map(e => e.id),
  refs: [...document.querySelectorAll('[aria-describedby],[aria-labelledby],[for]')].flatMap(e =>
    ['aria-describedby', 'aria-labelledby', 'for'].flatMap(a => (e.getAttribute(a) || '').split(' ')).filter(Boolean)),
  wide: document.documentElement.scrollWidth - innerWidth,
  errors: document.querySelectorAll('.errors').length,
})"""


@cache
def _axe() -> str:
    assert AXE.exists(), "axe-core is needed: make setup"
    return f"{AXE.read_text(encoding='utf-8')};0"


@dataclass
class Examiner:
    """Looks at pages and remembers what is wrong with them; `titles`: which page was called what."""

    found: list[str] = field(default_factory=list)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    looked_at: int = 0

    def look(self, visitor: Visitor, name: str) -> None:
        """Examine the page this person is at. `name` is what page it is; after a colon, in which state."""
        facts: dict[str, Any] = visitor.page.evaluate(FACTS)
        problems = [*self._page(visitor, name.partition(":")[0], facts), *_axe_says(visitor), *_narrow(visitor)]
        problems += visitor.complaints
        visitor.complaints.clear()
        self.looked_at += 1
        self.found += [f"{name} [{visitor.language}]: {problem}" for problem in problems]

    def visit(self, visitor: Visitor, path: str, name: str, status: int = 200) -> None:
        """Go there and examine it."""
        answered = visitor.open(path)
        if answered != status:
            self.found.append(f"{name} [{visitor.language}]: answered {answered}, not {status}")
        self.look(visitor, name)

    @property
    def report(self) -> str:
        """Everything found, one to a line."""
        return "\n".join(self.found)

    def _page(self, visitor: Visitor, page: str, facts: dict[str, Any]) -> list[str]:
        problems = []
        if facts["lang"] != visitor.language:
            problems.append(f"is in {facts['lang']}")
        if len(facts["h1"]) != 1 or not facts["h1"][0].strip():
            problems.append(f"has headings {facts['h1']}")
        title, heading = fold(facts["title"]), fold(facts["h1"][0] if facts["h1"] else "")
        wrong = f"{WRONG[visitor.language]} " if facts["errors"] else ""
        expected = rf"{re.escape(wrong + heading)}( – .+)? – {PORTAL[visitor.language]}"
        if not re.fullmatch(expected, title):
            problems.append(f"is called “{title}” under the heading “{heading}”")
        if self.titles.setdefault((visitor.language, title), page) != page:
            problems.append(f"has the title of {self.titles[visitor.language, title]}: “{title}”")
        problems += [f"skips from h{a} to h{b}" for a, b in pairwise(facts["levels"]) if b > a + 1]
        ids = facts["ids"]
        problems += [f"has two of #{twice}" for twice in {i for i in ids if ids.count(i) > 1}]
        problems += [f"speaks of #{gone}, which is not there" for gone in set(facts["refs"]) - set(ids)]
        if facts["wide"] > 0:
            problems.append(f"is {facts['wide']} px wider than {visitor.width} px")
        return problems


def _axe_says(visitor: Visitor) -> list[str]:
    """What axe finds on the whole page at once: a bar that stays at the foot of the window then lies over nothing."""
    size = visitor.page.viewport_size
    assert size is not None
    tall = visitor.page.evaluate("document.documentElement.scrollHeight")
    visitor.page.set_viewport_size({"width": size["width"], "height": tall})
    visitor.page.evaluate(_axe())
    result = visitor.page.evaluate(RUN, list(TAGS))
    visitor.page.set_viewport_size(size)
    problems = [
        f"axe {rule['id']}: {rule['help']} at {_where(node)}" for rule in result["violations"] for node in rule["nodes"]
    ]
    return problems + [
        f"axe cannot decide {rule['id']} at {_where(node)}: {[check['message'] for check in node['any']]}"
        for rule in result["incomplete"]
        for node in rule["nodes"]
        if not _is_decorated(visitor, _where(node))
    ]


def _where(node: dict[str, Any]) -> str:
    return " ".join(str(part) for part in node["target"])


def _is_decorated(visitor: Visitor, selector: str) -> bool:
    inside = "([selector, grounds]) => grounds.some(g => document.querySelector(selector)?.closest(g))"
    return bool(visitor.page.evaluate(inside, [selector, list(DECORATED)]))


def _narrow(visitor: Visitor) -> list[str]:
    """WCAG 1.4.10: at 320 CSS pixels nothing has to be scrolled sideways."""
    size = visitor.page.viewport_size
    assert size is not None
    visitor.page.set_viewport_size({"width": NARROWEST, "height": 640})
    wide = visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    visitor.page.set_viewport_size(size)
    return [f"is {wide} px wider than {NARROWEST} px"] if wide > 0 else []

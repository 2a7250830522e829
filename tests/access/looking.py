"""Everything that can be seen: all pages and files that lie behind links, for the owner and for the officers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.html import HtmlElement

from tests.access.cast import Cast, Visitor, Who

STARTS: Mapping[Who, tuple[str, ...]] = {
    Who.OWNER: ("/my", "/my/sessions", "/licences", "/access", "/access.csv", "/consents"),
    Who.OFFICER: tuple(f"/officer?tab={tab}" for tab in ("new", "mine", "applicant", "soon", "late", "done")),
    Who.CHECKER: ("/officer?tab=mine",),
    Who.APPROVER: ("/officer?tab=mine",),
    Who.REPORTER: ("/officer/reports", "/officer/reports.csv", "/officer/reports/figures.csv"),
}
CASE = r"/officer/applications/[^/]+"
OURS: Mapping[Who, re.Pattern[str]] = {
    Who.OWNER: re.compile(r"/(my|forms|applications|bills|licences|access|consents|notices|verify|track)\b"),
    Who.OFFICER: re.compile("/officer"),
    Who.CHECKER: re.compile(f"{CASE}(/check|/decide(/.*)?)?$"),
    Who.APPROVER: re.compile(f"{CASE}(/decide(/.*)?)?$"),
    Who.REPORTER: re.compile("/officer/reports"),
}
"""Where links are followed: not through what is the same for everybody, nor twice through the same at the desk."""


@dataclass(frozen=True)
class Seen:
    """One page or file as it was delivered."""

    who: Who
    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.headers["content-type"].startswith("text/html")

    @property
    def root(self) -> HtmlElement:
        """The page, parsed."""
        return html.document_fromstring(self.content.decode())


def look_everywhere(cast: Cast) -> list[Seen]:
    """Follow every link from the first pages of each of them."""
    return [page for who, starts in STARTS.items() for page in _follow(cast[who], starts)]


def _follow(visitor: Visitor, starts: tuple[str, ...]) -> list[Seen]:
    waiting, known, found = list(starts), set(starts), []
    while waiting:
        url = waiting.pop()
        answer = visitor.ask("GET", url)
        page = Seen(visitor.who, url, answer.status_code, answer.headers, answer.content)
        found.append(page)
        for link in _links(page):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return found


def _links(page: Seen) -> list[str]:
    onward = [page.headers["location"]] if "location" in page.headers else []
    if page.is_page:
        onward += [str(value) for value in page.root.xpath("//a/@href | //img/@src | //*/@hx-get")]
    paths = [urlsplit(urljoin(page.url, link)) for link in onward]
    return [
        link.path + (f"?{link.query}" if link.query else "")
        for link in paths
        if not link.netloc and OURS[page.who].match(link.path)
    ]

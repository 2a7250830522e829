"""A browser without JavaScript for programs that play: opens pages, follows links, fills forms, presses buttons.

Chromium lets Secure and `__Host-` cookies through on loopback; HTTP libraries do not, so the cookie jar here treats
loopback as secure. Every page is parsed as HTML; nothing is guessed from the program's own knowledge of addresses.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx2
from lxml import html
from lxml.html import FormElement, HtmlElement

from app.core import i18n, roots

HOPS = 12


class NotOnPage(AssertionError):
    """What was looked for is not on the page; the text shows what the page says instead."""


@dataclass
class Browser:
    """One person at one browser. `url` and `page` are where they are now.

    Words to press or see may be a message of the portal: it is then looked for as the browser's language says it.
    """

    base: str
    language: str = "th"
    timeout: float = 30.0
    url: str = ""
    status: int = 0
    page: HtmlElement = field(default_factory=lambda: html.fromstring("<html></html>"))
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    requests: int = 0
    _cookies: dict[tuple[str, str], str] = field(default_factory=dict)
    _client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        """Open the connection pool."""
        self._client = httpx2.Client(
            timeout=self.timeout, follow_redirects=False, trust_env=False, verify=roots.trusted()
        )
        self._cookies[urlsplit(self.base).netloc, "prefs"] = f"{self.language}..."

    @property
    def cookies(self) -> str:
        """The Cookie header this browser sends to the portal: for a load that goes on where it stands."""
        return self._headers("GET", self.base, "").get("Cookie", "")

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def tab(self) -> "Browser":
        """Another tab of this browser: the same cookies, a page of its own. Close it too."""
        return Browser(self.base, self.language, self.timeout, _cookies=self._cookies)

    def __enter__(self) -> Self:
        """Use in a with-block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    # — Moving ————————————————————————————————————————————————————————————————————————————————————————————————————

    def open(self, path: str) -> Self:
        """Go to an address (a path is one of the portal's), following redirects."""
        return self._go("GET", urljoin(self.base, path))

    def follow(self, words: str) -> Self:
        """Press the link whose text holds `words`."""
        said = self.said(words)
        for link in self.page.iter("a"):
            if said in text_of(link) and link.get("href"):
                return self.open(urljoin(self.url, str(link.get("href"))))
        raise NotOnPage(f"no link “{words}” on {self.url}: {self.words[:600]}")

    def press(
        self, words: str, fields: Mapping[str, Any] | None = None, file: Path | tuple[str, bytes] | None = None
    ) -> Self:
        """Press the button whose text holds `words`, after filling `fields` (name → value) and choosing `file`."""
        form, button = self._button(words)
        data = self._values(form, button)
        for name, value in (fields or {}).items():
            data[name] = value
        action = urljoin(self.url, form.get("action") or self.url)
        if (form.get("method") or "get").lower() == "get":
            return self._go("GET", str(httpx2.URL(action).copy_merge_params(data)))
        if form.get("enctype") == "multipart/form-data":
            name, content = (file.name, file.read_bytes()) if isinstance(file, Path) else file or ("", b"")
            return self._go("POST", action, data=data, files={"file": (name, content)})
        return self._go("POST", action, data=data)

    def send(self, path: str, fields: Mapping[str, Any], file: tuple[str, bytes] | None = None) -> Self:
        """Post what no button of the page may send: a forged form, an old one, any file; with our own cookies."""
        files = {"files": {"file": file}} if file else {}
        return self._go("POST", urljoin(self.base, path), data=dict(fields), **files)

    def _button(self, words: str) -> tuple[FormElement, HtmlElement]:
        said = self.said(words)
        for form in self.page.iter("form"):
            for button in form.iter("button"):
                if said in text_of(button):
                    return form, button
        raise NotOnPage(f"no button “{words}” on {self.url}: {self.words[:800]}")

    @staticmethod
    def _values(form: FormElement, button: HtmlElement) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, value in form.form_values():
            if name in values:
                held = values[name]
                values[name] = [*(held if isinstance(held, list) else [held]), value]
            else:
                values[name] = value
        values.pop("file", None)
        if button.get("name"):
            values[str(button.get("name"))] = button.get("value") or ""
        return values

    def _go(self, method: str, url: str, **body: Any) -> Self:
        for _ in range(HOPS):
            came_from = self.url
            response = self._client.request(method, url, headers=self._headers(method, url, came_from), **body)
            self.requests += 1
            self._keep_cookies(url, response)
            self.url, self.status, self.content, self.headers = (
                url,
                response.status_code,
                response.content,
                response.headers,
            )
            onward = response.headers.get("location") if response.is_redirect else None
            if onward is None:
                break
            method, body, url = "GET", {}, urljoin(url, onward)
        if "html" in self.headers.get("content-type", ""):
            self.page = html.document_fromstring(self.content.decode("utf-8") or "<html></html>")
            for waiting in list(self.page.iter("template")):
                waiting.drop_tree()  # no browser shows or sends what only a script would bring out
        return self

    def _headers(self, method: str, url: str, came_from: str) -> dict[str, str]:
        host = urlsplit(url).netloc
        cookies = "; ".join(f"{name}={value}" for (owner, name), value in self._cookies.items() if owner == host)
        site = "none" if not came_from else "same-origin" if urlsplit(came_from).netloc == host else "cross-site"
        headers = {"Sec-Fetch-Site": site, "Accept": "text/html,*/*"}
        if method == "POST":
            headers["Origin"] = "{0.scheme}://{0.netloc}".format(urlsplit(came_from or url))
        return headers | ({"Cookie": cookies} if cookies else {})

    def _keep_cookies(self, url: str, response: httpx2.Response) -> None:
        host = urlsplit(url).netloc
        for line in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self._cookies.pop((host, name), None)
                else:
                    self._cookies[host, name] = morsel.value

    def said(self, message: str) -> str:
        """A message in this browser's language, up to its first %(blank)s; other words as they are."""
        with i18n.speaking(self.language):
            return fold(unescape(i18n.gettext(message)).partition("%(")[0])

    # — Seeing ————————————————————————————————————————————————————————————————————————————————————————————————————

    @property
    def words(self) -> str:
        """Everything the page says in its main part, spaces folded."""
        main = self.page.xpath("//main") or [self.page]
        return text_of(main[0])

    @property
    def title(self) -> str:
        """The page's title."""
        return text_of(self.page.find(".//title")) if self.page.find(".//title") is not None else ""

    def sees(self, words: str) -> bool:
        """Whether the page says `words` (no-break spaces count as spaces)."""
        return self.said(words) in self.words

    def must_see(self, words: str) -> Self:
        """Raise NotOnPage unless the page says `words`."""
        if not self.sees(words):
            raise NotOnPage(f"“{words}” is not on {self.url} ({self.status}): {self.words[:800]}")
        return self

    def links(self, pattern: str) -> list[str]:
        """Addresses of links that match a regular expression."""
        found = [str(a.get("href")) for a in self.page.iter("a") if re.search(pattern, str(a.get("href") or ""))]
        return list(dict.fromkeys(found))

    def field_names(self) -> set[str]:
        """Names of everything that can be filled on the page."""
        return {str(e.get("name")) for e in self.page.iter("input", "select", "textarea") if e.get("name")}


def fold(text: str) -> str:
    """Spaces of every kind folded to one."""
    return " ".join(text.replace("\u00a0", " ").split())


def text_of(element: HtmlElement) -> str:
    """What an element says."""
    return fold(str(element.text_content()))

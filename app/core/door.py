"""The door: language and preferences in, security headers out; cross-site writes and oversized bodies stay outside."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import i18n

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default; report-uri /csp-report"
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FOUND = frozenset({200, 206, 304})
YEAR = 365 * 24 * 3600

# — Preferences ————————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True)
class Prefs:
    """How this person wants pages to look, from a cookie: no account needed, no JavaScript."""

    lang: Literal["th", "en"] = "th"
    theme: str = ""
    text: str = ""
    contrast: str = ""
    keys: str = ""
    """"off" when single-key shortcuts are not wanted (WCAG 2.1.4)."""

    @classmethod
    def read(cls, cookie: str) -> "Prefs":
        """From the cookie's `lang.theme.text.contrast.keys`; anything unknown is the default."""
        parts = [*cookie.split("."), "", "", "", "", ""][:5]
        return cls(
            "en" if parts[0] == "en" else "th",
            parts[1] if parts[1] in {"light", "dark"} else "",
            parts[2] if parts[2] in {"l", "xl"} else "",
            "more" if parts[3] == "more" else "",
            "off" if parts[4] == "off" else "",
        )

    def cookie(self) -> str:
        """The value to store."""
        return f"{self.lang}.{self.theme}.{self.text}.{self.contrast}.{self.keys}"


PREFS_COOKIE = "prefs"


def prefs_cookie(prefs: Prefs, *, https: bool) -> str:
    """The Set-Cookie value that keeps preferences for a year (no personal data in it)."""
    return f"{PREFS_COOKIE}={prefs.cookie()}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly" + (
        "; Secure" if https else ""
    )


# — The door itself ————————————————————————————————————————————————————————————————————————————————————————————————


def cross_site(method: str, headers: Mapping[str, str]) -> bool:
    """Whether an unsafe request comes from elsewhere (the rule of Go 1.25's CrossOriginProtection)."""
    if method in SAFE:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


class Door:
    """Pure ASGI: language and preferences in, security headers out; cross-site writes and oversized bodies refused.

    `exempt` are paths that prove themselves otherwise (a bank's signed callback); `limit` says how many bytes a path
    takes. Before any answer the body is read to its end (within bounds): a browser that is still sending would show a
    broken connection instead of our page.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        https: bool,
        exempt: frozenset[str],
        refuse: Callable[[Request], Awaitable[Response]],
        limit: Callable[[str], int],
        too_big: Callable[[Request], Awaitable[Response]],
    ) -> None:
        self.app = app
        self.https = https
        self.exempt = exempt
        self.refuse = refuse
        self.limit = limit
        self.too_big = too_big

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        request = Request(scope, receive)
        prefs = Prefs.read(request.cookies.get(PREFS_COOKIE, ""))
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang")
        if asked in i18n.LANGUAGES:
            prefs = replace(prefs, lang=cast("Literal['th', 'en']", asked))
        scope.setdefault("state", {})["prefs"] = prefs
        i18n.speak(prefs.lang)

        kept_for_all = scope["path"].startswith("/static/")
        body = _Bounded(receive, self.limit(scope["path"]), headers)
        started = False

        async def out(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                await body.drain()
                answer = MutableHeaders(scope=message)
                self._dress(answer, for_ever=kept_for_all and message["status"] in FOUND)
                chosen = any(cookie.startswith(f"{PREFS_COOKIE}=") for cookie in answer.getlist("set-cookie"))
                if asked in i18n.LANGUAGES and not kept_for_all and not chosen:
                    answer.append("Set-Cookie", prefs_cookie(prefs, https=self.https))
            await send(message)

        if cross_site(scope["method"], headers) and scope["path"] not in self.exempt:
            await (await self.refuse(request))(scope, receive, out)
            return
        try:
            body.check()
            await self.app(scope, body, out)
        except _BodyTooBig:
            if not started:
                await (await self.too_big(request))(scope, receive, out)

    def _dress(self, headers: MutableHeaders, *, for_ever: bool) -> None:
        headers.setdefault("Content-Security-Policy", CSP)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        headers.setdefault("X-Frame-Options", "DENY")
        if self.https:
            headers.setdefault("Strict-Transport-Security", f"max-age={2 * YEAR}; includeSubDomains")
        if for_ever:
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        else:
            headers.setdefault("Cache-Control", "no-store")
            headers.add_vary_header("Cookie")
            headers.add_vary_header("HX-Request")


class _BodyTooBig(BaseException):
    """Passes through whatever reads a body, so that nobody takes it for an error of their own."""


class _Bounded:
    """A request body that stops at `limit` bytes."""

    DRAIN_BYTES = 200 * 1024 * 1024

    def __init__(self, receive: Receive, limit: int, headers: Mapping[str, str]) -> None:
        announced = headers.get("content-length", "")
        self.receive = receive
        self.limit = limit
        self.announced = int(announced) if announced.isascii() and announced.isdigit() else 0
        self.seen = 0
        self.ended = not self.announced and "transfer-encoding" not in headers

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.seen += len(message.get("body", b""))
            self.ended = not message.get("more_body", False)
            if self.seen > self.limit:
                raise _BodyTooBig
        return message

    def check(self) -> None:
        """Refuse what says itself that it is too big."""
        if self.announced > self.limit:
            raise _BodyTooBig

    async def drain(self) -> None:
        """Read on to the end (within bounds), so that whoever still sends will hear the answer."""
        while not self.ended and self.seen < self.DRAIN_BYTES:
            message = await self.receive()
            self.seen += len(message.get("body", b""))
            self.ended = message["type"] != "http.request" or not message.get("more_body", False)

"""The door: database turns, pages, headers, cross-site protection, preferences. Knows no business word."""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial, wraps
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Annotated, Any, Literal, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import i18n, thai
from app.core.db import Database, commit

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
STATIC = Path(__file__).resolve().parents[2] / "static"

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default; report-uri /csp-report"
)
FILE_CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FOUND = frozenset({200, 206, 304})
YEAR = 365 * 24 * 3600

# — Database turns —————————————————————————————————————————————————————————————————————————————————————————————————


async def _session(request: Request) -> AsyncIterator[Session]:
    """One of the few database turns, and its transaction.

    The body is read first: a slow phone must not hold a turn. Beginning asks the database nothing and needs no thread.
    """
    form = FormData()
    if request.method not in SAFE and request.headers.get("content-type", "").startswith(FORM_TYPES):
        form = await request.form(max_files=4, max_fields=400, max_part_size=256 * 1024)
    database: Database = request.app.state.database
    turns: asyncio.Semaphore = request.app.state.turns
    try:
        async with turns:
            with database.transaction() as session:
                try:
                    yield session
                except Exception:
                    await _end(session.rollback, session)
                    raise
                await _end(partial(commit, session), session)
    finally:
        await form.close()


async def _end(how: Callable[[], None], session: Session) -> None:
    """In a thread, with a limiter of its own as FastAPI gives it: who ends never waits for those who begin."""
    if session.in_transaction():
        await to_thread.run_sync(how, limiter=CapacityLimiter(1))


Db = Annotated[Session, Depends(_session, scope="function")]
"""The transaction of this request: committed before the response leaves, rolled back when anything raises."""


async def _now(request: Request) -> datetime:
    return moment(request)  # async: what waits for nothing needs no thread


def moment(request: Request) -> datetime:
    """The moment of this request, from the portal's clock (UTC)."""
    return cast("datetime", request.app.state.clock.now())


Now = Annotated[datetime, Depends(_now)]
"""The moment of this request, from the portal's clock (UTC)."""


async def _fields(request: Request) -> FormData:
    return await request.form(max_files=4, max_fields=400, max_part_size=256 * 1024)


Fields = Annotated[FormData, Depends(_fields)]
"""The posted form, already bounded in size, number and parts."""


def texts(form: FormData) -> dict[str, list[str]]:
    """Every text field of a posted form, in order, files left out."""
    found: dict[str, list[str]] = {}
    for key, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(key, []).append(value)
    return found


def one(form: FormData, name: str) -> str:
    """The first text value of a field, or ''."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


# — Routes —————————————————————————————————————————————————————————————————————————————————————————————————————————


def hang(web: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Hang every route into the application itself: an included router looks for its route twice.

    A plain function commits where it ran: a thread for the commit alone costs more than the commit.
    """
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute) and not iscoroutinefunction(route.endpoint):
            route.dependant.call = _committing(route.endpoint)
        web.router.routes.append(route)


def _committing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    def whole(**given: Any) -> Any:
        answer = endpoint(**given)
        for value in given.values():
            if isinstance(value, Session):
                commit(value)
        return answer

    return whole


# — Form token for acts that bind ——————————————————————————————————————————————————————————————————————————————————


def form_token(secret: str, session_id: object, purpose: str) -> str:
    """A token that only a page drawn for this session and this act can carry."""
    return hmac.new(secret.encode(), f"{session_id}:{purpose}".encode(), hashlib.sha256).hexdigest()


def token_holds(secret: str, session_id: object, purpose: str, given: str) -> bool:
    """Whether the posted token belongs to this session and act (constant time)."""
    return hmac.compare_digest(form_token(secret, session_id, purpose), given)


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


def local_path(target: str, fallback: str = "/") -> str:
    """`target` if it is a plain path on this site, else `fallback`: no open redirect through `next`."""
    if not re.fullmatch(r"/(?![/\\])[^\x00-\x20\\\x7f]*", target):
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc else target


# — Pages ——————————————————————————————————————————————————————————————————————————————————————————————————————————


@lru_cache(maxsize=1)
def static_version() -> str:
    """A short hash over every static file: the address changes when any of them does."""
    digest = hashlib.sha256()
    for path in sorted(p for p in STATIC.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(STATIC)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static(path: str) -> str:
    """The address of a static file, cacheable for a year."""
    return f"/static/{static_version()}/{path}"


def _t(value: Any) -> str:
    """A catalogue Text (both languages) or a plain Thai string in the language of the moment, numbers held together."""
    if value is None:
        return ""
    if isinstance(value, str):
        return thai.held_together(i18n.gettext(value))
    return thai.held_together(cast("str", value.to(i18n.lang())))


def _gettext(message: str, **values: object) -> Markup:
    """Jinja's newstyle gettext without its search through the context: that was a quarter of drawing a page."""
    return Markup(i18n.gettext(message)) % values if values else _said(message, i18n.lang())  # noqa: S704 - our words


@lru_cache(maxsize=4096)
def _said(message: str, language: i18n.Lang) -> Markup:
    del language  # that of the moment: only the cache needs to know
    return Markup(i18n.gettext(message)) % {}  # noqa: S704 - our words; %% is one


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        cache_size=-1,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
    )
    env.globals.update(_=_gettext, gettext=_gettext, static=static, lang=i18n.lang)
    env.filters.update(
        t=_t,
        date_long=lambda d: thai.date_long(d, i18n.lang()),
        date_short=lambda d: thai.date_short(d, i18n.lang()),
        moment=lambda m: thai.moment_short(m, i18n.lang()),
        moment_long=lambda m: thai.moment_long(m, i18n.lang()),
        time_short=lambda m: thai.time_short(m, i18n.lang()),
        baht=thai.baht,
        baht_short=thai.baht_short,
        query=lambda d: urlencode({k: v for k, v in d.items() if v not in (None, "")}, doseq=True),
    )
    return env


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one Jinja environment: templates are compiled once per process."""
    env = _environment()
    ui = env.get_template("ui.html").make_module({"prefs": Prefs()}) if (TEMPLATES / "ui.html").exists() else None
    env.globals["ui"] = ui
    return env


@dataclass(frozen=True)
class Visitor:
    """Who the layout greets: filled by the sign-in dependencies, empty for a stranger."""

    name: str = ""
    area: Literal["public", "citizen", "officer"] = "public"
    ends_at: datetime | None = None
    warns_at: datetime | None = None
    duties: frozenset[str] = frozenset()
    """What an officer may do, for a menu that leads nowhere in vain."""
    party: str = ""
    """For whom they act, when that is not themselves."""
    party_over: bool = False
    """They may not do so any more."""


def render(
    request: Request, template: str, page: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Draw `template` with one typed context. Personal pages are never stored by anyone on the way."""
    visitor: Visitor = getattr(request.state, "visitor", Visitor())
    html = (
        environment()
        .get_template(template)
        .render(
            page=page,
            visitor=visitor,
            prefs=request.state.prefs,
            path=request.url.path,
            full_path=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            settings=request.app.state.settings,
            now=moment(request),
        )
    )
    response = HTMLResponse(html, status_code=status, headers=dict(headers or {}))
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def see(target: str) -> RedirectResponse:
    """POST → 303 → GET: a reload never repeats an act."""
    return RedirectResponse(target, status_code=303)


def as_file(data: bytes, filename: str, media_type: str, *, inline: bool = False) -> Response:
    """A file as a download, inert in the browser (sandbox, nosniff)."""
    ascii_name = re.sub(r"[^A-Za-z0-9._-]", "_", filename) or "file"
    quoted = urlencode({"f": filename})[2:].replace("+", "%20")
    disposition = "inline" if inline else "attachment"
    return Response(
        data,
        media_type=media_type,
        headers={
            "Content-Disposition": f"{disposition}; filename=\"{ascii_name}\"; filename*=UTF-8''{quoted}",
            "Content-Security-Policy": FILE_CSP,
            "Cache-Control": "private, no-store",
        },
    )


def user_markup(text: str) -> Markup:
    """A person's text as escaped lines; the template wraps it in an element with hx-disable."""
    return Markup("<br>").join(text.splitlines() or [""])


# — Middleware —————————————————————————————————————————————————————————————————————————————————————————————————————


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


def prefs_cookie(prefs: Prefs, *, https: bool) -> str:
    """The Set-Cookie value that keeps preferences for a year (no personal data in it)."""
    return f"{PREFS_COOKIE}={prefs.cookie()}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly" + (
        "; Secure" if https else ""
    )


def json_body(raw: bytes) -> Any:
    """Parse JSON strictly (UTF-8, no NaN); raises ValueError."""

    def refuse(name: str) -> Any:
        raise ValueError(name)

    return json.loads(raw.decode("utf-8"), parse_constant=refuse)

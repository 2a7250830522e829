"""Requests and answers: one database turn and transaction each, bounded forms, form tokens, pages and files.

Knows no business word.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import i18n
from app.core.compressing import SMALL, gzipped, takes_gzip
from app.core.db import Database, commit, unsettled
from app.core.door import SAFE
from app.core.templates import environment

FILE_CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

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
    """In a thread, with a limiter of its own as FastAPI gives it: who ends never waits for those who begin.

    What only read has nothing to ask of the database any more, and needs no thread.
    """
    if unsettled(session):
        await to_thread.run_sync(how, limiter=CapacityLimiter(1))
    else:
        how()


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

    A plain function runs in one thread with every plain function it depends on, commits there and lets its connection
    go: FastAPI would send each of them through a thread of its own, which costs more than what most of them do.
    """
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute) and not iscoroutinefunction(route.endpoint):
            _in_one_thread(route.dependant)
        web.router.routes.append(route)


_Ask = Callable[..., Any]


@dataclass(frozen=True)
class _Source:
    """What answers for a parameter: asked once a request, with what it needs in its turn."""

    ask: _Ask
    needs: Mapping[str, "_Source"]

    def answer(self, known: dict[_Ask, Any]) -> Any:
        """Its answer; `known`: what was answered before. Whatever it raises, the page raises."""
        if self.ask not in known:
            known[self.ask] = self.ask(**{name: source.answer(known) for name, source in self.needs.items()})
        return known[self.ask]


def _sources(dependant: Dependant, awaited: dict[_Ask, Dependant]) -> dict[str, _Source]:
    """What answers for the parameters of a plain function; what has to be awaited first is gathered in `awaited`."""
    found = {}
    for below in dependant.dependencies:
        name, call = cast("str", below.name), cast("_Ask", below.call)
        if _plain(below):
            if below.path_params or below.query_params or below.header_params or below.cookie_params:
                raise TypeError(f"{call} reads the request by itself: let it ask for the request")
            found[name] = _Source(call, _sources(below, awaited))
            continue
        if any(_plain(one) for one in below.dependencies):
            raise TypeError(f"{call} waits for a plain function: make it plain too")
        awaited.setdefault(call, below)
        found[name] = _Source(call, {})
    if dependant.request_param_name:
        found[dependant.request_param_name] = _Source(Request, {})
    return found


def _plain(dependant: Dependant) -> bool:
    return not iscoroutinefunction(dependant.call) and not isasyncgenfunction(dependant.call)


def _in_one_thread(page: Dependant) -> None:
    """Let FastAPI await what has to be awaited, each once; the rest is asked where the page runs."""
    endpoint, awaited = cast("_Ask", page.call), cast("dict[_Ask, Dependant]", {})
    sources = _sources(page, awaited)
    names = {call: f"awaited_{place}" for place, call in enumerate(awaited)}
    for call, below in awaited.items():
        below.name = names[call]

    @wraps(endpoint)
    def whole(**given: Any) -> Any:
        known: dict[_Ask, Any] = {call: given.pop(name) for call, name in names.items()}
        known[Request] = given.pop("request")
        answer = endpoint(**given, **{name: source.answer(known) for name, source in sources.items()})
        for value in known.values():
            if isinstance(value, Session):
                commit(value)
                value.close()
        return answer

    page.call, page.dependencies, page.request_param_name = whole, list(awaited.values()), "request"


# — Form token for acts that bind ——————————————————————————————————————————————————————————————————————————————————


def form_token(secret: str, session_id: object, purpose: str) -> str:
    """A token that only a page drawn for this session and this act can carry."""
    return hmac.new(secret.encode(), f"{session_id}:{purpose}".encode(), hashlib.sha256).hexdigest()


def token_holds(secret: str, session_id: object, purpose: str, given: str) -> bool:
    """Whether the posted token belongs to this session and act (constant time)."""
    return hmac.compare_digest(form_token(secret, session_id, purpose), given)


# — Answers ————————————————————————————————————————————————————————————————————————————————————————————————————————


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
        environment(i18n.lang())
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
    data = html.encode()
    sent = {"Cache-Control": "no-store", "Vary": "Accept-Encoding", **(headers or {})}
    if len(data) > SMALL and takes_gzip(request.headers.get("accept-encoding", "")):
        data, sent["Content-Encoding"] = gzipped(data), "gzip"
    return HTMLResponse(data, status_code=status, headers=sent)


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


def local_path(target: str, fallback: str = "/") -> str:
    """`target` if it is a plain path on this site, else `fallback`: no open redirect through `next`."""
    if not re.fullmatch(r"/(?![/\\])[^\x00-\x20\\\x7f]*", target):
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc else target

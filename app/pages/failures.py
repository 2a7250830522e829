"""Refusals as pages: what happened, what was kept, what to do next; never a stack trace, never lost answers."""

from typing import cast
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.door import SAFE
from app.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, SignInNeeded, TooMany, Unavailable
from app.core.i18n import filled, gettext
from app.core.web import FORM_TYPES, local_path, render, see, texts
from app.pages.contexts.errors import ErrorPage, SessionEnded

log = structlog.get_logger(__name__)

TEMPLATES = {
    403: "errors/403.html",
    404: "errors/404.html",
    409: "errors/409.html",
    413: "errors/413.html",
    422: "errors/422.html",
    429: "errors/429.html",
    500: "errors/500.html",
    503: "errors/503.html",
}
_INSTEAD = {400: 422}
"""A form that cannot be read (too many fields, one field too long, broken multipart) is not a page that is missing."""


def _status(error: DomainError) -> int:
    return error.status if error.status in TEMPLATES else 422


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/callbacks/")) or "application/json" in request.headers.get(
        "accept", ""
    )


def _page(request: Request, status: int, message: str = "", **headers: str) -> Response:
    if _wants_json(request):
        return JSONResponse({"message": message or str(status)}, status_code=status, headers=headers)
    return render(request, TEMPLATES[status], ErrorPage(status=status, message=message), status=status, headers=headers)


def refused(request: Request, failure: Exception) -> Response:
    """A DomainError as its page."""
    error = cast("DomainError", failure)
    message = filled(error.message, error.values)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    if isinstance(error, (NotFound, Forbidden, Conflict, Invalid, TooMany, Unavailable)):
        return _page(request, _status(error), message, **headers)
    log.error("unmapped refusal", kind=type(error).__name__)
    return _page(request, 500)


async def sign_in_needed(request: Request, error: Exception) -> Response:
    """A stranger is led to sign-in and back; what was typed into an ended session stays in the page."""
    del error
    target = _with_query(request.url.path, request.url.query)
    officer = request.url.path.startswith("/officer")
    if request.method in SAFE:
        return see("/sign-in?" + urlencode({"as": "officer", "next": target} if officer else {"next": target}))
    form = FormData()
    if request.headers.get("content-type", "").startswith(FORM_TYPES):
        form = await request.form(max_files=4, max_fields=400, max_part_size=256 * 1024)
    kept = tuple((key, value) for key, values in texts(form).items() for value in values)
    has_file = any(not isinstance(value, str) for _, value in form.multi_items())
    page = SessionEnded(action=target, back=_page_before(request), kept=kept, had_file=has_file, officer=officer)
    return render(request, "errors/session_ended.html", page, status=401)


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _page_before(request: Request) -> str:
    """The page of ours that a form was sent from: an address to come back to, where the form's own may take no GET."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host"):
        return ""
    return local_path(_with_query(came_from.path, came_from.query), "")


def http_failure(request: Request, error: Exception) -> Response:
    """404, 405, 413 and the like from the framework, in our own words."""
    refusal = cast("HTTPException", error)
    status = refusal.status_code
    if status == 404 and request.method in SAFE and request.url.path.endswith("/"):
        return see(local_path(_with_query(request.url.path.rstrip("/"), request.url.query)))
    if status == 405:
        response = _page(request, 404)
        response.status_code = 405
        response.headers.update(refusal.headers or {})
        return response
    return _page(request, _INSTEAD.get(status, status if status in TEMPLATES else 500 if status >= 500 else 404))


def malformed(request: Request, error: Exception) -> Response:
    """A path or query that does not parse names nothing we have."""
    del error
    return _page(request, 404)


def broken(request: Request, error: Exception) -> Response:
    """Last resort: say that answers are kept, tell nothing about the inside."""
    log.error("unhandled", path=request.url.path, exc_info=error)
    return _page(request, 500)


class _LastResort:
    """Pure ASGI: what nobody caught becomes our page here, inside the door, so that it wears the door's headers too.

    (Starlette keeps handlers for Exception outside of all middleware.)
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def out(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, out)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await broken(Request(scope), error)(scope, receive, send)


async def cross_site_refused(request: Request) -> Response:
    """A form sent from another site's page."""
    return _page(request, 403, gettext("คำสั่งนี้ส่งมาจากเว็บไซต์อื่น เปิดหน้านี้จากจุดเดียวแล้วทำอีกครั้ง"))


async def too_big(request: Request) -> Response:
    """More was sent than this address takes."""
    return _page(request, 413)


def install(app: FastAPI) -> None:
    """Give every failure its page."""
    app.add_exception_handler(SignInNeeded, sign_in_needed)
    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(HTTPException, http_failure)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_middleware(_LastResort)

"""Signing in anew for one act: off to the provider with the digest of the list, and back to approve exactly that.

What is between the two halves lies in the short-lived signed cookie, as in `sign_in`; the database is asked in a
thread, so that no turn is held while a provider is.
"""

import time
from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

import anyio.to_thread
import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core.errors import DomainError, Forbidden, SignInNeeded
from app.core.i18n import filled
from app.core.web import Db, Now, moment, render, see
from app.identity import sessions
from app.identity.models import Duty
from app.identity.oidc import Reason, SignInFailed
from app.identity.sessions import OfficerSession
from app.identity.stepping_up import Presence
from app.pages.contexts.signing import NotConfirmed
from app.pages.officer_room import Signer
from app.pages.sign_in import AtDesk, Desk
from app.pages.who import COOKIE, greet
from app.stories import signing_day

log = structlog.get_logger(__name__)
router = APIRouter()
T = TypeVar("T")
KEPT = "step_up"


async def _work(desk: Desk, act: Callable[[Session], T]) -> T:
    """A transaction on the thread of those who sign in."""

    def whole() -> T:
        with desk.database.transaction() as db:
            return act(db)

    return await anyio.to_thread.run_sync(whole, limiter=desk.thread)


async def _in_passing(request: Request, desk: AtDesk) -> OfficerSession:
    """The officer at this browser, who may sign decisions; looked up in a transaction that is over at once."""
    token, now = request.cookies.get(COOKIE, ""), moment(request)
    session = await _work(desk, lambda db: sessions.find(db, token, now))
    if session is None:
        raise SignInNeeded("เข้าสู่ระบบเจ้าหน้าที่เพื่อดูหน้านี้", audience="officer")
    greet(request, session)
    if not isinstance(session, OfficerSession) or Duty.APPROVE not in session.duties:
        raise Forbidden("หน้าที่ของคุณยังไม่รวมการลงชื่อเรื่องนี้ ขอสิทธิ์จากผู้ดูแลระบบของหน่วยงานคุณ")
    return session


InPassing = Annotated[OfficerSession, Depends(_in_passing)]
"""A `Signer` at a page that talks outward."""


@router.get("/officer/signing/{batch_id}/confirm")
def set_out(request: Request, batch_id: UUID, db: Db, officer: Signer, now: Now) -> Response:
    """Note which list is to be confirmed, as it is now, and go on to the provider."""
    what = signing_day.to_confirm(db, officer, batch_id, now)
    request.session[KEPT] = {"batch": str(batch_id), "what": what, "left_at": time.time()}
    return see("/officer/step-up")


@router.get("/officer/step-up")
async def leave(request: Request, desk: AtDesk, _: InPassing) -> Response:
    """Off to the identity provider, which has the officer sign in anew."""
    kept = request.session.get(KEPT)
    if not kept:
        return see("/officer/signing")
    try:
        return await desk.providers.leave_anew(request, kept["what"])
    except SignInFailed as failed:
        return _not_confirmed(request, kept["batch"], failed)


@router.get("/officer/step-up/callback")
async def come_back(request: Request, desk: AtDesk, officer: InPassing) -> Response:
    """Back: check that they signed in anew, strongly and for this list; then it is approved."""
    kept = request.session.pop(KEPT, None)
    if not kept:
        return _not_confirmed(request, "", SignInFailed(Reason.EXPIRED, "nothing was to be confirmed"))
    batch_id, now = UUID(kept["batch"]), moment(request)
    try:
        here: Presence = await desk.providers.back_anew(request, kept["left_at"])
        await _work(desk, lambda db: signing_day.confirm(db, officer, batch_id, here, now))
    except DomainError as refused:
        return _not_confirmed(request, kept["batch"], refused)
    return see(f"/officer/signing/{batch_id}")


def _not_confirmed(request: Request, batch: str, refused: DomainError) -> Response:
    log.warning("a list was not confirmed", reason=type(refused).__name__, cause=getattr(refused, "cause", ""))
    page = NotConfirmed(batch=batch, message=filled(refused.message, refused.values))
    return render(request, "officer/not_confirmed.html", page, status=refused.status)

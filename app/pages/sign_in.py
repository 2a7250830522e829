"""Signing in and out. The only pages that talk outward in a request, so they are `async` and bounded in time.

authlib does the protocol (discovery, code with PKCE, state, nonce, signature); what it keeps between the two halves of
a sign-in lies in the short-lived signed cookie `__Host-oidc`. The session cookie `__Host-sid` is new at every sign-in.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

import anyio
import anyio.to_thread
import structlog
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from app.core.db import Database
from app.core.errors import Forbidden, Invalid, SignInNeeded
from app.core.i18n import filled
from app.core.secrets import Keyring
from app.core.thai import format_citizen_id
from app.core.web import Db, Now, local_path, render, see
from app.identity import devices, sessions, visits
from app.identity.company_claims import CompanyClaims
from app.identity.oidc import SignInFailed
from app.pages.contexts.devices import DevicesPage
from app.pages.contexts.sign_in import Choice, Failed, SignedOut, WhoActs
from app.pages.providers import Audience, Providers
from app.pages.who import COOKIE, MaybeSignedIn, Person
from app.stories import entering
from app.stories.entering import Vouched

HOMES: dict[Audience, str] = {"citizen": "/my", "officer": "/officer", "company": "/my"}
"""Where someone lands who did not come from a page."""

log = structlog.get_logger(__name__)
router = APIRouter()


@dataclass(frozen=True)
class Desk:
    """What signing in works with; `main` puts one in `app.state.sign_in`."""

    database: Database
    keyring: Keyring
    providers: Providers
    # Sign-ins use the database one at a time and on a thread of their own: they must never take one that a request
    # with a database turn is waiting for.
    thread: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))

    async def admit(
        self, audience: Audience, said: Vouched, waiting: CompanyClaims | None = None
    ) -> str | CompanyClaims:
        """Open a session for whom the provider vouched for, ending the one this browser had; the new token.

        A company whose human being is still to come is returned as it is.
        """

        def work() -> str | CompanyClaims:
            with self.database.transaction() as db:
                if audience == "officer":
                    return entering.officer(db, self.keyring, said)
                if audience == "company":
                    return entering.company(db, self.keyring, said)
                return entering.person(db, self.keyring, said, waiting)

        try:
            return await anyio.to_thread.run_sync(work, limiter=self.thread)
        except (Forbidden, Invalid) as why:
            raise SignInFailed.refused(why) from why

    async def farewell(self, session_id: UUID, now: datetime) -> str:
        """Where to end the session at the provider too; "" when that is not possible now."""

        def work() -> tuple[Audience, str] | None:
            with self.database.transaction() as db:
                return sessions.farewell(db, self.keyring, session_id, now)

        left = await anyio.to_thread.run_sync(work, limiter=self.thread)
        if left is None:
            return ""
        try:
            return await self.providers.farewell(left[0], left[1])
        except SignInFailed as failed:
            log.warning("provider sign-out not possible", cause=failed.cause)
            return ""


def _desk(request: Request) -> Desk:
    return cast("Desk", request.app.state.sign_in)


AtDesk = Annotated[Desk, Depends(_desk)]


@router.get("/sign-in")
def choose(
    request: Request,
    desk: AtDesk,
    to: Annotated[str, Query(alias="next")] = "",
    who: Annotated[str, Query(alias="as")] = "",
) -> HTMLResponse:
    """Who are you: a citizen (one large link), a company, or an officer (a small one)."""
    back = local_path(to, "")
    officer, companies = who == "officer", desk.providers.companies
    page = Choice(next=back, officer=officer, companies=companies, to_sign=back.startswith("/sign/"))
    return render(request, "sign_in/choose.html", page)


@router.get("/sign-in/person")
def who_acts(request: Request, desk: AtDesk, now: Now) -> Response:
    """A company has signed in; now the human being who acts for it. Without one, the choice from the beginning."""
    waiting = entering.that_waits(request.session.get("company"), now)
    if waiting is None:
        return choose(request, desk)
    page = WhoActs(
        company=waiting.name, juristic_id=format_citizen_id(waiting.juristic_id), next=request.session.get("next", "")
    )
    return render(request, "sign_in/person.html", page)


@router.get("/sign-in/{audience}")
async def leave(
    request: Request, audience: Audience, desk: AtDesk, to: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """Off to the identity provider; where to come back to waits in the signed cookie."""
    request.session["next"] = local_path(to, HOMES[audience])
    try:
        return await desk.providers.leave_for(audience, request)
    except SignInFailed as failed:
        return _failed(request, audience, failed)


@router.get("/sign-in/{audience}/callback")
async def come_back(request: Request, audience: Audience, desk: AtDesk, now: Now) -> Response:
    """Back from the provider: check everything, open a session under a new id, go where the person wanted to go."""
    device, before = devices.name(request.headers.get("user-agent", "")), request.cookies.get(COOKIE, "")
    waiting = entering.that_waits(request.session.get("company"), now) if audience == "citizen" else None
    try:
        said = await desk.providers.come_back(audience, request)
        vouched = Vouched(said.issuer, said.claims, said.id_token, device, before, now)
        admitted = await desk.admit(audience, vouched, waiting)
    except SignInFailed as failed:
        return _failed(request, audience, failed)
    target = request.session.get("next", HOMES[audience])
    request.session.clear()
    if isinstance(admitted, CompanyClaims):
        request.session.update(company=entering.to_wait(admitted, now), next=target)
        return see("/sign-in/person")
    return signed_in(target, admitted)


def signed_in(target: str, token: str) -> RedirectResponse:
    """On to `target` with a new session."""
    response = see(target)
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _failed(request: Request, audience: Audience, failed: SignInFailed) -> HTMLResponse:
    log.warning("sign-in failed", audience=audience, reason=failed.reason, cause=failed.cause)
    page = Failed(
        reason=failed.reason,
        message=filled(failed.message, failed.values),
        officer=audience == "officer",
        next=request.session.get("next", ""),
    )
    return render(request, "sign_in/failed.html", page, status=failed.status)


@router.post("/sign-out")
def sign_out(request: Request, db: Db, now: Now) -> RedirectResponse:
    """End the session here; the next page ends it at the provider (a form may not leave the site: form-action)."""
    left = sessions.sign_out(db, request.cookies.get(COOKIE, ""), now)
    request.session.clear()
    if left is not None:
        request.session["left"] = str(left)
    response = see("/signed-out")
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.get("/signed-out")
async def signed_out(request: Request, desk: AtDesk, now: Now) -> HTMLResponse:
    """You are out. The first time it leads on to the provider's own sign-out; coming back from there it stays."""
    left = request.session.pop("left", None)
    onward = await desk.farewell(UUID(left), now) if left else ""
    headers = {"Refresh": f"0; url={onward}"} if onward else {}
    return render(request, "sign_in/signed_out.html", SignedOut(onward=onward), headers=headers)


@router.post("/session/keep")
def keep(session: MaybeSignedIn) -> JSONResponse:
    """Someone pressed "keep me signed in": being asked was enough. When the new warning and end will be."""
    if session is None:
        raise SignInNeeded("คุณออกจากระบบไปแล้ว เข้าสู่ระบบอีกครั้งเพื่อทำต่อ")
    return JSONResponse({"warns_at": session.warns_at.isoformat(), "ends_at": session.ends_at.isoformat()})


@router.get("/my/sessions")
def devices_in_use(request: Request, citizen: Person, db: Db, now: Now) -> HTMLResponse:
    """Where I am signed in: this browser and the others."""
    live = visits.live(db, citizen.person_id, now)
    here = next(visit for visit in live if visit.session_id == citizen.session_id)
    elsewhere = tuple(visit for visit in live if visit is not here)
    return render(request, "sign_in/devices.html", DevicesPage(here=here, elsewhere=elsewhere))


@router.post("/my/sessions/{session_id}/end")
def end_elsewhere(session_id: UUID, citizen: Person, db: Db, now: Now) -> RedirectResponse:
    """Sign another of my browsers out; a session that is not mine is not found."""
    visits.end(db, citizen.person_id, session_id, now)
    return see("/my/sessions")

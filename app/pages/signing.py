"""Somebody opens the link they were given, signs in, and reads, signs or refuses one paper; the form stays shut."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.form_models import FormState
from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Conflict, Invalid
from app.core.i18n import filled
from app.core.web import Db, Fields, Now, form_token, one, render, see, token_holds
from app.identity import people
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.papers import SignPage
from app.pages.who import Person
from app.papers import sheets, signers
from app.papers.models import Signer
from app.stories import signing
from app.stories.papers import Look

router = APIRouter()
LINK = "/sign/{signer_id}/{link}"
OLD = "เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ อ่านอีกครั้งแล้วกดปุ่มเดิม"


def _purpose(signer: Signer, sha256: str) -> str:
    return f"sign:{signer.id}:{sha256}"


def _page(
    request: Request, found: tuple[Signer, Look], db: Db, citizen: Person, now: Now, *problems: Problem, why: str = ""
) -> SignPage:
    signer, look = found
    says, form = look.filled, look.draft.form
    sha256, secret = sheets.digest(says.body()), house_of(request).settings.cookie_secret
    return SignPage(
        problems=problems,
        asked_by=people.full_name(*people.names(db, signer.invited_by)),
        role=next(role.title for role in says.prepared.roles if role.key == signer.role),
        title=says.prepared.title,
        paragraphs=says.paragraphs,
        listed=tuple((one.label, one.text) for one in says.listed),
        note=says.prepared.note,
        standing=signers.standing(signer, now).value,
        at=signer.signed_at or signer.refused_at,
        until=bangkok_date(signer.expires_at),
        voided=signer.voided_at is not None,
        ready=form.state is FormState.DRAFT and not says.lacking,
        sha256=sha256,
        here=request.url.path.removesuffix("/refuse"),
        why=why,
        token=form_token(secret, citizen.session_id, _purpose(signer, sha256)),
    )


@router.get(LINK)
def read(request: Request, signer_id: UUID, link: str, db: Db, citizen: Person, now: Now) -> Response:
    """The paper I am asked to sign."""
    found = signing.opened(db, house_of(request), citizen, signer_id, link, now)
    return render(request, "citizen/sign.html", _page(request, found, db, citizen, now))


def _bound(request: Request, citizen: Person, signer: Signer, fields: Fields) -> None:
    """Conflict unless the page that was sent is the one that was drawn for me, with these words."""
    secret, purpose = house_of(request).settings.cookie_secret, _purpose(signer, one(fields, "sha256"))
    if not token_holds(secret, citizen.session_id, purpose, one(fields, "token")):
        raise Conflict(OLD)


@router.post(LINK)
def sign(request: Request, signer_id: UUID, link: str, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """I sign exactly what I read."""
    house = house_of(request)
    found = signing.opened(db, house, citizen, signer_id, link, now, act=True)
    try:
        with attempt(db):
            _bound(request, citizen, found[0], fields)
            signing.sign(db, house, citizen, signer_id, link, one(fields, "sha256"), now)
    except Conflict as refused:
        wrong = Problem("main", filled(refused.message, refused.values))
        return render(request, "citizen/sign.html", _page(request, found, db, citizen, now, wrong), status=409)
    return see(request.url.path)


@router.post(f"{LINK}/refuse")
def refuse(request: Request, signer_id: UUID, link: str, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """I will not sign, and say why."""
    house, why = house_of(request), one(fields, "why")[:2000]
    found = signing.opened(db, house, citizen, signer_id, link, now, act=True)
    try:
        with attempt(db):
            _bound(request, citizen, found[0], fields)
            signing.refuse(db, house, citizen, signer_id, link, why, now)
    except (Conflict, Invalid) as refused:
        wrong = Problem("why", filled(refused.message, refused.values))
        page = _page(request, found, db, citizen, now, wrong, why=why)
        return render(request, "citizen/sign.html", page, status=refused.status)
    return see(request.url.path.removesuffix("/refuse"))

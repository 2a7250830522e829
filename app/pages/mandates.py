"""Mandates: who may act for me, for whom I may act, and everything that was done with each."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import Db, Fields, Now, one, render, see, texts
from app.identity import mandates as given_mandates
from app.identity.mandates import Held
from app.identity.sessions import CitizenSession
from app.pages import happenings
from app.pages.acting import bound, from_our_page, names_of, token, too_old
from app.pages.citizen_form import house_of
from app.pages.contexts.acting import MandatePage, MandatesPage, MandateState, MandateView, NewMandatePage
from app.pages.contexts.frame import FieldView, Problem
from app.pages.who import Citizen, Person
from app.stories import mandating
from app.stories.house import House
from app.stories.mandating import Wanted

router = APIRouter()


def _state(held: Held, now: Now) -> MandateState:
    if held.revoked_at is not None:
        return "revoked"
    if not held.open(now):
        return "over"
    return "offered" if held.accepted_at is None else "live"


def _view(house: House, held: Held, now: Now) -> MandateView:
    return MandateView(
        id=held.id,
        principal=held.principal,
        agent=held.agent,
        services=names_of(house, held.services),
        until=held.until,
        state=_state(held, now),
    )


def _list(
    request: Request, db: Db, citizen: CitizenSession, now: Now, code: str = "", *problems: Problem
) -> MandatesPage:
    house = house_of(request)
    given = [] if citizen.by_mandate else given_mandates.given_by(db, citizen.applicant_id)
    return MandatesPage(
        problems=problems,
        party=citizen.party_in(lang()),
        may_give=not citizen.by_mandate,
        given=tuple(_view(house, held, now) for held in given),
        held=tuple(_view(house, held, now) for held in given_mandates.held_by(db, citizen.person_id)),
        code=code,
        token=token(request, citizen),
    )


@router.get("/mandates")
def everything(request: Request, db: Db, citizen: Person, now: Now) -> Response:
    """What this party gave and what I hold."""
    return render(request, "acting/mandates.html", _list(request, db, citizen, now))


@router.post("/mandates/code")
def by_code(request: Request, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """I was given an invitation code."""
    written, wrong = one(fields, "code")[:60], too_old()
    if from_our_page(request, citizen, fields):
        mandate_id = mandating.accept_code(db, house_of(request), citizen, written, now)
        if mandate_id is not None:
            return see(f"/mandates/{mandate_id}")
        wrong = Problem("code", _("ไม่มีรหัสเชิญนี้ หรือถูกใช้ไปแล้ว ตรวจกับผู้มอบอำนาจอีกครั้ง"))
    return render(request, "acting/mandates.html", _list(request, db, citizen, now, written, wrong), status=422)


# — Giving —————————————————————————————————————————————————————————————————————————————————————————————————————————


def _asked(request: Request, citizen: CitizenSession, wanted: Wanted | None, *problems: Problem) -> NewMandatePage:
    services = house_of(request).catalogue.services
    readings = wanted.readings if wanted else {}
    at = {question.fields[0]: question.key for question in mandating.QUESTIONS}
    found = {
        at.get(place, place.partition(".")[0]): text for place, text in (wanted.problems if wanted else {}).items()
    }
    return NewMandatePage(
        problems=(*problems, *(Problem(place, text) for place, text in (wanted.problems if wanted else {}).items())),
        party=citizen.party_in(lang()) or (citizen.display_name_en if lang() == "en" else citizen.display_name),
        fields=tuple(
            FieldView(
                question=question,
                raw=readings[question.key].raw if wanted else {},
                problem=found.get(question.key),
                at=readings[question.key].at if wanted else "",
            )
            for question in mandating.QUESTIONS
        ),
        every_service=wanted.every_service if wanted else False,
        services=tuple(
            (slug, service.short_name, bool(wanted and slug in wanted.services)) for slug, service in services.items()
        ),
        scope_problem=wanted.problems.get("scope") if wanted else None,
        token=token(request, citizen),
    )


@router.get("/mandates/new")
def new(request: Request, citizen: Citizen) -> Response:
    """Whom, what for, until when."""
    mandating.may_give(citizen)
    return render(request, "acting/new_mandate.html", _asked(request, citizen, None))


@router.post("/mandates/new")
def give(request: Request, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Give it, or the page again with everything typed."""
    mandating.may_give(citizen)
    wanted = mandating.read(house_of(request), texts(fields), now)
    old = () if from_our_page(request, citizen, fields) else (too_old(),)
    if old or wanted.problems:
        return render(request, "acting/new_mandate.html", _asked(request, citizen, wanted, *old), status=422)
    return see(f"/mandates/{mandating.give(db, house_of(request), citizen, wanted, now)}")


# — One of them ————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/mandates/{mandate_id}")
def mandate(request: Request, mandate_id: UUID, db: Db, citizen: Person, now: Now) -> Response:
    """Both sides see it, with every act."""
    held = mandating.seen(db, citizen, mandate_id)
    view, giving = _view(house_of(request), held, now), mandating.is_principal(citizen, held)
    page = MandatePage(
        mandate=view,
        giving=giving,
        given_by=held.given_by,
        given_at=held.given_at,
        accepted_at=held.accepted_at,
        ended_at=held.revoked_at,
        code=mandating.code(house_of(request), held) if giving else "",
        may_accept=view.state == "offered" and not giving,
        may_end=view.state in {"offered", "live"},
        acts=happenings.told(mandating.acts(db, held), citizen.person_id, "", people=True),
        token=token(request, citizen),
    )
    return render(request, "acting/mandate.html", page)


@router.post("/mandates/{mandate_id}/accept")
def accept(request: Request, mandate_id: UUID, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """I take it on."""
    mandating.seen(db, citizen, mandate_id)
    bound(request, citizen, fields)
    mandating.accept(db, citizen, mandate_id, now)
    return see(f"/mandates/{mandate_id}")


@router.post("/mandates/{mandate_id}/end")
def end(request: Request, mandate_id: UUID, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """Either side ends it, at once."""
    mandating.seen(db, citizen, mandate_id)
    bound(request, citizen, fields)
    mandating.revoke(db, citizen, mandate_id, now)
    return see(f"/mandates/{mandate_id}")

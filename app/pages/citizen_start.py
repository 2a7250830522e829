"""From a choice to the open form: the notice, the start, and another service in the form later."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.applications import choices, forms
from app.applications.form_models import FormState
from app.catalogue import choosing, quiz
from app.catalogue.quiz import Said
from app.catalogue.schema import Service
from app.core import i18n
from app.core.db import attempt
from app.core.errors import Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, form_token, one, render, see, texts, token_holds
from app.pages.citizen_form import head, house_of
from app.pages.contexts.citizen import ConsentAsked, NoticePage, NoticeSection
from app.pages.contexts.frame import Problem
from app.pages.contexts.start import (
    Pickable,
    PickPage,
)
from app.pages.public_start import Carried, Chosen, receiver_of, start_href
from app.pages.who import Citizen
from app.privacy import consents
from app.stories import apply, choose, inform, reuse

router = APIRouter()

# — Before anything is fetched: the notice ——————————————————————————————————————————————————————————————————————————


def _notice_page(
    request: Request, db: Db, citizen: Citizen, services: Sequence[Service], action: str, sent: Fields | None = None
) -> NoticePage:
    """The notice; with `sent`, a form that was drawn for another session: again, with what was ticked there."""
    house = house_of(request)
    ticked = None if sent is None else set(texts(sent).get("consent", []))
    read = inform.compose(house, citizen, services, i18n.lang())
    standing = consents.current(db, citizen.person_id)
    return NoticePage(
        problems=() if sent is None else (Problem("main", _("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ อ่านอีกครั้งแล้วกดปุ่มเดิม")),),
        services=tuple(s.short_name for s in services),
        sections=tuple(NoticeSection(heading=s.heading, paragraphs=s.paragraphs) for s in read.sections),
        consents=tuple(
            ConsentAsked(
                purpose=p.value,
                text=_(consents.QUESTIONS[p]),
                given=standing[p].given if ticked is None else p.value in ticked,
            )
            for p in consents.OFFERED
        ),
        version=read.version,
        action=action,
        token=form_token(house.settings.cookie_secret, citizen.session_id, "notice"),
    )


def _offered(request: Request, slugs: Sequence[str]) -> list[Service]:
    """The services named in an address that is about to become a form; NotFound when one is unknown."""
    services = house_of(request).catalogue.services
    if not slugs or not services.keys() >= set(slugs):
        raise NotFound
    return [services[slug] for slug in choosing.without_twins(house_of(request).catalogue, slugs)]


@router.get("/start/notice")
def before(
    request: Request,
    chosen: Chosen,
    carried: Carried,
    db: Db,
    citizen: Citizen,
    again: Annotated[str, Query(alias="new")] = "",
) -> Response:
    """What will happen to my data; or back to the draft I already have for exactly these services."""
    services = _offered(request, chosen)
    draft = None if again else _same_draft(db, citizen, {service.slug for service in services})
    if draft is not None:
        return see(f"/forms/{draft}")
    href = _begin_href(request, services, carried)
    return render(request, "citizen/notice.html", _notice_page(request, db, citizen, services, href))


def _begin_href(request: Request, services: Sequence[Service], carried: Said) -> str:
    former, pairs = _former(request), quiz.written(house_of(request).catalogue.quiz, carried)
    href = start_href([service.slug for service in services], "/start/notice", pairs)
    return f"{href}&from={former}" if former else href


def _former(request: Request) -> UUID | None:
    """The earlier form of mine that the new one begins from, when the address names one."""
    try:
        return UUID(request.query_params.get("from", ""))
    except ValueError:
        return None


def _same_draft(db: Db, citizen: Citizen, slugs: set[str]) -> UUID | None:
    drafts = [form.id for form in forms.all_of(db, citizen.applicant_id) if form.state is FormState.DRAFT]
    found = choices.of_forms(db, drafts).items()
    return next((form_id for form_id, chosen in found if {slug for slug, _version in chosen} == slugs), None)


@router.post("/start/notice")
def begin(
    request: Request, chosen: Chosen, carried: Carried, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Acknowledged: open the form, ask the registries if allowed."""
    house, services = house_of(request), _offered(request, chosen)
    if not _from_our_page(request, citizen, fields):
        page = _notice_page(request, db, citizen, services, _begin_href(request, services, carried), fields)
        return render(request, "citizen/notice.html", page, status=422)
    slugs = [service.slug for service in services]
    form = apply.start(db, house, citizen, slugs, i18n.lang(), now, carried.answers)
    if former := _former(request):
        reuse.from_form(db, house, form, former, now)
    inform.acknowledge(db, house, citizen, form, services, set(texts(fields).get("consent", [])), i18n.lang(), now)
    return see(f"/forms/{form.id}")


@router.get("/forms/{form_id}/notice")
def notice(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Read the notice of my form again, and change the optional answers."""
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    services = apply.services_of(db, house_of(request), [form.id])[form.id]
    page = _notice_page(request, db, citizen, services, f"/forms/{form_id}/notice")
    return render(request, "citizen/notice.html", page)


@router.post("/forms/{form_id}/notice")
def acknowledge(request: Request, form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Acknowledge again; a registry that could not be asked before is asked now if allowed."""
    house = house_of(request)
    form = forms.draft(db, citizen.applicant_id, form_id)
    services = apply.services_of(db, house, [form.id])[form.id]
    if not _from_our_page(request, citizen, fields):
        page = _notice_page(request, db, citizen, services, f"/forms/{form_id}/notice", fields)
        return render(request, "citizen/notice.html", page, status=422)
    inform.acknowledge(db, house, citizen, form, services, set(texts(fields).get("consent", [])), i18n.lang(), now)
    return see(f"/forms/{form_id}")


def _from_our_page(request: Request, citizen: Citizen, fields: Fields) -> bool:
    secret = house_of(request).settings.cookie_secret
    return token_holds(secret, citizen.session_id, "notice", one(fields, "token"))


# — Another service in an open form, or one fewer ———————————————————————————————————————————————————————————————————


@router.get("/forms/{form_id}/services")
def services(request: Request, form_id: UUID, db: Db, citizen: Citizen) -> Response:
    """What my draft is for, and what could be added."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    if current.form.state is FormState.SUBMITTED:
        return see(f"/forms/{form_id}/track")
    return render(request, "citizen/services.html", _pick_page(request, db, citizen, form_id))


@router.post("/forms/{form_id}/services")
def pick(request: Request, form_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep this choice; what is new asks to have the notice read again."""
    try:
        with attempt(db):
            choose.change(db, house_of(request), citizen, form_id, texts(fields).get("service", []), now)
    except Invalid as refused:
        page = _pick_page(request, db, citizen, form_id, Problem("service", _(refused.message)))
        return render(request, "citizen/services.html", page, status=422)
    return see(f"/forms/{form_id}")


def _pick_page(request: Request, db: Db, citizen: Citizen, form_id: UUID, *problems: Problem) -> PickPage:
    house = house_of(request)
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    chosen = apply.services_of(db, house, [form.id])[form.id]
    slugs = [service.slug for service in chosen]
    offered = [*chosen, *(s for s in choose.plan(house, slugs, {}).addable if s.slug not in slugs)]
    return PickPage(
        problems=problems,
        form=head(form, chosen),
        offered=tuple(
            Pickable(service=service, receiver=receiver_of(house, service), chosen=service.slug in slugs)
            for service in offered
        ),
        token=form_token(house.settings.cookie_secret, citizen.session_id, "services"),
    )

"""Somebody is stuck on a page of a form and asks; the agency that will receive it answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue.agencies import Agency
from app.catalogue.answers import DOCUMENTS
from app.catalogue.routing import route
from app.catalogue.schema import Service
from app.catalogue.texts import Text
from app.core import events, rates
from app.core.errors import Invalid, NotFound
from app.core.thai import clean_lines
from app.engagement import questions
from app.engagement.questions import FormQuestion
from app.identity import sessions
from app.identity.sessions import CitizenSession, OfficerSession
from app.notices import inbox
from app.stories import mend
from app.stories.apply import Draft, draft
from app.stories.house import House

MENDING = "deficiency"
"""What an officer sent back to be mended: a page of an application and no longer of a form."""
PAGES = {
    DOCUMENTS: Text(th="เอกสาร", en="Documents"),
    "check": Text(th="ตรวจคำตอบก่อนส่งคำขอ", en="Check the answers before sending"),
    MENDING: Text(th="บันทึกข้อบกพร่อง", en="Deficiency notice"),
}
"""Pages that are no topic of a form."""


@dataclass(frozen=True)
class Asking:
    """What can be asked on one page of my form: whom (services with who receives each), and about which question."""

    form_id: UUID
    page: str
    title: Text
    services: tuple[tuple[Service, Agency | None], ...]
    """The agency is None while the answers do not say which local authority it is."""
    about: tuple[tuple[str, Text], ...]


def begin(db: Session, house: House, citizen: CitizenSession, form_id: UUID, page: str) -> Asking:
    """The page I am stuck on; NotFound for a page the form does not have."""
    current = draft(db, house, citizen, form_id)
    topic = next((one for one in current.topics if one.key == page), None)
    if topic is None and (page not in PAGES or page == MENDING):
        raise NotFound
    asked = tuple((q.key, q.name) for q in topic.questions) if topic else ()
    services = tuple((one, _receiver(house, one, current)) for one in current.services)
    return Asking(current.form.id, page, topic.title if topic else PAGES[page], services, asked)


def begin_mending(db: Session, house: House, citizen: CitizenSession, application_id: UUID) -> Asking:
    """What was sent back to me to be mended: its agency answers. NotFound when nothing was, or not any more."""
    mending = mend.open_notice(db, house, citizen, application_id)
    mend.being_mended(mending)
    about = tuple((q.key, q.name) for item in mending.items if item.kind == "answer" for q in [mending.question(item)])
    about += tuple(
        (use.key, use.document.name)
        for item in mending.items
        if item.kind == "document"
        for use in [mending.document(item)]
    )
    to = house.agency(mending.application.agency_code)
    return Asking(mending.application.single_form_id, MENDING, PAGES[MENDING], ((mending.service, to),), about)


def _receiver(house: House, service: Service, current: Draft) -> Agency | None:
    try:
        return route(house.catalogue, service, current.values).agency
    except Invalid:
        return None


def local_authorities(house: House) -> list[Agency]:
    """Who could receive what a local authority receives."""
    return [one for one in house.catalogue.agencies.values() if one.kind == "local_authority"]


def ask(
    db: Session, house: House, citizen: CitizenSession, found: Asking, said: dict[str, str], now: datetime
) -> FormQuestion:
    """Send it: `said` holds service, agency (where answers do not say), about, text. Invalid names what lacks."""
    text = clean_lines(said.get("text", ""))[: questions.LONGEST]
    chosen = next(((one, to) for one, to in found.services if one.slug == said.get("service")), None)
    if chosen is None and len(found.services) == 1:
        chosen = found.services[0]
    places = {one.code: one for one in local_authorities(house)}
    agency = (chosen[1] or places.get(said.get("agency", ""))) if chosen else None
    problems = {
        **({} if text.strip() else {"text": "พิมพ์คำถามของคุณ เช่น พื้นที่นับรวมที่จอดรถหรือไม่"}),
        **({} if chosen else {"service": "เลือกเรื่องที่ถาม"}),
        **({} if agency or not chosen else {"agency": "เลือกหน่วยงานที่จะตอบ"}),
    }
    if problems or chosen is None or agency is None:
        raise Invalid(next(iter(problems.values()), ""), problems)
    rates.take(db, "form-question", str(citizen.person_id), now, limit=20, per_seconds=86_400)
    kept = questions.put(
        db,
        FormQuestion(
            applicant_id=citizen.applicant_id,
            asked_by=citizen.person_id,
            single_form_id=found.form_id,
            service_slug=chosen[0].slug,
            service_version=chosen[0].version,
            agency_code=agency.code,
            page=found.page,
            about=said.get("about", "") if said.get("about") in dict(found.about) else "",
            text=text,
            asked_at=now,
        ),
    )
    form_id, facts = found.form_id, {"service": chosen[0].slug, "page": found.page, "agency": agency.code}
    events.record(db, f"form:{form_id}", "form.question", sessions.actor(citizen), now, subject=form_id, **facts)
    return kept


def answer(
    db: Session, officer: OfficerSession, question_id: UUID, said: str, shared_as: str, now: datetime
) -> FormQuestion:
    """Answer one of my agency's, perhaps for everybody; who asked is told. Invalid without an answer."""
    words = clean_lines(said)
    if not words.strip():
        raise Invalid("พิมพ์คำตอบก่อนส่ง")
    found = questions.answer(
        db, officer.agency_code, question_id, words, clean_lines(shared_as).strip(), officer.officer_id, now
    )
    inbox.tell(
        db, found.applicant_id, "question_answered", now, href=f"/my/questions#q-{found.id}", text=found.text[:80]
    )
    stream, facts = f"form:{found.single_form_id}", {"question": str(found.id), "shared": bool(found.shared_as)}
    events.record(
        db, stream, "form.question_answered", sessions.actor(officer), now, subject=found.single_form_id, **facts
    )
    return found


def service_name(house: House, slug: str) -> Text:
    """A service by its short name; its slug for one that is gone."""
    service = house.catalogue.services.get(slug)
    return service.short_name if service else Text.model_construct(th=slug, en=slug)


def title_of(house: House, service_slug: str, page: str) -> Text:
    """What a page of a form is called; its key for one that is gone."""
    service = house.catalogue.services.get(service_slug)
    topic = next((one for one in service.topics if one.key == page), None) if service else None
    return topic.title if topic else PAGES.get(page, Text.model_construct(th=page, en=page))

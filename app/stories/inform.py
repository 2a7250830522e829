"""The privacy notice of the services a person chose, composed from their own data; acknowledged, never agreed to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications.form_models import SingleForm
from app.catalogue import choosing
from app.catalogue.conditions import Answers, decided
from app.catalogue.registries import Registry
from app.catalogue.schema import Agency, DocumentUse, Question, Service, Text, ToDepartment
from app.core.i18n import gettext, speaking
from app.identity.sessions import CitizenSession
from app.privacy import acknowledgements, consents, notice
from app.privacy.models import Purpose
from app.privacy.notice import Contact, Datum, Kept, Lookup, Notice, Use
from app.stories import apply, reuse
from app.stories.house import House

KINDS = {
    "draft": Text(th="แบบร่าง", en="Drafts"),
    "answers": Text(th="คำตอบ", en="Answers"),
    "documents": Text(th="เอกสาร", en="Documents"),
    "licence": Text(th="ใบอนุญาต", en="Licences"),
    "payment": Text(th="หลักฐานการเงิน", en="Payment records"),
    "events": Text(th="บันทึกเหตุการณ์", en="Event records"),
}

LOCAL = Text(th="องค์กรปกครองส่วนท้องถิ่นของที่ตั้งร้าน", en="The local authority of your premises")


def compose(house: House, citizen: CitizenSession, services: Sequence[Service], language: str) -> Notice:
    """The notice for these services, and for those that answers may call for instead, in one language.

    A person is not told what would be asked of a company, nor the other way round.
    """
    known = apply.given_answers(house, citizen)
    uses = [_use(house, service, known) for service in choosing.reachable(house.catalogue, services)]
    with speaking(language):
        return notice.compose(uses, language, gettext)


def _linked(house: House, use: DocumentUse) -> Registry | None:
    """The registry whose record may replace this document."""
    found = house.catalogue.registries.get(use.document.waived_by or "")
    return found if found and found.linked else None


def _lookups(house: House, service: Service, wanted: Sequence[DocumentUse]) -> list[Lookup]:
    """Each registry of records that this service may ask, why, and which documents and answers that can spare."""
    spared: dict[str, list[Text]] = {}
    for use in wanted:
        if registry := _linked(house, use):
            spared.setdefault(registry.key, []).append(use.document.name)
    for question in service.questions:
        key = question.prefill.registry if question.prefill else ""
        if key in house.catalogue.registries and house.catalogue.registries[key].linked:
            spared.setdefault(key, []).append(question.name)
    registries = house.catalogue.registries
    return [Lookup(registries[key].name, registries[key].purpose, tuple(names)) for key, names in spared.items()]


def _source(house: House, question: Question) -> Text | None:
    found = house.catalogue.registries.get(question.prefill.registry) if question.prefill else None
    return found.name if found else None


def _use(house: House, service: Service, known: Answers) -> Use:
    agencies = _controllers(house, service)
    asked = [
        Datum(
            q.key,
            q.name,
            source=_source(house, q),
            required=not q.optional,
        )
        for q in service.questions
        if q.personal and decided(q.when, known) is not False
    ]
    wanted = [use for use in service.documents if decided(use.when, known) is not False]
    files = [
        Datum(use.key, use.document.name, required=use.when is None and use.document.waived_by is None, document=True)
        for use in wanted
        if use.document.personal and (_linked(house, use) or use.document.waived_by is None or use.document.waived_when)
    ]
    contact = agencies[0].data_protection
    return Use(
        service=service.name,
        agency=agencies[0].name if len(agencies) == 1 else LOCAL,
        data_protection=Contact(contact.name, contact.phone or "", contact.email or ""),
        purpose=service.privacy.purpose,
        basis=service.privacy.basis,
        if_not_given=service.privacy.if_not_given,
        recipients=service.privacy.recipients,
        data=[*asked, *files],
        lookups=_lookups(house, service, wanted),
        kept=[Kept(KINDS[kind], kept.years, kept.basis) for kind, kept in service.retention.items()],
    )


def _controllers(house: House, service: Service) -> list[Agency]:
    receiver = service.receiver
    if isinstance(receiver, ToDepartment):
        return [house.agency(receiver.agency)]
    return [agency for agency in house.catalogue.agencies.values() if agency.kind == "local_authority"]


def acknowledge(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form: SingleForm,
    services: Sequence[Service],
    allowed: set[str],
    language: str,
    now: datetime,
) -> None:
    """The person has read the notice; record it, record each optional answer, and ask the registries if allowed."""
    read = compose(house, citizen, services, language)
    acknowledgements.acknowledge(db, citizen.person_id, read, now, single_form_id=form.id)
    for purpose in consents.OFFERED:
        with speaking(language):
            words = gettext(consents.QUESTIONS[purpose])
        say = consents.give if purpose.value in allowed else consents.refuse
        say(db, citizen.person_id, purpose, words, language, now)
    if Purpose.REUSE.value in allowed:
        reuse.earlier_answers(db, house, form, now)
    apply.ask_registries(db, form, now, allowed=Purpose.REGISTRIES_PREFILL.value in allowed)


def shown_text(db: Session, citizen: CitizenSession, form_id: UUID) -> str | None:
    """The digest of the notice the person acknowledged for a form, if they did."""
    found = acknowledgements.of_form(db, citizen.person_id, form_id)
    return found.digest if found else None

"""The job that asks registries of records for a form, and keeps what they say: evidence, answers, and the look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import links
from app.applications.form_models import FormState, SingleForm
from app.applications.links import Link, LinkedRecord
from app.catalogue.registries import PARTY, PERSON, Registry
from app.catalogue.texts import Text
from app.core.clock import bangkok_date
from app.core.errors import NotFound, Unavailable
from app.core.events import SYSTEM, Actor, record
from app.identity import organisations, people
from app.registries.records import Description, Record
from app.stories import apply, fetching
from app.stories.house import House

NO_RECORD = Text(th="ไม่มีข้อมูลในทะเบียน", en="No record in the register")


@dataclass(frozen=True)
class Answered:
    """What came of one call."""

    state: Link
    record: Record | None = None


def link(house: House, form_id: UUID) -> None:
    """Job: ask every registry that waits, outside any transaction, then keep what was said in one."""
    registries = house.catalogue.registries
    with house.database.transaction() as db:
        form = db.get(SingleForm, form_id)
        if form is None or form.state is not FormState.DRAFT:
            return
        asked = {row.key: dict(row.asked) for row in links.waiting(db, form_id) if row.key in registries}
        numbers = _numbers(db, house, form) if asked else {}
    said = {key: _ask(house, registries[key], identity, numbers) for key, identity in asked.items()}
    with house.database.transaction() as db:
        locked = db.get(SingleForm, form_id, with_for_update=True)
        if locked is None or locked.state is not FormState.DRAFT:
            return
        rows = [row for row in links.waiting(db, form_id) if row.asked == asked.get(row.key)]
        for row in rows:
            _keep(db, house, locked, row, registries[row.key], said[row.key])
        if rows:
            apply.told(db, house, locked, house.clock.now())
            outcome = {row.key: str(row.state) for row in rows}
            actor = Actor(SYSTEM.kind, None, SYSTEM.name, locked.applicant_id)
            now = house.clock.now()
            record(db, f"form:{form_id}", "form.link", actor, now, subject=form_id, registries=outcome)


def _numbers(db: Session, house: House, form: SingleForm) -> dict[str, str]:
    """The numbers that registries know people and companies by; they never leave this job."""
    try:
        company = organisations.of_party(db, form.applicant_id)
    except NotFound:
        person = people.profile(db, house.keyring, people.person_of(db, form.applicant_id))
        return {PERSON: person.citizen_id, PARTY: person.citizen_id}
    person = people.profile(db, house.keyring, form.started_by)
    return {PERSON: person.citizen_id, PARTY: company.juristic_id}


def _ask(house: House, registry: Registry, identity: Mapping[str, str], numbers: Mapping[str, str]) -> Answered:
    parameters = {name: numbers.get(known) or identity[name] for name, known in registry.asks.items()}
    try:
        found = house.registry.record(registry.path or "", parameters, _description(registry))
    except Unavailable:
        return Answered(Link.UNREACHABLE)
    if found is None:
        return Answered(Link.NOTHING_FOUND)
    today = bangkok_date(house.clock.now()).isoformat()
    holds = found.stands and (not found.ends_on or found.ends_on >= today)
    return Answered(Link.DONE if holds else Link.ENDED, found)


def _description(registry: Registry) -> Description:
    return Description(
        rows=registry.rows,
        fields=registry.fields,
        reference=registry.reference or "",
        issued=registry.issued or "",
        ends=registry.ends or "",
        standing=registry.standing.field if registry.standing else "",
        good=registry.standing.good if registry.standing else (),
    )


def _keep(db: Session, house: House, form: SingleForm, row: LinkedRecord, registry: Registry, got: Answered) -> None:
    """One answer: the record as evidence, its values under the questions, the look in the person's log."""
    now = house.clock.now()
    row.state, row.at = got.state, now
    if got.record is not None:
        row.reference, row.said = got.record.reference, dict(got.record.values)
        row.issued_on, row.ends_on = _day(got.record.issued_on), _day(got.record.ends_on)
    if got.state is Link.UNREACHABLE:
        return
    values = got.record.values if got.record and got.state is Link.DONE else registry.absent
    shape = apply.with_shape(db, house, form).shape
    filled = fetching.put(db, form, shape, registry, values, None, now, now)
    shown = {f"{registry.key}.{key}": entry.label for key, entry in registry.fields.items() if key in row.said}
    labels = {**shown, **{key: shape.questions[key].name for key in filled}} or {registry.key: NO_RECORD}
    fetching.looked(db, form, registry, _about(db, form), labels, now)


def _about(db: Session, form: SingleForm) -> UUID:
    """Whose log it is written into: the applicant's; of a company, the human being who began the form."""
    try:
        return people.person_of(db, form.applicant_id)
    except NotFound:
        return form.started_by


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None

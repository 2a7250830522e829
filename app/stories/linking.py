"""A document is fetched instead of uploaded: which registries a form needs, when they are asked, what is kept of it.

A registry is asked only while the person allows it, as soon as the answers that identify its record are there, and anew
when those answers change. What it says is evidence with its number and time; a wrong record gives way to the paper.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, links
from app.applications.drafts import touch
from app.applications.form_models import Prefill, SingleForm
from app.applications.links import Link, Linked
from app.catalogue.answers import visible
from app.catalogue.conditions import Answers, holds
from app.catalogue.kinds import Question
from app.catalogue.merging import Form
from app.catalogue.registries import Entry, Registry
from app.catalogue.schema import Service
from app.catalogue.texts import Text
from app.core import events, jobs
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.core.thai import date_long
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.privacy import consents
from app.privacy.models import Purpose
from app.stories.house import House

NOT_ASKED = (Prefill.NOT_ASKED, Prefill.DECLINED)


def wanted(registries: Mapping[str, Registry], shape: Form, answers: Answers) -> list[Registry]:
    """The registries of records that could answer a question of this form, or replace a document of it, now."""
    linked = {key for key in shape.registries if key in registries and registries[key].linked}
    if not linked:
        return []
    asked = visible(shape, answers)
    needed = {question.prefill.registry for question in asked if question.prefill}
    said = {question.key: answers[question.key] for question in asked if question.key in answers}
    for document in shape.documents:
        if any(holds(use.when, said) for use in document.uses.values()):
            needed.add(document.document.waived_by or "")
    return [registries[key] for key in sorted(linked & needed)]


def after_saving(
    db: Session,
    house: House,
    form: SingleForm,
    shape: Form,
    answers: Answers,
    touched: set[str],
    now: datetime,
    *,
    typing: bool,
) -> None:
    """Answers were kept: ask the registries that can be asked now, and again those whose question has changed.

    `touched`: the questions that were kept; only those that identify a record are a reason to look. While somebody is
    still `typing`, nobody is asked about half an address.
    """
    mine = (house.catalogue.registries.get(key) for key in shape.registries)
    if any(registry is not None and registry.questions & touched for registry in mine) and not typing:
        ask(db, house, form, shape, answers, now)


def ask(db: Session, house: House, form: SingleForm, shape: Form, answers: Answers, now: datetime) -> None:
    """Ask every registry this form needs and that was not asked so, in a job; nothing while the person forbids it."""
    if form.prefill in NOT_ASKED:
        return
    records = links.of_form(db, form.id)
    due: dict[str, dict[str, str]] = {}
    for registry in wanted(house.catalogue.registries, shape, answers):
        identity, record = registry.identity(answers), records.get(registry.key)
        if record is not None and record.asked != identity:
            links.forget_answers(db, form.id, registry.name.th)
        if identity is not None and _due(registry, record, identity, now):
            due[registry.key] = identity
    if not due or not consents.allowed(db, form.started_by, Purpose.REGISTRIES_PREFILL):
        return
    for key, identity in due.items():
        links.ask(db, form.id, key, identity, now)
    jobs.enqueue(db, "link_records", once=f"link:{form.id}", form_id=str(form.id))


def _due(registry: Registry, record: Linked | None, identity: Mapping[str, str], now: datetime) -> bool:
    if record is None or record.asked != identity:
        return True
    old = registry.stale(bangkok_date(record.at), bangkok_date(now))
    return old and record.state in (Link.DONE, Link.NOTHING_FOUND, Link.ENDED)


def again(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str, answers: Answers, now: datetime
) -> None:
    """The person wants a registry asked (once more): it was down, or they have mended their record there.

    Pressing the button is the permission for this one look, also where none was given for the whole form.
    """
    form = forms.draft(db, citizen.applicant_id, form_id)
    registry = house.catalogue.registries.get(key)
    identity = registry.identity(answers) if registry and registry.linked else None
    if registry is None or identity is None:
        raise NotFound
    record = links.of_form(db, form.id).get(key)
    if record is None or record.state is not Link.QUEUED or record.asked != identity:
        links.ask(db, form.id, key, identity, now)
        jobs.enqueue(db, "link_records", once=f"link:{form.id}", form_id=str(form.id))
        touch(form, now)
        actor = sessions.actor(citizen)
        events.record(db, f"form:{form.id}", "form.ask_registry", actor, now, subject=form.id, registry=key)


def dispute(db: Session, citizen: CitizenSession, form_id: UUID, key: str, now: datetime) -> None:
    """The person says that the record is wrong: from now on the document is theirs to upload."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    if not links.dispute(db, form.id, key, now):
        raise NotFound
    touch(form, now)
    actor = sessions.actor(citizen)
    events.record(db, f"form:{form.id}", "form.dispute", actor, now, subject=form.id, keys=[], registry=key)


# — What is kept of it ——————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True)
class Evidence:
    """What a registry said instead of a paper: who, about what record, when, in lines that people read."""

    source: Text
    reference: str
    at: datetime | None
    rows: tuple[tuple[Text, Text], ...]
    state: Link = Link.DONE
    issued_on: str = ""
    law: Text | None = None

    def to_json(self, document: str, registry: str) -> dict[str, Any]:
        """As it is frozen with the application."""
        return {
            "key": document,
            "registry": registry,
            "source": self.source.model_dump(),
            "reference": self.reference,
            "at": self.at.isoformat() if self.at else None,
            "issued_on": self.issued_on or None,
            "rows": [[label.model_dump(), value.model_dump()] for label, value in self.rows],
        }


def from_json(kept: Mapping[str, Any]) -> Evidence:
    """Evidence as it was frozen."""
    return Evidence(
        Text.model_construct(**kept["source"]),
        kept["reference"],
        datetime.fromisoformat(kept["at"]) if kept["at"] else None,
        tuple((Text.model_construct(**label), Text.model_construct(**value)) for label, value in kept["rows"]),
        issued_on=kept["issued_on"] or "",
    )


def evidence(registry: Registry, record: Linked) -> Evidence:
    """The record of a registry as people read it."""
    rows = [
        (entry.label, _shown(entry, record.said[key]))
        for key, entry in registry.fields.items()
        if entry.shown and record.said.get(key)
    ]
    issued = record.issued_on.isoformat() if record.issued_on else ""
    return Evidence(registry.name, record.reference, record.at, tuple(rows), record.state, issued, registry.law)


ISSUED_BY = "service:"
"""What stands before the service, where not a registry but the same form brings a document."""


def to_be_issued(service: Service) -> Evidence:
    """A document that a service of the same form will issue."""
    source = Text.model_construct(
        th=f"{service.short_name.th} ที่ยื่นในแบบฟอร์มเดียวกัน", en=f"{service.short_name.en}, applied for in the same form"
    )
    return Evidence(source, "", None, ())


def of_answers(registry: Registry, questions: Iterable[Question], answers: Answers, at: datetime | None) -> Evidence:
    """What a registry of persons or companies said, from the answers it gave."""
    rows = [
        (q.name, Text.model_construct(th=q.show(answers[q.key], "th"), en=q.show(answers[q.key], "en")))
        for q in questions
        if q.key in answers
    ]
    return Evidence(registry.name, "", at, tuple(rows))


def _shown(entry: Entry, value: str) -> Text:
    if entry.kind != "date":
        return Text.model_construct(th=value, en=value)
    from_iso = datetime.fromisoformat(value).date()
    return Text.model_construct(th=date_long(from_iso, "th"), en=date_long(from_iso, "en"))

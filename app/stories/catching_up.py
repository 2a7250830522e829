"""A service changed while somebody was filling its form: what changed is told, and the draft moves on at their word.

What was filed stays with the version it was filed under (Licensing Facilitation Act s.7); so does a correction of it.
A draft is sent only in the version in force, so nobody files under a manual that no longer holds.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import choices, forms
from app.applications.form_models import SingleForm
from app.catalogue import differences
from app.catalogue.differences import Change
from app.catalogue.schema import Question, Service
from app.core.events import record
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.stories import apply
from app.stories.apply import Draft
from app.stories.house import House


@dataclass(frozen=True)
class Step:
    """One service of a draft with a newer version: what changed since the draft was begun."""

    before: Service
    after: Service
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Look:
    """A question of the new form that needs another look, and the page it stands on."""

    question: Question
    topic: str


@dataclass(frozen=True)
class Behind:
    """What moving on would mean for a draft: every change, and what then needs another look."""

    draft: Draft
    steps: tuple[Step, ...]
    looks: tuple[Look, ...]
    kept: int
    """How many answers stay as they are."""


def pending(db: Session, house: House, citizen: CitizenSession, form_id: UUID) -> Behind:
    """What changed under my draft; without steps nothing did."""
    current = apply.draft(db, house, citizen, form_id)
    steps = tuple(_step(house, service) for service in current.outdated)
    after = {step.after.slug: step.after for step in steps}
    shape = house.shape([after.get(service.slug, service) for service in current.services])
    touched = {change.key for step in steps for change in step.changes if change.look}
    looks = tuple(
        Look(question, shape.topic_of[key])
        for key, question in shape.questions.items()
        if question.asked and (key in touched or _no_longer_fits(question, current))
    )
    known = {key for key in current.values if key in shape.questions and shape.questions[key].asked}
    return Behind(current, steps, looks, len(known - {look.question.key for look in looks}))


def _step(house: House, service: Service) -> Step:
    after = house.catalogue.services[service.slug]
    return Step(service, after, tuple(differences.between(service, after)))


def _no_longer_fits(question: Question, current: Draft) -> bool:
    value = current.values.get(question.key)
    return value is not None and question.accept(value) is None


def move_on(db: Session, house: House, citizen: CitizenSession, form_id: UUID, now: datetime) -> SingleForm:
    """Move my draft to the versions in force. Answers and files stay; when more is asked, the notice comes again."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    found = pending(db, house, citizen, form_id)
    newer = {step.after.slug: step.after.version for step in found.steps}
    if not newer:
        return form
    actor = sessions.actor(citizen)
    pinned = [(slug, newer.get(slug, version)) for slug, version in choices.of_form(db, form.id)]
    choices.change(db, form, pinned, actor, now)
    apply.told(db, house, form, now)
    if any(change.part == "question" and change.how == "added" for one in found.steps for change in one.changes):
        form.acknowledged_at = None
    record(db, forms.stream(form.id), "form.catch_up", actor, now, subject=form.id, versions=newer)
    return form

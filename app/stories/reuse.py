"""A new form begins with the answers of the last one that was sent, if the person allows it: theirs, and marked so."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import forms
from app.applications.form_models import Answer, FormState, SingleForm
from app.core.errors import NotFound
from app.core.events import SYSTEM, Actor, record
from app.stories import apply
from app.stories.house import House


def begin_href(slugs: Sequence[str], form_id: UUID) -> str:
    """Where a new form begins that takes its answers from this one."""
    return f"/start/notice?{urlencode([('service', slug) for slug in slugs])}&new=1&from={form_id}"


def from_form(db: Session, house: House, form: SingleForm, former_id: UUID, now: datetime) -> int:
    """The person begins from a certain form of theirs: its answers, as below. NotFound when it is not theirs."""
    former = forms.of_applicant(db, form.applicant_id, former_id)
    if former.state is not FormState.SUBMITTED:
        raise NotFound
    return _taken(db, house, form, former, now)


def earlier_answers(db: Session, house: House, form: SingleForm, now: datetime) -> int:
    """Put what the same party answered last time under the same questions; how many there were.

    Only what a person typed: what a registry said is asked of the registry anew. Only what fits the question as it is
    now, and never over an answer that is there. Each says which form it is from until the person changes it.
    """
    former = _last_sent(db, form)
    return _taken(db, house, form, former, now) if former is not None else 0


def _taken(db: Session, house: House, form: SingleForm, former: SingleForm, now: datetime) -> int:
    here, questions = forms.answers(db, form.id), apply.shape_of(db, house, form).questions
    taken = []
    for key, held in forms.answers(db, former.id).items():
        question = questions.get(key)
        if key in here or question is None or held.from_registry or held.value is None:
            continue
        value = question.accept(held.value)
        if value is not None:
            taken.append(Answer(single_form_id=form.id, key=key, value=value, reused_from=former.reference, at=now))
    db.add_all(taken)
    db.flush()
    if taken:
        actor = Actor(SYSTEM.kind, None, SYSTEM.name, form.applicant_id)
        keys = sorted(answer.key for answer in taken)
        record(db, f"form:{form.id}", "form.reuse", actor, now, subject=form.id, former=former.reference, keys=keys)
    return len(taken)


def _last_sent(db: Session, form: SingleForm) -> SingleForm | None:
    return db.scalar(
        select(SingleForm)
        .where(
            SingleForm.applicant_id == form.applicant_id,
            SingleForm.state == FormState.SUBMITTED,
            SingleForm.id != form.id,
        )
        .order_by(SingleForm.submitted_at.desc())
        .limit(1)
    )

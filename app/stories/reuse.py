"""A new form begins with the answers of the last one that was sent, if the person allows it: theirs, and marked so."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import forms
from app.applications.models import Answer, FormState, SingleForm
from app.core.events import SYSTEM, Actor, record
from app.stories import apply
from app.stories.house import House


def earlier_answers(db: Session, house: House, form: SingleForm, now: datetime) -> int:
    """Put what the same party answered last time under the same questions; how many there were.

    Only what a person typed: what a registry said is asked of the registry anew. Only what fits the question as it is
    now, and never over an answer that is there. Each says which form it is from until the person changes it.
    """
    former = _last_sent(db, form)
    if former is None:
        return 0
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

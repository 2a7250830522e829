"""A consent is given or taken back on its own page, with its effect at once (PDPA s.19)."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.applications.form_models import FormState, Prefill, SingleForm
from app.core.events import record
from app.core.i18n import gettext, lang
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.privacy import consents
from app.privacy.models import Purpose


def answer(db: Session, citizen: CitizenSession, purpose: Purpose, now: datetime, *, given: bool) -> None:
    """Record the answer to the question as it was shown in this language, and act on it.

    Withdrawing the registries stops every fetch of mine that still waits, also one that is under way.
    """
    say = consents.give if given else consents.withdraw
    say(db, citizen.person_id, purpose, gettext(consents.QUESTIONS[purpose]), lang(), now)
    stopped = 0
    if purpose is Purpose.REGISTRIES_PREFILL and not given:
        stopped = _stop_fetching(db, citizen, now)
    what = "consent.given" if given else "consent.withdrawn"
    who = sessions.actor(citizen)
    stream = f"person:{citizen.person_id}"
    record(db, stream, what, who, now, subject=citizen.person_id, purpose=purpose.value, fetches_stopped=stopped)


def fetches_waiting(db: Session, citizen: CitizenSession) -> int:
    """How many fetches from registries wait now for forms that I began."""
    return db.execute(select(func.count()).select_from(SingleForm).where(*_waiting(citizen))).scalar_one()


def _stop_fetching(db: Session, citizen: CitizenSession, now: datetime) -> int:
    stopped = update(SingleForm).where(*_waiting(citizen)).values(prefill=Prefill.DECLINED, prefill_at=now)
    return len(db.execute(stopped.returning(SingleForm.id)).all())


def _waiting(citizen: CitizenSession) -> tuple[ColumnElement[bool], ...]:
    return (
        SingleForm.started_by == citizen.person_id,
        SingleForm.state == FormState.DRAFT,
        SingleForm.prefill == Prefill.QUEUED,
    )

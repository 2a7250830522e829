"""How long a draft is kept: every save begins its days anew, and before they are over its owner is told."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.applications.form_models import FormState, SingleForm
from app.core import events
from app.core.events import Actor

DRAFT_DAYS = 90
"""How long an untouched draft is kept (days); every save begins the count anew."""

REMINDED_BEFORE = timedelta(days=14), timedelta(days=3)
"""How long before its end a draft's owner is told, first and last."""


def term(now: datetime) -> datetime:
    """Until when a draft is kept that is touched now."""
    return now + timedelta(days=DRAFT_DAYS)


def touch(form: SingleForm, now: datetime) -> None:
    """The person worked on it: its days begin anew."""
    form.updated_at, form.expires_at, form.reminded_at = now, term(now), None


def discard(db: Session, form: SingleForm, actor: Actor, now: datetime) -> None:
    """Throw a draft away at the person's wish (or when its days are over)."""
    form.state, form.updated_at = FormState.DISCARDED, now
    events.record(db, f"form:{form.id}", "form.discard", actor, now, subject=form.id)


def expired(db: Session, now: datetime) -> list[SingleForm]:
    """Drafts nobody touched for their whole term."""
    return list(
        db.scalars(
            select(SingleForm).where(SingleForm.state == FormState.DRAFT, SingleForm.expires_at < now).with_for_update()
        )
    )


def ending(db: Session, now: datetime) -> list[SingleForm]:
    """Drafts that come to their end and whose owner was not told of it yet at this distance."""
    due = [
        (SingleForm.expires_at <= now + before)
        & or_(SingleForm.reminded_at.is_(None), SingleForm.reminded_at < SingleForm.expires_at - before)
        for before in REMINDED_BEFORE
    ]
    return list(
        db.scalars(
            select(SingleForm)
            .where(SingleForm.state == FormState.DRAFT, SingleForm.expires_at >= now, or_(*due))
            .with_for_update(skip_locked=True)
        )
    )

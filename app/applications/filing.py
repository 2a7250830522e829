"""The moment of sending: the snapshot that was shown is what is hashed, stored and split into applications."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import deadlines, gaps
from app.applications.form_models import FormState, SingleForm
from app.applications.models import Application
from app.applications.workflow import START
from app.core import events, numbers
from app.core.clock import bangkok_date
from app.core.events import Actor, canonical


def snapshot(body: dict[str, Any]) -> tuple[str, str]:
    """The canonical JSON of everything shown on the check page, and its SHA-256."""
    text = canonical(body)
    return text, hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Share:
    """What one service gets of the form: only the answers and documents it asked for."""

    service_slug: str
    service_version: int
    number_prefix: str
    agency_code: str
    office_code: str | None
    answers: dict[str, Any]
    documents: list[Any]
    quote: dict[str, Any]
    fee_satang: int
    premises_name: str
    check_days: int
    linked_documents: Mapping[str, str]
    """Documents that no one had to hand in, and the registry whose data replaces each (E-Procedures Act s.12)."""
    linked_answers: Mapping[str, int]
    """How many answers came from each registry and stood undisputed."""
    linked: Sequence[Mapping[str, Any]] = ()
    """What registries said instead of documents: the evidence, frozen."""
    unasked: dict[str, Any] | None = None
    """What the form did not ask: text and, perhaps, a document."""
    renews: UUID | None = None
    """The licence that this service's application renews."""


def already_sent(db: Session, applicant_id: UUID, key: str) -> SingleForm | None:
    """The form that this idempotency key already submitted (a second click, a retry after a crash)."""
    return db.scalar(
        select(SingleForm).where(SingleForm.applicant_id == applicant_id, SingleForm.idempotency_key == key)
    )


def submit(
    db: Session,
    form: SingleForm,
    person_id: UUID,
    applicant_name: str,
    text: str,
    digest: str,
    shares: Sequence[Share],
    key: str,
    actor: Actor,
    now: datetime,
) -> list[Application]:
    """Freeze the form and create one application per service, all in the caller's transaction.

    The caller holds the row lock and has checked completeness.
    """
    received_on = deadlines.deemed_received_on(now)
    form.state, form.submitted_at, form.submitted_by = FormState.SUBMITTED, now, person_id
    form.snapshot, form.snapshot_sha256, form.idempotency_key = text, digest, key
    form.updated_at = now
    in_line = sorted(shares, key=lambda share: share.number_prefix)  # counters in one order: two forms never deadlock
    applications = [_application(db, form, applicant_name, share, received_on, now) for share in in_line]
    db.add_all(applications)
    db.flush()
    events.record(
        db,
        f"form:{form.id}",
        "form.submit",
        actor,
        now,
        subject=form.id,
        reference=form.reference,
        sha256=digest,
        received_on=received_on.isoformat(),
        applications=[a.number for a in applications],
    )
    for share, application in zip(in_line, applications, strict=True):
        gaps.note(db, application, now)
        events.record(
            db,
            f"application:{application.id}",
            "application.submit",
            actor,
            now,
            subject=application.id,
            number=application.number,
            service=application.service_slug,
            version=application.service_version,
            target=str(application.state),
            linked_answers=dict(share.linked_answers),
            linked_documents=dict(share.linked_documents),
            uploaded_documents=len(share.documents),
        )
    return applications


def _application(
    db: Session, form: SingleForm, applicant_name: str, share: Share, received_on: date, now: datetime
) -> Application:
    year, number = numbers.take(db, f"application:{share.number_prefix}", bangkok_date(now))
    return Application(
        single_form_id=form.id,
        renews=share.renews,
        number=f"{share.number_prefix} {year}-{number:05d}",
        service_slug=share.service_slug,
        service_version=share.service_version,
        agency_code=share.agency_code,
        office_code=share.office_code,
        applicant_id=form.applicant_id,
        applicant_name=applicant_name,
        premises_name=share.premises_name,
        state=START,
        answers=share.answers,
        documents=share.documents,
        linked=list(share.linked),
        unasked=share.unasked,
        quote=share.quote,
        fee_satang=share.fee_satang,
        submitted_at=now,
        received_on=received_on,
        complete_from=now,
        check_by=deadlines.working_days_after(received_on, share.check_days - 1)
        if share.check_days > 1
        else received_on,
    )

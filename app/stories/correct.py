"""What was sent may be corrected and sent again until an officer takes it: the same numbers, received anew."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, deadlines, forms, refiling
from app.applications.filing import Share
from app.applications.form_models import FormState, SingleForm
from app.applications.standing import Standing
from app.catalogue.schema import Service
from app.core import jobs
from app.core.clock import bangkok_date
from app.core.errors import Conflict, NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.stories import acting, standing
from app.stories.house import House


@dataclass(frozen=True)
class Clock:
    """What sending again does to the time of one application: the last day of the check as it is, and then."""

    service: Service
    number: str
    check_by: date
    then: date


@dataclass(frozen=True)
class Correctable:
    """A form that was sent, and whether it can still be corrected as a whole."""

    form: SingleForm
    clocks: tuple[Clock, ...]
    possible: bool
    draft: SingleForm | None
    """The correction that was begun already."""


def look(db: Session, house: House, citizen: CitizenSession, form_id: UUID, now: datetime) -> Correctable:
    """Whether my form can be corrected, and what that does to its dates if it were sent now."""
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    mine = cases.of_form(db, form.id)
    received = deadlines.deemed_received_on(now)
    clocks = []
    for one in mine:
        service = house.service(db, one.service_slug, one.service_version)
        days = service.completeness_check.n if service.completeness_check.unit != "minutes" else 1
        then = deadlines.working_days_after(received, days - 1) if days > 1 else received
        clocks.append(Clock(service, one.number, one.check_by, then))
    return Correctable(form, tuple(clocks), refiling.untouched(mine), refiling.open_correction(db, form.id))


def begin(db: Session, citizen: CitizenSession, form_id: UUID, now: datetime) -> SingleForm:
    """A draft with everything I sent; what was sent stands until the draft is sent. Conflict when it is too late."""
    form = forms.of_applicant(db, citizen.applicant_id, form_id, lock=True)
    if form.state is not FormState.SUBMITTED or not refiling.untouched(cases.of_form(db, form.id)):
        raise Conflict(refiling.TAKEN)
    return refiling.begin(db, form, citizen.person_id, sessions.actor(citizen), now)


def to_send(db: Session, citizen: CitizenSession, form_id: UUID) -> SingleForm:
    """My form under a row lock, to be sent; the form that a correction was sent into when it was sent already."""
    try:
        return forms.of_applicant(db, citizen.applicant_id, form_id, lock=True)
    except NotFound:
        given_up = db.get(SingleForm, form_id, populate_existing=True)
        if given_up is None or given_up.corrects is None or given_up.submitted_at is None:
            raise
        return forms.of_applicant(db, citizen.applicant_id, given_up.corrects)


def send(
    db: Session,
    citizen: CitizenSession,
    draft: SingleForm,
    snapshot: tuple[str, str],
    shares: list[Share],
    now: datetime,
) -> SingleForm:
    """Send the correction in place of what was sent; the receipt is drawn anew."""
    if draft.corrects is None:
        raise ValueError("this draft corrects nothing")
    form = forms.of_applicant(db, citizen.applicant_id, draft.corrects, lock=True)
    refiling.replace(db, draft, form, citizen.person_id, snapshot, shares, sessions.actor(citizen), now)
    before = db.get(Standing, form.id)
    if before is not None:
        db.delete(before)
        db.flush()
    standing.written_down(db, citizen, form, now)
    jobs.enqueue(db, "draw_submission", form_id=str(form.id))
    acting.tell_principal(db, citizen, "agent_sent", now, href=f"/forms/{form.id}/track", reference=draft.reference)
    return form


def filed_on(db: Session, draft: SingleForm) -> date:
    """The day on which what a draft corrects was sent for the first time: lateness is judged by it."""
    if draft.corrects is None:
        raise ValueError("this draft corrects nothing")
    before = refiling.replaced(db, draft.corrects)
    sent = before[0].submitted_at if before else db.get_one(SingleForm, draft.corrects).submitted_at
    if sent is None:
        raise ValueError("only what was sent is corrected")
    return bangkok_date(sent)

"""Where everything stands: who holds it, since when, until when, and what the person must do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications import cases, forms
from app.applications.deadlines import ClockEntry, LegalClock
from app.applications.models import Application, DeficiencyNotice, SingleForm
from app.applications.workflow import HOLDER, Action, By, Holder, State, actions
from app.billing import bills, receipts
from app.billing.models import Bill, Receipt
from app.catalogue.schema import Agency, Service
from app.core.clock import bangkok_date
from app.core.events import Event
from app.core.thai import arabic, clean
from app.identity.sessions import CitizenSession
from app.licences import service as licences
from app.licences.models import Licence
from app.stories import mend
from app.stories.house import House
from app.stories.review import clock_of


@dataclass(frozen=True)
class Standing:
    """One application with all that its tracking line says."""

    application: Application
    service: Service
    agency: Agency
    holder: Holder
    since: datetime
    dates: dict[str, date]
    """When each act happened, by the act's name."""
    clock: LegalClock
    moves: tuple[ClockEntry, ...]
    notice: DeficiencyNotice | None
    to_mend: int
    bill: Bill | None
    receipt: Receipt | None
    licence: Licence | None
    may_withdraw: bool

    @property
    def act_by(self) -> date | None:
        """The last day of what the person must do, when it is their turn."""
        if self.application.state is State.RETURNED and self.notice is not None:
            return self.notice.mend_by
        if self.application.state is State.AWAITING_PAYMENT and self.bill is not None:
            return bangkok_date(self.bill.due_at)
        return None


def standing(
    db: Session, house: House, citizen: CitizenSession | None, application: Application, now: datetime
) -> Standing:
    """Everything about one application; parts that only its owner may see are left out for strangers (None)."""
    service = house.service(db, application.service_slug, application.service_version)
    past = acts(db, application.id)
    mine = citizen is not None
    notice = cases.deficiency(db, application.id) if mine else None
    found = bills.of_application(db, application.id) if mine else []
    given = cases.facts(db, application, now)
    return Standing(
        application=application,
        service=service,
        agency=house.agency(application.agency_code),
        holder=HOLDER[application.state],
        since=past[-1].at if past else application.submitted_at,
        dates={event.kind.removeprefix("application."): bangkok_date(event.at) for event in past},
        clock=clock_of(db, application, service, now),
        moves=tuple(cases.clock_entries(db, application.id)) if mine else (),
        notice=notice,
        to_mend=_open_items(db, house, citizen, application),
        bill=found[0] if found else None,
        receipt=receipts.of_bill(db, found[0].id) if found else None,
        licence=licences.of_application(db, application.id) if mine else None,
        may_withdraw=Action.WITHDRAW in actions(application.state, [By.APPLICANT], given),
    )


def _open_items(db: Session, house: House, citizen: CitizenSession | None, application: Application) -> int:
    if citizen is None or application.state is not State.RETURNED:
        return 0
    return len(mend.open_notice(db, house, citizen, application.id).open_items)


_ACTS = ("take", "release")


def acts(db: Session, application_id: UUID) -> list[Event]:
    """The acts that changed the application's state, oldest first."""
    rows = db.scalars(select(Event).where(Event.stream == f"application:{application_id}").order_by(Event.seq))
    return [event for event in rows if event.kind.removeprefix("application.") not in _ACTS]


def thread(db: Session, form_id: UUID, standings: Sequence[Standing]) -> list[Event]:
    """Everything that happened to a form, its applications and their bills."""
    streams = [f"form:{form_id}", *(f"application:{s.application.id}" for s in standings)]
    streams += [f"bill:{s.bill.id}" for s in standings if s.bill]
    return list(db.scalars(select(Event).where(Event.stream.in_(streams)).order_by(Event.at)))


def of_form(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, now: datetime
) -> tuple[SingleForm, list[Standing]]:
    """My form and its applications: your turn first, then running, then done."""
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    found = [standing(db, house, citizen, a, now) for a in cases.of_form(db, form.id)]
    order = {Holder.APPLICANT: 0, Holder.AGENCY: 1, Holder.PORTAL: 1, Holder.NOBODY: 2}
    return form, sorted(found, key=lambda s: (order[s.holder], s.application.number))


def by_number(db: Session, text: str) -> Application | None:
    """The application with this number, however its spaces, dashes and digits were typed."""
    wanted = _squeezed(text)
    if not 6 <= len(wanted) <= 24:
        return None
    squeezed = _sql_squeezed(Application.number)
    return db.scalar(select(Application).where(squeezed == wanted))


def by_reference(db: Session, text: str) -> list[Application]:
    """The applications of a form reference (JD …)."""
    wanted = _squeezed(text)
    if not 6 <= len(wanted) <= 24:
        return []
    query = (
        select(Application)
        .join(SingleForm, SingleForm.id == Application.single_form_id)
        .where(_sql_squeezed(SingleForm.reference) == wanted)
        .order_by(Application.number)
    )
    return list(db.scalars(query))


def _squeezed(text: str) -> str:
    return "".join(c for c in arabic(clean(text)).upper() if c.isalnum())


def _sql_squeezed(column: Any) -> Any:
    return func.replace(func.replace(column, " ", ""), "-", "")

"""Where everything stands: who holds it, since when, until when, and what the person must do now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, defer

from app.applications import cases, forms
from app.applications.deadlines import ClockEntry, LegalClock
from app.applications.models import Application, DeficiencyNotice, SingleForm
from app.applications.workflow import HOLDER, Action, By, Holder, State, actions
from app.billing.models import Bill, BillLine, Receipt
from app.catalogue.schema import Agency, Service
from app.core import events
from app.core.clock import bangkok_date
from app.core.events import Event
from app.core.thai import arabic, clean
from app.identity.sessions import CitizenSession
from app.licences.models import Licence
from app.stories import mend
from app.stories.desk import clock_from
from app.stories.house import House


@dataclass(frozen=True)
class Place:
    """One application, and what the person has to do about it now."""

    application: Application
    service: Service
    notice: DeficiencyNotice | None
    to_mend: int
    bill: Bill | None
    """The newest bill that holds a fee of it."""
    receipt: Receipt | None
    licence: Licence | None

    @property
    def act_by(self) -> date | None:
        """The last day of what the person must do, when it is their turn."""
        if self.application.state is State.RETURNED and self.notice is not None:
            return self.notice.mend_by
        if self.application.state is State.AWAITING_PAYMENT and self.bill is not None:
            return bangkok_date(self.bill.due_at)
        return None


@dataclass(frozen=True)
class Standing(Place):
    """One application with all that its tracking line says."""

    agency: Agency
    holder: Holder
    since: datetime
    dates: dict[str, date]
    """When each act happened, by the act's name."""
    clock: LegalClock
    moves: tuple[ClockEntry, ...]
    may_withdraw: bool


@dataclass(frozen=True)
class Tracked:
    """A sent form: where each of its applications stands, and everything that happened to it, them and their bills."""

    form: SingleForm
    standings: list[Standing]
    thread: list[Event]


_SENT = (
    select(Application, DeficiencyNotice, Licence)
    .outerjoin(DeficiencyNotice, DeficiencyNotice.application_id == Application.id)
    .outerjoin(Licence, (Licence.application_id == Application.id) & Licence.issued_at.is_not(None))
    .where(Application.single_form_id.in_(bindparam("forms", expanding=True)))
    .order_by(Application.number)
    .options(*(defer(wide, raiseload=True) for wide in (Application.answers, Application.documents, Application.quote)))
)
"""What a form became. Answers and documents stay where they are: no line says them."""

_BILLED = (
    select(BillLine.application_id, Bill, Receipt)
    .join(Bill, Bill.id == BillLine.bill_id)
    .outerjoin(Receipt, Receipt.bill_id == Bill.id)
    .where(BillLine.application_id.in_(bindparam("applications", expanding=True)))
    .order_by(Bill.issued_at, Bill.id)
)

_HAPPENED = select(Event).where(Event.stream.in_(bindparam("streams", expanding=True))).order_by(Event.at)


def places(db: Session, house: House, citizen: CitizenSession, form_ids: Sequence[UUID]) -> dict[UUID, list[Place]]:
    """Where the applications of these forms of mine stand, by form: in as many queries for all as for one."""
    sent = db.execute(_SENT, {"forms": form_ids}).all()
    ids = [application.id for application, _, _ in sent]
    billed = {row[0]: (row[1], row[2]) for row in db.execute(_BILLED, {"applications": ids})} if ids else {}
    found: dict[UUID, list[Place]] = {form_id: [] for form_id in form_ids}
    for application, notice, licence in sent:
        bill, receipt = billed.get(application.id, (None, None))
        place = Place(
            application=application,
            service=house.service(db, application.service_slug, application.service_version),
            notice=notice,
            to_mend=_open_items(db, house, citizen, application),
            bill=bill,
            receipt=receipt,
            licence=licence,
        )
        found[application.single_form_id].append(place)
    return {form_id: sorted(of_form, key=_your_turn_first) for form_id, of_form in found.items()}


def _your_turn_first(place: Place) -> tuple[int, str]:
    order = {Holder.APPLICANT: 0, Holder.AGENCY: 1, Holder.PORTAL: 1, Holder.NOBODY: 2}
    return order[HOLDER[place.application.state]], place.application.number


def _open_items(db: Session, house: House, citizen: CitizenSession, application: Application) -> int:
    if application.state is not State.RETURNED:
        return 0
    return len(mend.open_notice(db, house, citizen, application.id).open_items)


def acts(db: Session, application_id: UUID) -> list[Event]:
    """The acts that changed the application's state, oldest first."""
    return _acts(events.history(db, f"application:{application_id}"))


def _acts(history: Iterable[Event]) -> list[Event]:
    return [event for event in history if event.facts.get("target") != event.facts.get("source")]


def of_form(db: Session, house: House, citizen: CitizenSession, form_id: UUID, now: datetime) -> Tracked:
    """My form, its applications (your turn first, then running, then done), and everything that happened to them."""
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    mine = places(db, house, citizen, [form.id])[form.id]
    clocks = cases.clock_entries_of(db, [place.application.id for place in mine])
    streams = [f"form:{form.id}", *(f"application:{place.application.id}" for place in mine)]
    streams += [f"bill:{place.bill.id}" for place in mine if place.bill]
    thread = list(db.scalars(_HAPPENED, {"streams": streams}))
    return Tracked(form, [_standing(house, place, clocks[place.application.id], thread, now) for place in mine], thread)


def _standing(
    house: House, place: Place, moves: Sequence[ClockEntry], thread: Sequence[Event], now: datetime
) -> Standing:
    application = place.application
    past = _acts(sorted((e for e in thread if e.stream == f"application:{application.id}"), key=lambda e: e.seq))
    given = cases.facts_of(application, place.notice, now)
    return Standing(
        **vars(place),
        agency=house.agency(application.agency_code),
        holder=HOLDER[application.state],
        since=past[-1].at if past else application.submitted_at,
        dates={event.kind.removeprefix("application."): bangkok_date(event.at) for event in past},
        clock=clock_from(moves, place.service, now),
        moves=tuple(moves),
        may_withdraw=Action.WITHDRAW in actions(application.state, [By.APPLICANT], given),
    )


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

"""Where everything stands: who holds it, since when, until when, and what the person must do now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.applications import cases, forms
from app.applications.case_letters import CaseLetter
from app.applications.deadlines import ClockEntry, LegalClock
from app.applications.form_models import SingleForm
from app.applications.models import Application, DecisionLetter, DeficiencyNotice
from app.applications.workflow import HOLDER, Action, By, Holder, State, actions
from app.billing import fee_returns, held
from app.billing.held import Held
from app.billing.models import Bill, BillLine, BillStatus, FeeReturn, Payment, Receipt, Refund
from app.catalogue.schema import Agency, Service
from app.core import events
from app.core.clock import bangkok_date
from app.core.events import Event
from app.identity.sessions import CitizenSession
from app.licences.models import Licence
from app.pdf import issued
from app.stories import mend, renewal_halted, resting, whereabouts
from app.stories.desk import clock_from
from app.stories.house import House
from app.stories.resting import Support


@dataclass(frozen=True)
class Place:
    """One application, and what the person has to do about it now."""

    application: Application
    service: Service
    notice: DeficiencyNotice | None
    to_mend: int
    bill: Bill | None
    """The bill that holds its fee: the paid or open one, else the newest."""
    receipt: Receipt | None
    licence: Licence | None
    waits_since: datetime | None
    """The licence is ready and has not been sealed since then: a certificate or an authority is missing."""
    checking: bool
    """The bank has announced money for the bill that is not confirmed yet."""
    bills: frozenset[UUID]
    """Every bill that ever held its fee."""
    unfit: bool
    """Money came for one of them that did not fit."""
    overdue: bool
    """The bill is open past its last moment: the bank is being asked whether money came in time."""

    @property
    def to_pay(self) -> Bill | None:
        """The bill the person must pay now. Never one whose payment is being checked."""
        asked = self.application.state is State.AWAITING_PAYMENT and not self.checking and not self.overdue
        return self.bill if asked and self.bill is not None and self.bill.status is BillStatus.OPEN else None

    @property
    def holder(self) -> Holder:
        """Who has it now; a payment that is being checked is the portal's matter and not the person's."""
        if self.application.state is State.AWAITING_PAYMENT and self.to_pay is None:
            return Holder.PORTAL
        return HOLDER[self.application.state]

    @property
    def act_by(self) -> date | None:
        """The last day of what the person must do, when it is their turn."""
        if self.application.state is State.RETURNED and self.notice is not None:
            return self.notice.mend_by
        return bangkok_date(self.to_pay.due_at) if self.to_pay is not None else None

    @property
    def until(self) -> date | None:
        """The last day of what is happening now, whoever's turn it is."""
        if self.application.state is State.SUBMITTED:
            return self.application.check_by
        return self.act_by or self.application.due_on


@dataclass(frozen=True)
class Standing(Place):
    """One application with all that its tracking line says."""

    agency: Agency
    since: datetime
    dates: dict[str, date]
    """When each act happened, by the act's name."""
    clock: LegalClock
    moves: tuple[ClockEntry, ...]
    may_withdraw: bool
    letter: DecisionLetter | None
    supports: tuple[Support, ...]
    """The other licences it rests on."""
    odd: tuple[Held, ...]
    """Money that came for its fee and did not fit."""
    held_up: bool
    """It is paid, and waits because the licence that it renews is suspended."""
    back: FeeReturn | None
    """Its fee, which goes back."""
    letters: tuple[CaseLetter, ...]
    """What it was told in writing before it was decided, the oldest first."""
    sizes: Mapping[str, int]
    """How large the files of its letters are, in bytes."""


@dataclass(frozen=True)
class Tracked:
    """A sent form: where each of its applications stands, and everything that happened to it, them and their bills."""

    form: SingleForm
    standings: list[Standing]
    thread: list[Event]


_ODD = (
    select(BillLine.application_id, Payment, Bill, Refund)
    .join(Bill, Bill.id == BillLine.bill_id)
    .join(Payment, Payment.bill_id == Bill.id)
    .outerjoin(Refund, Refund.payment_id == Payment.id)
    .where(BillLine.application_id.in_(bindparam("applications", expanding=True)), Payment.status.in_(held.ODD))
    .order_by(Payment.paid_at, Payment.id)
)

_LETTERS = select(DecisionLetter).where(DecisionLetter.application_id.in_(bindparam("applications", expanding=True)))


def places(
    db: Session, house: House, citizen: CitizenSession, form_ids: Sequence[UUID], now: datetime
) -> dict[UUID, list[Place]]:
    """Where the applications of these forms of mine stand, by form: in as many queries for all as for one."""
    sent = whereabouts.sent(db, form_ids)
    billed = whereabouts.billed(db, form_ids) if sent else {}
    found: dict[UUID, list[Place]] = {form_id: [] for form_id in form_ids}
    for application, notice, licence in sent:
        bills = billed.get(application.id, [])
        line, bill, receipt = _counts(application, licence, bills)
        place = Place(
            application=application,
            service=house.service(db, application.service_slug, application.service_version),
            notice=notice,
            to_mend=_open_items(db, house, citizen, application),
            bill=bill,
            receipt=receipt,
            licence=_issued(licence),
            waits_since=_waits_since(licence),
            checking=line is not None and line.checking,
            bills=frozenset(one.id for _, one, _ in bills),
            unfit=any(one.unfit for one, _, _ in bills),
            overdue=bill is not None and bill.status is BillStatus.OPEN and bill.due_at <= now,
        )
        found[application.single_form_id].append(place)
    return {form_id: sorted(of_form, key=_your_turn_first) for form_id, of_form in found.items()}


def _counts(application: Application, licence: Licence | None, bills: Sequence[Any]) -> Any:
    """The bill that counts, the last of them; once the document was issued, what came later is for acts on that."""
    if application.state is State.ISSUED and licence is not None and licence.issued_at is not None:
        bills = [one for one in bills if one[1].issued_at <= licence.issued_at]
    return bills[-1] if bills else (None, None, None)


def _issued(licence: Licence | None) -> Licence | None:
    return licence if licence is not None and licence.issued_at is not None else None


def _waits_since(licence: Licence | None) -> datetime | None:
    return licence.waits_since if licence is not None else None


def _your_turn_first(place: Place) -> tuple[int, str]:
    order = {Holder.APPLICANT: 0, Holder.AGENCY: 1, Holder.PORTAL: 1, Holder.NOBODY: 2}
    return order[place.holder], place.application.number


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
    form = forms.to_read(db, citizen.applicant_id, form_id)
    mine = places(db, house, citizen, [form.id], now)[form.id]
    ids = [place.application.id for place in mine]
    being_made = [p.application.id for p in mine if p.application.state is State.PREPARING]
    lapsed = [p.application.id for p in mine if p.application.state is State.LAPSED]
    thread = whereabouts.thread(db, form.id)
    letters, told = _letters(db, mine), _told(db, form.id, mine)
    about = _About(
        clocks=cases.clock_entries_of(db, ids),
        letters=letters,
        supports=resting.supports(db, house, form.applicant_id, [(p.application.id, p.service) for p in mine], now),
        odd=_odd(db, ids) if any(place.unfit for place in mine) else {},
        told=told,
        sizes=_sizes(db, letters, told),
        thread=thread,
        held_up=renewal_halted.suspended(db, being_made, now),
        back=fee_returns.of_applications(db, lapsed) if lapsed else {},
    )
    return Tracked(form, [_standing(house, place, about, now) for place in mine], thread)


@dataclass(frozen=True)
class _About:
    """What was read for all applications of a form at once, by application."""

    clocks: dict[UUID, list[ClockEntry]]
    letters: dict[UUID, DecisionLetter]
    supports: dict[UUID, tuple[Support, ...]]
    odd: dict[UUID, list[Held]]
    told: dict[UUID, list[CaseLetter]]
    sizes: dict[str, int]
    thread: list[Event]
    held_up: set[UUID]
    back: dict[UUID, FeeReturn]


def _letters(db: Session, mine: Sequence[Place]) -> dict[UUID, DecisionLetter]:
    ended = [p.application.id for p in mine if p.application.state in {State.REJECTED, State.LAPSED}]
    return {letter.application_id: letter for letter in db.scalars(_LETTERS, {"applications": ended})} if ended else {}


def _told(db: Session, form_id: UUID, mine: Sequence[Place]) -> dict[UUID, list[CaseLetter]]:
    asked = any(place.notice or place.application.delay_told_at for place in mine)
    return whereabouts.letters(db, form_id) if asked else {}


def _sizes(db: Session, letters: Mapping[UUID, DecisionLetter], told: Mapping[UUID, Sequence[Any]]) -> dict[str, int]:
    """How large their files are, by hash; what was told before the decision was read with its size."""
    decided = issued.sizes(db, [letter.file_digest for letter in letters.values() if letter.file_digest])
    return {one.handed_out: one.size for of_one in told.values() for one in of_one if one.size} | decided


def _odd(db: Session, ids: Sequence[UUID]) -> dict[UUID, list[Held]]:
    found: dict[UUID, list[Held]] = {}
    for application_id, payment, bill, refund in db.execute(_ODD, {"applications": ids}):
        found.setdefault(application_id, []).append(Held(payment, bill, refund))
    return found


def _standing(house: House, place: Place, about: _About, now: datetime) -> Standing:
    application = place.application
    stream = f"application:{application.id}"
    past = _acts(sorted((e for e in about.thread if e.stream == stream), key=lambda e: e.seq))
    moves = about.clocks[application.id]
    given = cases.facts_of(application, place.notice, now)
    may = Action.WITHDRAW in actions(application.state, [By.APPLICANT], given)
    return Standing(
        **vars(place),
        agency=house.agency(application.agency_code),
        since=past[-1].at if past else application.submitted_at,
        dates={event.kind.removeprefix("application."): bangkok_date(event.at) for event in past},
        clock=clock_from(moves, place.service, now),
        moves=tuple(moves),
        may_withdraw=may and not place.checking,
        letter=about.letters.get(application.id),
        supports=about.supports.get(application.id, ()),
        odd=tuple(about.odd.get(application.id, ())),
        held_up=application.id in about.held_up,
        back=about.back.get(application.id),
        letters=tuple(about.told.get(application.id, ())),
        sizes=about.sizes,
    )

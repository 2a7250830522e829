"""A licence is renewed: by paying its fee alone where the law lets that stand for an application, or by a form.

Either way a real application is filed, so that queue, clock, bill, receipt and statistics go on as for any other. What
is granted is a licence of its own that follows on from the one before. (A draft whose service changed: `catching_up`.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import renewals
from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.applications.renewals import Renewal
from app.applications.workflow import State
from app.billing.fees import Quote
from app.catalogue import answers
from app.catalogue.renewals import Renewing, Window
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid
from app.core.events import Actor
from app.identity.sessions import CitizenSession
from app.licences import editions, life, matters
from app.licences import service as licences
from app.licences.life import Action, By, Standing, Step
from app.licences.matters import Sitting
from app.licences.models import Licence
from app.stories import charging
from app.stories.house import House


class Hindrance(StrEnum):
    """Why a licence cannot be renewed now."""

    NEVER = "never"
    """The law knows no renewal of it, or it has no end."""
    GONE = "gone"
    """The service is not offered any more."""
    EARLY = "early"
    OVER = "over"
    """Its last day is too long ago: one applies anew."""
    NOT_VALID = "not_valid"
    """Suspended, revoked, or ended in another way."""
    RENEWED = "renewed"


REFUSED: dict[Hindrance, str] = {
    Hindrance.NEVER: "ใบนี้ไม่มีการต่ออายุ ดูวิธีในคู่มือประชาชน",
    Hindrance.GONE: "ไม่มีงานบริการนี้แล้ว ติดต่อหน่วยงานผู้ออกใบ",
    Hindrance.EARLY: "ยังไม่ถึงวันที่ต่ออายุได้ เราจะเตือนเมื่อถึงเวลา",
    Hindrance.OVER: "พ้นกำหนดต่ออายุแล้ว ยื่นขอใบใหม่แทน คำตอบเดิมนำมาใช้ได้",
    Hindrance.NOT_VALID: "ใบนี้ใช้ไม่ได้อยู่ จึงต่ออายุไม่ได้ ติดต่อหน่วยงานผู้ออกใบ",
    Hindrance.RENEWED: "ใบนี้ต่ออายุแล้ว ดูใบใหม่ในหน้าใบอนุญาตของคุณ",
}


@dataclass(frozen=True)
class Prospect:
    """Whether and how a licence can be renewed today, and what is under way."""

    licence: Licence
    service: Service | None
    """In the version in force; None when it is not offered any more."""
    today: date
    under_way: Renewal | None = None
    """The application that renews it, or did."""
    draft: UUID | None = None
    """The form that is to renew it and was not sent yet."""

    @property
    def rule(self) -> Renewing | None:
        """How it is renewed; None when it never is."""
        rule = self.service.renewing if self.service else None
        return rule if rule and rule.by != "none" and self.licence.valid_until else None

    @property
    def standing(self) -> Standing:
        """What it is today."""
        one = self.licence
        return life.standing(one.status, one.valid_until, self.today, one.suspended_until)

    @property
    def hindrance(self) -> Hindrance | None:
        """What stands in the way of asking for it now."""
        if self.under_way is not None and self.under_way.state is State.ISSUED:
            return Hindrance.RENEWED
        if self.service is None:
            return Hindrance.GONE
        if self.rule is None:
            return Hindrance.NEVER
        if self.standing not in {Standing.VALID, Standing.EXPIRED}:
            return Hindrance.NOT_VALID
        return {Window.EARLY: Hindrance.EARLY, Window.OVER: Hindrance.OVER}.get(self.window)

    @property
    def window(self) -> Window:
        """Where today lies. Only for a licence that is renewed at all."""
        if self.rule is None or self.licence.valid_until is None:
            return Window.EARLY
        return self.rule.window(self.licence.valid_until, self.today)

    @property
    def terms_until(self) -> date | None:
        """The last day on which it costs what it costs today; later it costs more, or cannot be renewed any more."""
        last = self.licence.valid_until
        return self.rule.closes_on(last) if self.rule and last and self.window is Window.LATE else last

    @property
    def possible(self) -> bool:
        """Whether it can be asked for now, and was not yet."""
        return self.hindrance is None and self.under_way is None

    @property
    def opens_on(self) -> date | None:
        """The first day on which it can be."""
        last = self.licence.valid_until
        return self.rule.opens_on(last) if self.rule and last else None

    @property
    def until(self) -> date | None:
        """The last day of the renewed licence."""
        last = self.licence.valid_until
        return self.service.validity.renewed(last, self.today) if self.service and last else None


def prospects(db: Session, house: House, held: Sequence[Licence], now: datetime) -> dict[UUID, Prospect]:
    """The same for many licences, in as many queries as for one."""
    ids, today = [licence.id for licence in held], bangkok_date(now)
    asked, drafts = renewals.asked_for(db, ids), renewals.drafts(db, ids)
    return {
        one.id: Prospect(
            one, house.catalogue.services.get(one.service_slug), today, asked.get(one.id), drafts.get(one.id)
        )
        for one in held
    }


NOBODYS: dict[str, Any] = {"value": None, "source": "", "source_at": None, "fetched": None, "disputed": False}
"""Where an answer came from that no registry gave."""


@dataclass(frozen=True)
class Offer:
    """A renewal as the person reads it before they ask for it."""

    prospect: Prospect
    former: Application
    """What the licence was granted on, whose answers are used again."""
    answers: Mapping[str, Any]
    """Those answers with what an amendment changed since, by question, each with where it came from."""
    quote: Quote | None
    """What it costs with those answers; None when they do not say so."""
    by_fee: bool
    """Paying is enough: nothing has to be filled in."""
    lacking: tuple[str, ...]
    """Questions that the version in force asks and the former answers do not say."""
    amended: frozenset[str] = frozenset()
    """Which of the answers an officer has changed since: newer than what any registry said before."""


def offer(db: Session, house: House, citizen: CitizenSession, licence_id: UUID, now: datetime) -> Offer:
    """What renewing my licence comes to today. Raises NotFound."""
    licence = licences.mine(db, citizen.applicant_id, licence_id)
    return _offer(db, house, licence, now)


def _offer(db: Session, house: House, licence: Licence, now: datetime) -> Offer:
    prospect = prospects(db, house, [licence], now)[licence.id]
    former = db.get_one(Application, licence.application_id)
    service, rule = prospect.service, prospect.rule
    if service is None or rule is None:
        return Offer(prospect, former, former.answers, None, by_fee=False, lacking=())
    amended = {key: {**NOBODYS, "value": value} for key, value in editions.issued(db, licence.id)[-1].answers.items()}
    known = {**former.answers, **amended}
    said = {key: given["value"] for key, given in known.items()}
    missing = answers.missing(house.shape([service]), said, set())
    lacking = tuple(one.key for one in missing if one.kind != "document")
    try:
        quote = charging.quote(house, service, house.agency(licence.agency_code), said, bangkok_date(now), licence)
    except Invalid:
        quote = None
    by_fee = rule.by == "fee" and not lacking and quote is not None and quote.total > 0
    return Offer(prospect, former, known, quote, by_fee, lacking, frozenset(amended))


def at_its_door(db: Session, house: House, citizen: CitizenSession, licence_id: UUID, now: datetime) -> Offer:
    """The offer under the row lock of the licence: whoever asks at the same moment waits, and finds what was asked."""
    licences.mine(db, citizen.applicant_id, licence_id)
    mine = select(Licence).where(Licence.id == licence_id).with_for_update().execution_options(populate_existing=True)
    found = _offer(db, house, db.scalars(mine).one(), now)
    if found.prospect.under_way is None and (hindrance := found.prospect.hindrance):
        raise Conflict(REFUSED[hindrance])
    return found


def still_open(db: Session, house: House, citizen: CitizenSession, form: SingleForm, now: datetime) -> Licence | None:
    """The licence that a form is about to renew, when it still can be; None for a form that renews nothing.

    A correction of what was sent in time is not late. Raises Conflict.
    """
    if form.renews is None:
        return None
    if form.corrects is not None:
        return db.get(Licence, form.renews)
    found = at_its_door(db, house, citizen, form.renews, now)
    if found.prospect.under_way is not None:
        raise Conflict("มีคำขอต่ออายุใบนี้อยู่แล้ว เปิดคำขอนั้นจากหน้าใบอนุญาตของคุณ")
    return found.prospect.licence


def differences(db: Session, application: Application) -> tuple[Licence, list[tuple[str, Any, Any]]] | None:
    """The licence an application renews, and what it says otherwise: (question, then, now). None: it renews none."""
    before = db.get(Licence, application.renews) if application.renews else None
    if before is None:
        return None
    granted = db.get_one(Application, before.application_id).answers
    then = {key: given.get("value") for key, given in granted.items()} | editions.amended(db, before.id)
    now = {key: given.get("value") for key, given in application.answers.items()}
    keys = now.keys() | then.keys()
    return before, [(key, then.get(key), now.get(key)) for key in keys if then.get(key) != now.get(key)]


def followed(db: Session, application: Application) -> Licence | None:
    """The licence that an application is about to follow; None for one that renews nothing."""
    return db.get(Licence, application.renews, populate_existing=True) if application.renews else None


def goes_on(db: Session, application: Application, new: Licence, actor: Actor, now: datetime) -> None:
    """Write into the register of the former licence that this one follows. Nothing for one that renews nothing."""
    if application.renews is not None:
        sitting = Sitting([By.SYSTEM], actor)
        former = matters.locked(db, application.renews)
        matters.act(db, former, Action.RENEW, Step.DO, sitting, now, by=new.number)

"""What a holder may do about an issued licence: give it back, ask for a substitute or an amendment, answer an intent.

Each is one call with the `revision` of the licence that the page was drawn with: a stale page never wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import renewals
from app.applications.models import Application
from app.applications.workflow import FINAL, State
from app.billing import fees
from app.catalogue import wording
from app.catalogue.asking import Reading
from app.catalogue.lives import LifeLaw
from app.catalogue.schema import Question, Service, ToDepartment
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid, NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.licences import editions, life, matters, notice
from app.licences import service as licences
from app.licences.life import Action, By, Stage, Standing, Step
from app.licences.matters import Powers, Sitting
from app.licences.models import Licence, LicenceLetter, Matter, Outcome, Reason
from app.stories import act_fees, acting, letter, renewal_halted, standing, supervise
from app.stories.held_licence import powers
from app.stories.house import House

SHORTEST_REASON = 10
NOT_AMENDED = frozenset({"address", "group", "citizen_id", "juristic_id", "computed"})
"""Kinds of questions whose answers no amendment changes: another place or another holder is another licence."""


@dataclass(frozen=True)
class Mine:
    """A licence of mine: how it stands, what is under way, and what I can do about it now."""

    licence: Licence
    application: Application
    service: Service
    law: LifeLaw | None
    matter: Matter | None
    standing: Standing
    choices: tuple[tuple[Action, Step], ...]
    letters: tuple[LicenceLetter, ...]
    says: Mapping[str, Any]
    """What it says, by question key."""

    def may(self, action: Action, step: Step = Step.DO) -> bool:
        """Whether the table lets me."""
        return (action, step) in self.choices

    @property
    def amendable(self) -> tuple[Question, ...]:
        """The answers on the document that can be asked to be amended, in reading order."""
        named = wording.words_used(self.service.licence) if self.service.licence else set[str]()
        fixed = {self.service.receiver.by} if not isinstance(self.service.receiver, ToDepartment) else set()
        return tuple(
            question
            for question in self.service.asked
            if question.key in named - fixed and question.key in self.says and question.kind not in NOT_AMENDED
        )


def mine(
    db: Session, house: House, citizen: CitizenSession, licence_id: UUID, now: datetime, *, lock: bool = False
) -> Mine:
    """My licence. Raises NotFound."""
    licence = licences.mine(db, citizen.applicant_id, licence_id)
    if not citizen.covers(licence.service_slug):
        raise NotFound
    if lock:
        licence = matters.locked(db, licence_id)
    application = db.get_one(Application, licence.application_id)
    law = house.catalogue.lives.get(licence.service_slug)
    matter, at = matters.under_way(db, licence_id), matters.standing(licence, now)
    facts = matters.facts(licence, matter, powers(law), citizen.person_id, now)
    return Mine(
        licence=licence,
        application=application,
        service=house.service(db, licence.service_slug, licence.service_version),
        law=law,
        matter=matter,
        standing=at,
        choices=tuple(life.choices(at, {By.HOLDER}, facts)),
        letters=tuple(matters.letters(db, licence_id)),
        says=says(db, licence),
    )


def says(db: Session, licence: Licence) -> dict[str, Any]:
    """What a licence says now, by question key: as it was granted, with what was amended since."""
    granted = db.get_one(Application, licence.application_id).answers
    return {key: answer["value"] for key, answer in granted.items()} | editions.amended(db, licence.id)


def letter_of_mine(db: Session, citizen: CitizenSession, found: Mine, letter_id: UUID, now: datetime) -> LicenceLetter:
    """A letter about my licence, which I have received by opening it. Raises NotFound."""
    row = next((one for one in found.letters if one.id == letter_id), None)
    if row is None:
        raise NotFound
    if row.received_at is None:
        if matters.received(db, row, sessions.actor(citizen), now):
            _told(db, citizen, "agent_opened_letter", found.licence, now)
        db.refresh(row)
    return row


def appeal_until(row: LicenceLetter) -> date | None:
    """The last day to appeal against what a letter says; None where there is nothing to appeal.

    It counts from the day on which the letter was first opened, and at the latest from the day by which it counts as
    received.
    """
    told = notice.again(row.content) if row.content else None
    if told is None or not told.appeal_days:
        return None
    latest = date.fromisoformat(told.received_by)
    received = min(bangkok_date(row.received_at), latest) if row.received_at else latest
    return supervise.appeal_ends(received, told.appeal_days)


def _sitting(citizen: CitizenSession, law: LifeLaw | None = None) -> Sitting:
    return Sitting({By.HOLDER}, sessions.actor(citizen), powers(law) if law else Powers())


def _told(db: Session, citizen: CitizenSession, kind: str, licence: Licence, now: datetime) -> None:
    """Whoever acts by a mandate: the principal reads it."""
    acting.tell_principal(db, citizen, kind, now, href=f"/licences/{licence.id}", reference=licence.number)


def surrender(
    db: Session, house: House, citizen: CitizenSession, licence_id: UUID, revision: int, reason: str, now: datetime
) -> None:
    """Give my licence back, for good: it holds from now on no more. Raises Conflict, Forbidden, NotFound.

    Whoever gives a company's licence back proved who they are as for sending. A renewal under way comes first, for
    nothing could follow a licence that was given back; one that is paid and waits for the end of a suspension ends
    with it, and its fee goes back.
    """
    standing.must_be_sure(citizen)
    found = mine(db, house, citizen, licence_id, now, lock=True)
    matters.fresh(found.licence, revision)
    asked = renewals.asked_for(db, [licence_id]).get(licence_id)
    waits = asked is not None and asked.state is State.PREPARING and found.standing is Standing.SUSPENDED
    if asked is not None and asked.state not in FINAL and not waits:
        raise Conflict("ใบนี้กำลังต่ออายุตามคำขอ %(number)s ถอนคำขอนั้นหรือรอให้เสร็จก่อน แล้วจึงคืนใบได้", number=asked.number)
    why = f"{found.law.surrender.text.th} ({found.law.surrender.law.th})" if found.law else ""
    matters.act(db, found.licence, Action.SURRENDER, Step.DO, _sitting(citizen), now, why, reason=reason)
    act_fees.fall_away(db, found.licence, sessions.actor(citizen), now)
    renewal_halted.end(db, found.licence, sessions.actor(citizen), now)
    _told(db, citizen, "agent_surrendered", found.licence, now)


def ask_substitute(
    db: Session,
    house: House,
    citizen: CitizenSession,
    licence_id: UUID,
    revision: int,
    reason: Reason,
    how: str,
    now: datetime,
) -> None:
    """Ask for a substitute (ใบแทน): why, and in words how it came about. Raises Invalid, Conflict, NotFound."""
    found = mine(db, house, citizen, licence_id, now, lock=True)
    matters.fresh(found.licence, revision)
    if len(how) < SHORTEST_REASON:
        raise Invalid(problems={"how": "เล่าว่าสูญหายหรือชำรุดอย่างไร อย่างน้อย 10 ตัวอักษร"})
    letter.must_be_printable(how)
    _ask(db, citizen, found, Action.SUBSTITUTE, {"reason": reason.value, "how": how}, now)


def ask_amendment(
    db: Session,
    house: House,
    citizen: CitizenSession,
    licence_id: UUID,
    revision: int,
    key: str,
    fields: Mapping[str, Sequence[str]],
    why: str,
    now: datetime,
) -> Reading:
    """Ask for other data on my licence: one answer at a time. A reading with a problem was not asked.

    Raises Invalid when it cannot be asked so, Conflict, NotFound.
    """
    found = mine(db, house, citizen, licence_id, now, lock=True)
    matters.fresh(found.licence, revision)
    question = next((one for one in found.amendable if one.key == key), None)
    if question is None:
        raise NotFound
    reading = question.read(fields)
    if reading.problem:
        return reading
    before = found.says[key]
    if reading.value == before:
        raise Invalid(problems={key: "เหมือนกับที่อยู่บนใบแล้ว แก้ให้ต่างจากเดิมก่อนขอ"})
    if len(why) < SHORTEST_REASON:
        raise Invalid(problems={"why": "บอกว่าทำไมต้องแก้ อย่างน้อย 10 ตัวอักษร"})
    letter.must_be_printable(f"{reading.value} {why}")
    _must_cost_the_same(house, found, key, reading.value)
    _ask(db, citizen, found, Action.AMEND, {"key": key, "before": before, "value": reading.value, "how": why}, now)
    return reading


def _must_cost_the_same(house: House, found: Mine, key: str, value: Any) -> None:
    fee = house.catalogue.fee(found.service, house.agency(found.licence.agency_code))
    before, after = (fees.quote(found.service, fee, said).total for said in (found.says, {**found.says, key: value}))
    if before != after:
        raise Invalid(problems={key: "ข้อมูลใหม่ทำให้ค่าธรรมเนียมเปลี่ยน จึงต้องยื่นคำขอใหม่ หรือโทรถามหน่วยงาน"})


def _ask(
    db: Session, citizen: CitizenSession, found: Mine, action: Action, said: dict[str, Any], now: datetime
) -> None:
    act_fees.must_be_paid(db, found.licence.id)
    sitting = _sitting(citizen, found.law)
    matters.act(db, found.licence, action, Step.ASK, sitting, now)
    matters.opened(db, found.licence, action, Stage.ASKED, said, sitting.actor, now)
    _told(db, citizen, f"agent_asked_{action}", found.licence, now)


def take_back(
    db: Session, house: House, citizen: CitizenSession, licence_id: UUID, revision: int, now: datetime
) -> None:
    """Ask no more for what I asked for. Raises Conflict, NotFound."""
    found = mine(db, house, citizen, licence_id, now, lock=True)
    matters.fresh(found.licence, revision)
    if found.matter is None:
        raise Conflict("ไม่มีคำขอที่รออยู่แล้ว ดูสถานะล่าสุดก่อน")
    sitting = _sitting(citizen, found.law)
    matters.act(db, found.licence, found.matter.action, Step.DROP, sitting, now)
    matters.closed(db, found.matter, Outcome.DROPPED, sitting.actor, now)


def objection(
    db: Session, house: House, citizen: CitizenSession, licence_id: UUID, revision: int, text: str, now: datetime
) -> None:
    """Answer what an agency intends, within the days it gave. Raises Invalid, Conflict when too late, NotFound."""
    found = mine(db, house, citizen, licence_id, now, lock=True)
    matters.fresh(found.licence, revision)
    if len(text) < SHORTEST_REASON:
        raise Invalid(problems={"objection": "เขียนข้อโต้แย้งของคุณ อย่างน้อย 10 ตัวอักษร"})
    if found.matter is None:
        raise Conflict("เรื่องนี้จบแล้ว ดูสถานะล่าสุดก่อน")
    matters.act(db, found.licence, found.matter.action, Step.OBJECT, _sitting(citizen, found.law), now)
    found.matter.objection, found.matter.objected_at = text, now
    _told(db, citizen, "agent_objected", found.licence, now)

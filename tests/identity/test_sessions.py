"""How long somebody stays signed in, and how at once they are out."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import events
from app.core.db import Database, new_id
from app.core.errors import Forbidden, NotFound
from app.core.events import SYSTEM
from app.core.secrets import Keyring
from app.identity import officers, people, sessions, visits
from app.identity.claims import Claims
from app.identity.models import Duty, Ending, Officer, SessionKind
from app.identity.models import Session as SessionRow
from app.identity.officers import Post
from app.identity.people import SignedInPerson
from app.identity.sessions import CitizenSession, OfficerSession
from tests.statements import heard

KEYRING = Keyring.fresh()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MALI = Claims(
    "https://thaid.example", "mali", "1000000000122", "นางสาว", "มะลิ", "ตัวอย่าง", "Miss Mali", None, Decimal("2.3")
)
POST = Post("amphoe_muang", "health", frozenset({Duty.RECEIVE, Duty.CHECK}), "นักวิชาการสุขาภิบาล", "Sanitation officer")


@pytest.fixture
def mali(db: Session, now: datetime) -> SignedInPerson:
    return people.recognise(db, KEYRING, MALI, now)


@pytest.fixture
def sathit(db: Session, now: datetime) -> UUID:
    return officers.register(db, "https://gov.example", "s1", "สาธิต หนึ่ง", "Sathit Nueng", POST, SYSTEM, now)


@pytest.fixture
def token(db: Session, mali: SignedInPerson, now: datetime) -> str:
    return sessions.open_for_citizen(
        db, KEYRING, mali, Decimal("2.3"), now, id_token="header.body.sig", device="Chrome"
    )


@pytest.fixture
def badge(db: Session, sathit: UUID, now: datetime) -> str:
    return sessions.open_for_officer(db, KEYRING, sathit, now, id_token="header.body.sig")


def citizen(db: Session, token: str, at: datetime) -> CitizenSession | None:
    found = sessions.find(db, token, at)
    assert found is None or isinstance(found, CitizenSession)
    return found


def officer(db: Session, token: str, at: datetime) -> OfficerSession | None:
    found = sessions.find(db, token, at)
    assert found is None or isinstance(found, OfficerSession)
    return found


def test_a_citizen_is_recognised_with_their_name_applicant_and_level(
    db: Session, token: str, mali: SignedInPerson, now: datetime
) -> None:
    found = citizen(db, token, now)
    assert found is not None
    assert (found.person_id, found.applicant_id, found.ial) == (mali.person_id, mali.applicant_id, Decimal("2.3"))
    assert (found.display_name, found.display_name_en) == ("นางสาวมะลิ ตัวอย่าง", "Miss Mali")
    assert (found.ends_at, found.warns_at) == (now + 30 * MINUTE, now + 25 * MINUTE)


def test_an_officer_is_recognised_with_their_post_and_duties(
    db: Session, badge: str, sathit: UUID, now: datetime
) -> None:
    found = officer(db, badge, now)
    assert found is not None
    assert (found.officer_id, found.name, found.position_en) == (sathit, "สาธิต หนึ่ง", "Sanitation officer")
    assert (found.agency_code, found.office_code) == ("amphoe_muang", "health")
    assert found.duties == {Duty.RECEIVE, Duty.CHECK}
    assert found.ends_at == now + 15 * MINUTE


def test_finding_a_session_takes_exactly_one_select(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        who = people.recognise(db, KEYRING, MALI, now)
        token = sessions.open_for_citizen(db, KEYRING, who, Decimal("2.3"), now)
    with database.transaction() as db, heard(database) as said:
        assert sessions.find(db, token, now)
    assert [statement.split()[0] for statement, _ in said] == ["SELECT"]


def test_only_the_hash_of_the_token_is_kept(db: Session, token: str) -> None:
    row = db.scalars(select(SessionRow)).one()
    assert token not in (row.token_hash, row.id_token)
    assert "header.body.sig" not in (row.id_token or "")
    assert len(token) >= 43  # 256 bits in base64


def test_an_idle_citizen_is_out_after_thirty_minutes(db: Session, token: str, now: datetime) -> None:
    assert citizen(db, token, now + 30 * MINUTE - timedelta(seconds=1))
    assert citizen(db, token, now + 30 * MINUTE) is None


def test_an_idle_officer_is_out_after_fifteen_minutes(db: Session, badge: str, now: datetime) -> None:
    assert officer(db, badge, now + 15 * MINUTE - timedelta(seconds=1))
    assert officer(db, badge, now + 15 * MINUTE) is None


@pytest.mark.parametrize(("kind", "hours"), [("citizen", 12), ("officer", 8)])
def test_however_active_everyone_is_out_at_the_absolute_end(
    db: Session, token: str, badge: str, now: datetime, kind: str, hours: int
) -> None:
    mine, at = (token if kind == "citizen" else badge), now
    while at < now + hours * HOUR:
        found = sessions.find(db, mine, at)
        assert found is not None, at - now
        assert sessions.touch(db, found, at).ends_at <= now + hours * HOUR
        at += 10 * MINUTE
    assert sessions.find(db, mine, at) is None


def test_activity_moves_the_idle_end_but_is_written_at_most_once_a_minute(
    db: Session, token: str, now: datetime
) -> None:
    first = citizen(db, token, now + timedelta(seconds=59))
    assert first is not None
    assert sessions.touch(db, first, now + timedelta(seconds=59)) == first
    second = citizen(db, token, now + MINUTE)
    assert second is not None
    touched = sessions.touch(db, second, now + MINUTE)
    assert touched.ends_at == now + 31 * MINUTE
    assert citizen(db, token, now + MINUTE) == touched


def test_noting_activity_never_waits_for_a_parallel_request(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        who = people.recognise(db, KEYRING, MALI, now)
        token = sessions.open_for_citizen(db, KEYRING, who, Decimal("2.3"), now)
    later = now + 2 * MINUTE
    held, done = threading.Event(), threading.Event()

    def slow_request() -> None:
        with database.transaction() as db:
            found = citizen(db, token, later)
            assert found is not None
            sessions.touch(db, found, later)
            held.set()
            assert done.wait(timeout=60)

    slow = threading.Thread(target=slow_request)
    slow.start()
    assert held.wait(timeout=60)
    with database.transaction() as db:  # would end in statement_timeout if it waited
        found = citizen(db, token, later)
        assert found is not None
        assert sessions.touch(db, found, later).ends_at == later + 30 * MINUTE
    done.set()
    slow.join(timeout=10)


def test_two_sign_ins_have_different_tokens_and_live_side_by_side(
    db: Session, token: str, mali: SignedInPerson, now: datetime
) -> None:
    other = sessions.open_for_citizen(db, KEYRING, mali, Decimal("2.3"), now)
    assert other != token
    assert citizen(db, token, now)
    assert citizen(db, other, now)


def test_after_signing_out_the_token_is_worth_nothing_and_leaving_is_an_event(
    db: Session, token: str, mali: SignedInPerson, now: datetime
) -> None:
    assert sessions.sign_out(db, token, now)
    assert citizen(db, token, now) is None
    assert sessions.sign_out(db, token, now) is None
    assert [e.kind for e in events.history(db, f"person:{mali.person_id}")] == ["signed_in", "signed_out"]


def test_a_suspended_officer_is_out_at_once_and_cannot_come_back_in(
    db: Session, badge: str, sathit: UUID, now: datetime
) -> None:
    officers.suspend(db, sathit, SYSTEM, now, reason="พ้นหน้าที่")
    assert officer(db, badge, now) is None
    with pytest.raises(Forbidden, match="ถูกระงับ"):
        officers.recognise(db, "https://gov.example", "s1", now)


@pytest.mark.usefixtures("sathit")
def test_an_officer_switched_off_by_any_hand_is_out_though_their_session_was_not_ended(
    db: Session, badge: str, now: datetime
) -> None:
    db.execute(update(Officer).values(active=False))
    assert officer(db, badge, now) is None


def test_a_reinstated_officer_signs_in_again_but_old_sessions_stay_ended(
    db: Session, badge: str, sathit: UUID, now: datetime
) -> None:
    officers.suspend(db, sathit, SYSTEM, now, reason="ลา")
    officers.reinstate(db, sathit, SYSTEM, now)
    assert officer(db, badge, now) is None
    assert officers.recognise(db, "https://gov.example", "s1", now) == sathit
    kinds = [e.kind for e in events.history(db, f"officer:{sathit}")]
    assert kinds == ["officer_registered", "officer_suspended", "officer_reinstated", "signed_in"]


def test_a_duty_taken_away_is_gone_at_the_next_request(db: Session, badge: str, sathit: UUID, now: datetime) -> None:
    officers.give_duties(db, sathit, [Duty.CASHIER], SYSTEM, now)
    found = officer(db, badge, now)
    assert found is not None
    assert found.duties == {Duty.CASHIER}


def test_an_account_nobody_registered_is_no_officer(db: Session, now: datetime) -> None:
    with pytest.raises(Forbidden, match="ยังไม่ได้ลงทะเบียน"):
        officers.recognise(db, "https://gov.example", "stranger", now)


def test_an_officer_nobody_registered_can_be_neither_suspended_nor_given_duties(db: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        officers.suspend(db, new_id(), SYSTEM, now, reason="-")
    with pytest.raises(NotFound):
        officers.give_duties(db, new_id(), [Duty.CHECK], SYSTEM, now)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "ก" * 43, "' or 1=1 --", "\x00"])
def test_a_token_nobody_was_given_finds_nobody(db: Session, token: str, now: datetime) -> None:
    assert sessions.find(db, token, now) is None


def test_a_person_sees_and_ends_their_other_sessions_but_nobody_elses(
    db: Session, token: str, mali: SignedInPerson, now: datetime
) -> None:
    phone = sessions.open_for_citizen(db, KEYRING, mali, Decimal("2.3"), now + MINUTE, device="Safari, iPhone")
    listed = visits.live(db, mali.person_id, now + 2 * MINUTE)
    assert [visit.device for visit in listed] == ["Safari, iPhone", "Chrome"]
    visits.end(db, mali.person_id, listed[0].session_id, now + 2 * MINUTE)
    assert citizen(db, phone, now + 2 * MINUTE) is None
    assert citizen(db, token, now + 2 * MINUTE)
    with pytest.raises(NotFound):
        visits.end(db, mali.applicant_id, listed[1].session_id, now)
    with pytest.raises(NotFound):
        visits.end(db, mali.person_id, listed[0].session_id, now)


def test_the_id_token_is_at_hand_just_after_signing_out_and_then_forgotten(
    db: Session, token: str, now: datetime
) -> None:
    left = sessions.sign_out(db, token, now)
    assert left is not None
    assert sessions.farewell(db, KEYRING, left, now + MINUTE) == (SessionKind.CITIZEN, "header.body.sig")
    assert sessions.farewell(db, Keyring.fresh(), left, now + MINUTE) == (SessionKind.CITIZEN, "")
    assert sessions.farewell(db, KEYRING, left, now + 10 * MINUTE) is None
    sessions.sweep(db, now + 11 * MINUTE)
    assert db.scalars(select(SessionRow.id_token)).one() is None


def test_an_open_session_says_no_farewell(db: Session, token: str, now: datetime) -> None:
    session = citizen(db, token, now)
    assert session is not None
    assert sessions.farewell(db, KEYRING, session.session_id, now) is None


def test_sweeping_keeps_live_sessions_and_ninety_days_of_ended_ones(
    db: Session, token: str, badge: str, now: datetime
) -> None:
    sessions.end(db, token, Ending.SIGNED_OUT, now)
    sessions.sweep(db, now + timedelta(days=90))
    assert len(db.scalars(select(SessionRow.id)).all()) == 2
    sessions.sweep(db, now + timedelta(days=90, seconds=1))
    assert [row.kind for row in db.scalars(select(SessionRow))] == [SessionKind.OFFICER]
    assert officer(db, badge, now) is not None


def test_a_citizen_acts_for_themselves_and_an_officer_for_the_agency(
    db: Session, token: str, badge: str, mali: SignedInPerson, sathit: UUID, now: datetime
) -> None:
    me, they = sessions.find(db, token, now), sessions.find(db, badge, now)
    assert me is not None
    assert they is not None
    acting = sessions.actor(me)
    assert (acting.kind, acting.id, acting.name, acting.for_applicant) == (
        "citizen",
        mali.person_id,
        "นางสาวมะลิ ตัวอย่าง",
        mali.applicant_id,
    )
    assert (sessions.actor(they).kind, sessions.actor(they).id, sessions.actor(they).for_applicant) == (
        "officer",
        sathit,
        None,
    )


@pytest.mark.usefixtures("token")
def test_the_database_itself_refuses_a_session_of_nobody(db: Session) -> None:
    with pytest.raises(Exception, match="ck_sessions_whose"):
        db.execute(update(SessionRow).values(person_id=None))


@pytest.mark.usefixtures("sathit")
def test_the_database_itself_refuses_a_duty_it_does_not_know(db: Session) -> None:
    with pytest.raises(Exception, match="ck_officers_known_duties"):
        db.execute(update(Officer).values(duties=["rule"]))


def test_an_officer_has_a_name_and_nobody_has_none(db: Session, sathit: UUID) -> None:
    assert officers.name_of(db, sathit) == "สาธิต หนึ่ง"
    with pytest.raises(NotFound):
        officers.name_of(db, new_id())

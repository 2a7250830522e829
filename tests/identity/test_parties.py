"""One session acts for one party: by itself, by the company that signed in, or by a mandate while it lasts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import Conflict, Forbidden, NotFound
from app.core.events import Actor
from app.identity import mandates, organisations, sessions
from app.identity.company_claims import CompanyClaims
from app.identity.models import ApplicantKind, Mandate
from app.identity.people import SignedInPerson
from app.identity.sessions import CitizenSession, Right
from tests.world import KEYRING, acting, make_person

KHAO = CompanyClaims("https://juristic.example", "khao", "0995569000013", "บริษัท ข้าวตัวอย่าง จำกัด", "dbd")
HIGH = Decimal("2.3")
LAST_DAY = date(2026, 11, 30)
LAST_MOMENT = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)
"""One minute before midnight in Bangkok."""


@pytest.fixture
def mali(db: Session, now: datetime) -> SignedInPerson:
    return make_person(db, now, "มะลิ")


@pytest.fixture
def chaem(db: Session, now: datetime) -> SignedInPerson:
    return make_person(db, now, "แจ่ม")


def seen(db: Session, token: str, at: datetime) -> CitizenSession:
    found = sessions.find(db, token, at)
    assert isinstance(found, CitizenSession)
    return found


def held(db: Session, principal: SignedInPerson, agent: SignedInPerson, now: datetime) -> UUID:
    mandate = mandates.give(
        db, KEYRING, principal.applicant_id, acting(principal), "แจ่ม", "", ["liquor-retail"], LAST_DAY, now
    )
    mandates.accept(db, mandate, Actor("citizen", agent.person_id, "นางสาวแจ่ม ตัวอย่าง"), now)
    return mandate


def as_agent(db: Session, principal: SignedInPerson, agent: SignedInPerson, mandate: UUID, at: datetime) -> str:
    token = sessions.open_for_citizen(db, KEYRING, agent, HIGH, at)
    return sessions.change_party(db, KEYRING, seen(db, token, at), principal.applicant_id, at, mandate_id=mandate)


def test_a_person_acts_for_themselves_first(db: Session, mali: SignedInPerson, now: datetime) -> None:
    me = seen(db, sessions.open_for_citizen(db, KEYRING, mali, HIGH, now), now)
    assert (me.right, me.applicant_id, me.party_kind) == (Right.SELF, mali.applicant_id, ApplicantKind.PERSON)
    assert me.name_for == "นางสาวมะลิ ตัวอย่าง"


def test_changing_the_party_is_another_session_that_ends_when_the_first_would_have(
    db: Session, mali: SignedInPerson, chaem: SignedInPerson, now: datetime
) -> None:
    mandate = held(db, mali, chaem, now)
    first = sessions.open_for_citizen(db, KEYRING, chaem, HIGH, now, id_token="a.b.c")
    before, later = seen(db, first, now), now + timedelta(minutes=5)
    second = sessions.change_party(db, KEYRING, before, mali.applicant_id, later, mandate_id=mandate)

    assert sessions.find(db, first, later) is None
    after = seen(db, second, later)
    assert after.session_id != before.session_id
    assert (after.expires_at, after.person_id, after.right) == (before.expires_at, chaem.person_id, Right.MANDATE)
    assert after.name_for == "นางสาวแจ่ม ตัวอย่าง ทำแทน นางสาวมะลิ ตัวอย่าง"
    assert sessions.actor(after).by_mandate == mandate
    assert (after.covers("liquor-retail"), after.covers("tobacco-retail")) == (True, False)
    ended = sessions.sign_out(db, second, later)
    assert ended is not None
    assert sessions.farewell(db, KEYRING, ended, later) == ("citizen", "a.b.c")


def test_a_mandate_lasts_to_the_end_of_its_last_day_in_thailand(
    db: Session, mali: SignedInPerson, chaem: SignedInPerson, now: datetime
) -> None:
    token = as_agent(db, mali, chaem, held(db, mali, chaem, now), LAST_MOMENT)
    assert not seen(db, token, LAST_MOMENT).mandate_over
    assert seen(db, token, LAST_MOMENT + timedelta(minutes=2)).mandate_over


def test_a_mandate_that_was_taken_back_is_over_at_the_next_look(
    db: Session, mali: SignedInPerson, chaem: SignedInPerson, now: datetime
) -> None:
    mandate = held(db, mali, chaem, now)
    token = as_agent(db, mali, chaem, mandate, now)
    mandates.revoke(db, mandate, acting(mali), now)
    assert seen(db, token, now).mandate_over
    assert [one.live(now) for one in mandates.held_by(db, chaem.person_id)] == [False]


def test_a_party_without_a_right_is_never_acted_for(
    db: Session, mali: SignedInPerson, chaem: SignedInPerson, now: datetime
) -> None:
    token = sessions.open_for_citizen(db, KEYRING, chaem, HIGH, now)
    stolen = sessions.change_party(db, KEYRING, seen(db, token, now), mali.applicant_id, now)
    with pytest.raises(RuntimeError, match="without a right"):
        sessions.find(db, stolen, now)


def test_a_company_and_the_person_who_came_with_it(db: Session, mali: SignedInPerson, now: datetime) -> None:
    company, account = organisations.recognise(db, KHAO, now)
    again, same = organisations.recognise(db, KHAO, now)
    assert (again, same) == (company, account)
    me = seen(db, sessions.open_for_citizen(db, KEYRING, mali, HIGH, now, company=company), now)
    assert (me.right, me.party_name, me.party_kind) == (Right.COMPANY, KHAO.name, ApplicantKind.ORGANISATION)
    assert me.own_applicant_id == mali.applicant_id
    assert sessions.actor(me).for_applicant == company.applicant_id


def test_an_account_that_comes_back_with_another_company_is_refused(db: Session, now: datetime) -> None:
    organisations.recognise(db, KHAO, now)
    other = CompanyClaims(KHAO.issuer, KHAO.subject, "0995569000030", "บริษัทอื่น", "dbd")
    with pytest.raises(Forbidden):
        organisations.recognise(db, other, now)


def test_an_invitation_is_accepted_once_and_its_code_lies_nowhere(
    db: Session, mali: SignedInPerson, chaem: SignedInPerson, now: datetime
) -> None:
    mandate = mandates.give(db, KEYRING, mali.applicant_id, acting(mali), "แจ่ม", "", None, LAST_DAY, now)
    code = mandates.code(KEYRING, mandate)
    assert mandates.by_code(db, KEYRING, f" {code[:4].lower()}-{code[4:]} ", now) == mandate
    assert mandates.by_code(db, KEYRING, code, now + timedelta(days=60)) is None
    agent = Actor("citizen", chaem.person_id, "นางสาวแจ่ม ตัวอย่าง")
    mandates.accept(db, mandate, agent, now)
    assert mandates.by_code(db, KEYRING, code, now) is None
    with pytest.raises(Conflict):
        mandates.accept(db, mandate, agent, now)


def test_what_the_registry_says_changes_name_and_status_and_is_an_event(db: Session, now: datetime) -> None:
    company, _ = organisations.recognise(db, KHAO, now)
    organisations.describe(db, company.organisation_id, {"name_th": "บริษัท ใหม่ จำกัด", "status": "เลิก"}, now, now)
    known = organisations.of_party(db, company.applicant_id)
    assert (known.name_th, known.status, known.profile_at) == ("บริษัท ใหม่ จำกัด", "เลิก", now)
    assert organisations.recognise(db, KHAO, now)[0].name == "บริษัท ใหม่ จำกัด"


def test_a_person_is_no_company(db: Session, mali: SignedInPerson) -> None:
    with pytest.raises(NotFound):
        organisations.of_party(db, mali.applicant_id)


def test_a_mandate_has_one_way_to_its_agent(db: Session, mali: SignedInPerson, now: datetime) -> None:
    mandate = mandates.give(db, KEYRING, mali.applicant_id, acting(mali), "แจ่ม", "", None, LAST_DAY, now)
    with pytest.raises(IntegrityError):
        db.execute(update(Mandate).where(Mandate.id == mandate).values(agent_index="0" * 64))

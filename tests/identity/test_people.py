"""One person, however many accounts they sign in with; the citizen id is nowhere readable in the database."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import events
from app.core.db import Database
from app.core.errors import Forbidden, NotFound
from app.core.secrets import Keyring
from app.identity import people
from app.identity.claims import Claims
from app.identity.models import Account, Applicant, Person

KEYRING = Keyring.fresh()
MALI = Claims(
    issuer="https://thaid.example",
    subject="mali-1",
    citizen_id="1000000000122",
    title="นางสาว",
    given_name="มะลิ",
    family_name="ตัวอย่าง",
    name_en="Miss Mali Tuayang",
    birth_date="1995-06",
    ial=Decimal("2.3"),
)
AT_DGA = replace(
    MALI, issuer="https://digital-id.example", subject="77", name_en="", birth_date=None, ial=Decimal("2.1")
)


def count(db: Session, table: type[Person | Account | Applicant]) -> int:
    return db.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_first_sign_in_makes_a_person_their_applicant_and_an_account(db: Session, now: datetime) -> None:
    who = people.recognise(db, KEYRING, MALI, now)
    profile = people.profile(db, KEYRING, who.person_id)
    assert profile == people.Profile(
        who.person_id,
        who.applicant_id,
        "1000000000122",
        "นางสาว",
        "มะลิ",
        "ตัวอย่าง",
        "Miss Mali Tuayang",
        "1995-06",
    )
    assert profile.name == "นางสาวมะลิ ตัวอย่าง"
    assert people.person_of(db, who.applicant_id) == who.person_id


def test_signing_in_again_changes_nothing_but_the_time(db: Session, now: datetime) -> None:
    first = people.recognise(db, KEYRING, MALI, now)
    assert people.recognise(db, KEYRING, MALI, now + timedelta(days=1)) == first
    assert (count(db, Person), count(db, Applicant), count(db, Account)) == (1, 1, 1)
    assert db.scalar(select(Account.last_sign_in_at)) == now + timedelta(days=1)


def test_two_providers_that_know_the_same_citizen_lead_to_one_person(db: Session, now: datetime) -> None:
    thaid = people.recognise(db, KEYRING, MALI, now)
    dga = people.recognise(db, KEYRING, AT_DGA, now)
    assert (dga.person_id, dga.applicant_id) == (thaid.person_id, thaid.applicant_id)
    assert dga.account_id != thaid.account_id


def test_a_provider_that_tells_less_does_not_erase_what_another_told(db: Session, now: datetime) -> None:
    who = people.recognise(db, KEYRING, MALI, now)
    people.recognise(db, KEYRING, AT_DGA, now)
    profile = people.profile(db, KEYRING, who.person_id)
    assert (profile.name_en, profile.birth_date) == ("Miss Mali Tuayang", "1995-06")


def test_a_new_family_name_is_taken_over(db: Session, now: datetime) -> None:
    who = people.recognise(db, KEYRING, MALI, now)
    people.recognise(db, KEYRING, replace(MALI, title="นาง", family_name="สมมติ"), now)
    assert people.profile(db, KEYRING, who.person_id).name == "นางมะลิ สมมติ"


def test_the_same_subject_at_another_provider_is_somebody_else(db: Session, now: datetime) -> None:
    mali = people.recognise(db, KEYRING, MALI, now)
    tasi = people.recognise(db, KEYRING, replace(AT_DGA, subject=MALI.subject, citizen_id="1000000000211"), now)
    assert tasi.person_id != mali.person_id


def test_an_account_that_returns_with_another_citizen_id_is_refused(db: Session, now: datetime) -> None:
    people.recognise(db, KEYRING, MALI, now)
    with pytest.raises(Forbidden), db.begin_nested():
        people.recognise(db, KEYRING, replace(MALI, citizen_id="1000000000211"), now)
    assert (count(db, Person), count(db, Account)) == (1, 1)


def test_the_citizen_id_is_readable_in_no_column_of_the_database(db: Session, now: datetime) -> None:
    who = people.recognise(db, KEYRING, MALI, now)
    for table in ("people", "accounts", "applicants", "events"):
        rows = db.execute(text(f"select row_to_json(t)::text from {table} t")).scalars().all()
        assert rows
        assert not [row for row in rows if "1000000000122" in row]
    assert people.find_by_citizen_id(db, KEYRING, "1000000000122") == who.person_id
    assert people.find_by_citizen_id(db, KEYRING, "1000000000211") is None


def test_every_sign_in_is_an_event_of_the_person(db: Session, now: datetime) -> None:
    who = people.recognise(db, KEYRING, MALI, now)
    [event] = events.history(db, f"person:{who.person_id}")
    assert (event.kind, event.acted_by, event.applicant_id) == ("signed_in", who.person_id, who.applicant_id)
    assert event.facts == {"issuer": "https://thaid.example", "ial": "2.3"}


def test_eight_first_sign_ins_at_the_same_moment_make_one_person(database_url: str, now: datetime) -> None:
    database = Database(database_url, turns=8)
    together = threading.Barrier(8)
    found, failed = [], []

    def sign_in() -> None:
        try:
            with database.transaction() as db:
                db.connection()
                together.wait(timeout=60)
                found.append(people.recognise(db, KEYRING, MALI, now))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=sign_in) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with database.transaction() as db:
        assert (failed, len(set(found)), count(db, Person), count(db, Account)) == ([], 1, 1, 1)
    database.close()


def test_people_sealed_with_an_old_key_are_brought_under_the_new_one(db: Session, now: datetime) -> None:
    old = Keyring({"k1": bytes(32)}, "k1", bytes([9]) * 32)
    both = Keyring({"k2": bytes([1]) * 32, **old.keys}, "k2", old.index_key)
    new = Keyring({"k2": bytes([1]) * 32}, "k2", old.index_key)
    ids = ["1000000000122", "1000000000211", "1000000000394"]
    everyone = [
        people.recognise(db, old, replace(MALI, subject=number, citizen_id=number), now).person_id for number in ids
    ]
    assert [people.reseal(db, both, limit=2) for _ in range(3)] == [2, 1, 0]
    db.expire_all()
    assert [people.profile(db, new, person_id).citizen_id for person_id in everyone] == ids


def test_nobody_is_found_behind_an_unknown_id(db: Session, now: datetime) -> None:
    who = people.recognise(db, KEYRING, MALI, now)
    with pytest.raises(NotFound):
        people.profile(db, KEYRING, who.applicant_id)
    with pytest.raises(NotFound):
        people.person_of(db, who.person_id)


def test_a_latin_title_stands_before_a_space() -> None:
    assert people.full_name("Mr.", "John", "Doe") == "Mr. John Doe"

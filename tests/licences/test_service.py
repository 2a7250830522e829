"""A licence: one number for ever, issued once, and a live status that a stranger can ask for."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.core import events
from app.core.db import Database, new_id
from app.core.errors import Conflict, NotFound
from app.core.events import SYSTEM
from app.core.thai import thai_digits
from app.licences import reserving, service
from app.licences.life import Action
from app.licences.models import Licence, LicenceDocument, Status
from app.licences.reserving import Order
from app.licences.service import ALPHABET, CODE_LENGTH, Signed, Verdict, new_code, typed, written
from tests.world import FOOD, TOWN, at_once, make_applicant, make_application, order

LAWS = settings(deadline=None, derandomize=True, max_examples=80)
FIRST_DAY, LAST_DAY = date(2026, 11, 20), date(2027, 11, 19)

codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def reserve(db: Session, application: Application, now: datetime, **other: Any) -> Licence:
    plain: dict[str, Any] = {
        "application_id": application.id,
        "applicant_id": application.applicant_id,
        "number_prefix": "สอ",
        "service_slug": FOOD,
        "service_version": 1,
        "agency_code": TOWN,
        "holder": application.applicant_name,
        "premises": application.premises_name,
        "valid_from": FIRST_DAY,
        "valid_until": LAST_DAY,
    }
    return reserving.reserve(db, [Order(**plain | other)], now)[application.id]


def signed(now: datetime, digest: str = "a" * 64) -> Signed:
    subject = "CN=เทศบาลเมืองตัวอย่าง"
    return Signed(digest, 90_000, now, subject, "1f", "2e", timestamped=True, checked={"self_check": "passed"})


def issue(db: Session, licence: Licence, now: datetime, digest: str = "a" * 64) -> bool:
    return service.issue(db, licence.id, signed(now, digest), SYSTEM, now)


def issued(db: Session, now: datetime, digest: str = "a" * 64, **other: Any) -> Licence:
    licence = reserve(db, make_application(db, now), now, **other)
    issue(db, licence, now, digest)
    return licence


def all_numbers(database: Database) -> list[str]:
    with database.transaction() as db:
        return sorted(db.scalars(select(Licence.number)))


# — the number


def test_reserving_twice_gives_the_same_licence_with_the_same_number(db: Session, now: datetime) -> None:
    application = make_application(db, now)
    first = reserve(db, application, now)
    again = reserve(db, application, now + timedelta(days=400), holder="ผู้อื่น")
    assert again is first
    assert (first.number, first.status, first.issued_at) == ("สอ 1/2569", Status.RESERVED, None)
    assert reserve(db, make_application(db, now), now).number == "สอ 2/2569"


def test_every_authority_every_prefix_and_every_buddhist_year_counts_for_itself(db: Session, now: datetime) -> None:
    next_year = datetime.fromisoformat("2027-01-01T00:00+07:00")
    taken = [
        reserve(db, make_application(db, moment), moment).number
        for moment in (now, now, next_year - timedelta(seconds=1), next_year)
    ]
    assert taken == ["สอ 1/2569", "สอ 2/2569", "สอ 3/2569", "สอ 1/2570"]
    assert reserve(db, make_application(db, now), now, number_prefix="สร").number == "สร 1/2569"
    assert reserve(db, make_application(db, now), now, agency_code="nakhon-sommut").number == "สอ 1/2569"


def test_many_who_reserve_for_one_application_at_once_get_one_licence_and_leave_no_gap(
    database: Database, now: datetime
) -> None:
    with database.transaction() as db:
        application, next_one = make_application(db, now), make_application(db, now)

    done, refused = at_once(database.url, *[lambda db: reserve(db, application, now).number] * 6)

    assert (done, refused) == (["สอ 1/2569"] * 6, [])
    with database.transaction() as db:
        assert reserve(db, next_one, now).number == "สอ 2/2569"


def test_licences_of_one_series_reserved_at_once_have_no_gap_although_some_fail(
    database: Database, now: datetime
) -> None:
    with database.transaction() as db:
        applications = [make_application(db, now) for _ in range(8)]

    def reserving(application: Application, *, fails: bool) -> Callable[[Session], None]:
        def act(db: Session) -> None:
            reserve(db, application, now)
            if fails:
                raise LookupError

        return act

    at_once(database.url, *(reserving(one, fails=n % 3 == 0) for n, one in enumerate(applications)))

    assert all_numbers(database) == [f"สอ {n}/2569" for n in range(1, 6)]


def test_the_database_itself_allows_one_licence_per_application(db: Session, now: datetime) -> None:
    first = reserve(db, make_application(db, now), now)
    second = reserve(db, make_application(db, now), now)
    second.application_id = first.application_id
    with pytest.raises(IntegrityError, match="application_id"):
        db.flush()


def test_a_licence_never_ends_before_it_begins(db: Session, now: datetime) -> None:
    with pytest.raises(IntegrityError, match="dates"):
        reserve(db, make_application(db, now), now, valid_until=FIRST_DAY - timedelta(days=1))


# — issuing


def test_a_licence_is_issued_once_with_its_document_and_its_event(db: Session, now: datetime) -> None:
    licence = reserve(db, make_application(db, now), now)
    later = now + timedelta(minutes=1)
    assert issue(db, licence, now)
    assert not issue(db, licence, later, digest="b" * 64)
    assert (licence.status, licence.issued_at) == (Status.VALID, now)
    document = service.document(db, licence.id)
    assert (document.digest, document.form, document.signed_at, document.timestamped) == ("a" * 64, 1, now, True)
    assert db.execute(select(func.count()).select_from(LicenceDocument)).scalar_one() == 1
    (event,) = events.history(db, f"licence:{licence.id}")
    assert (event.kind, event.facts["number"], event.facts["sha256"]) == ("licence.issue", licence.number, "a" * 64)


def test_of_eight_jobs_that_issue_at_once_one_does(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        licence = reserve(db, make_application(db, now), now)

    def issuing(n: int) -> Callable[[Session], bool]:
        return lambda db: issue(db, licence, now, digest=f"{n}" * 64)

    done, refused = at_once(database.url, *map(issuing, range(8)))

    assert (sorted(done), refused) == ([False] * 7 + [True], [])


def test_a_licence_that_was_never_reserved_cannot_be_issued(db: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        service.issue(db, new_id(), signed(now), SYSTEM, now)
    with pytest.raises(NotFound):
        service.document(db, new_id())


def test_nobody_finds_a_licence_before_it_is_issued(db: Session, now: datetime) -> None:
    application = make_application(db, now)
    licence = reserve(db, application, now)

    def found() -> list[object]:
        return [
            service.by_code(db, licence.code),
            service.of_application(db, application.id),
            *service.of_applicant(db, application.applicant_id),
        ]

    assert found() == [None, None]
    with pytest.raises(NotFound):
        service.mine(db, application.applicant_id, licence.id)
    issue(db, licence, now)
    assert found() == [licence, licence, licence]
    assert service.mine(db, application.applicant_id, licence.id) is licence


def test_only_its_holder_opens_a_licence_from_the_list_newest_first(db: Session, now: datetime) -> None:
    old = issued(db, now)
    new = reserve(db, make_application(db, now), now, applicant_id=old.applicant_id)
    issue(db, new, now + timedelta(days=1), digest="b" * 64)
    stranger = make_applicant(db, now)
    assert service.of_applicant(db, old.applicant_id) == [new, old]
    assert service.of_applicant(db, stranger) == []
    with pytest.raises(NotFound):
        service.mine(db, stranger, old.id)


def test_a_file_is_recognised_by_its_hash_and_an_altered_one_is_not(db: Session, now: datetime) -> None:
    licence = issued(db, now, digest="c" * 64)
    assert service.by_digest(db, "c" * 64) == (licence, 1)
    assert service.by_digest(db, "c" * 63 + "d") is None


# — the code


@LAWS
@given(codes)
def test_a_code_in_groups_is_the_same_code(code: str) -> None:
    assert typed(written(code)) == code
    assert [len(group) for group in written(code).split("-")] == [4, 4, 5]


@LAWS
@given(codes, st.randoms(use_true_random=False))
def test_a_code_survives_being_typed_badly(code: str, chance: Random) -> None:
    look_alikes = {"0": "0Oo๐０", "1": "1IiLl๑１"}

    def badly(symbol: str) -> str:
        forms = look_alikes.get(symbol, symbol + symbol.lower() + (thai_digits(symbol) if symbol.isdigit() else ""))
        return chance.choice(forms) + chance.choice(["", "", " ", "-", "–", "\u200b", "\u00a0", "."])

    assert typed("  " + "".join(map(badly, code))) == code


def test_a_wrong_symbol_is_a_wrong_code(db: Session, now: datetime) -> None:
    licence = issued(db, now)
    other = licence.code[:-1] + ("2" if licence.code[-1] != "2" else "3")
    assert service.by_code(db, f" {written(licence.code).lower()} ") is licence
    for nothing in (other, licence.code[:-1], licence.code + "0", "", "ไม่มี", "' or 1=1", "\0"):
        assert service.by_code(db, nothing) is None


def test_codes_cannot_be_guessed_from_each_other() -> None:
    made = [new_code() for _ in range(300)]
    assert len(set(made)) == len(made)
    assert {len(code) for code in made} == {CODE_LENGTH}
    assert {symbol for code in made for symbol in code} == set(ALPHABET)


# — the status


@pytest.mark.parametrize(
    ("status", "moment", "verdict"),
    [
        pytest.param(Status.VALID, "2026-11-20T09:30+07:00", Verdict.VALID, id="on its first day"),
        pytest.param(Status.VALID, "2027-11-19T23:59:59+07:00", Verdict.VALID, id="until its last day is over"),
        pytest.param(Status.VALID, "2027-11-20T00:00+07:00", Verdict.EXPIRED, id="then it has expired"),
        pytest.param(Status.VALID, "2027-11-19T17:00+00:00", Verdict.EXPIRED, id="in Thailand, not in Greenwich"),
        pytest.param(Status.SUSPENDED, "2027-01-01T09:00+07:00", Verdict.SUSPENDED, id="suspended"),
        pytest.param(Status.SUSPENDED, "2028-01-01T09:00+07:00", Verdict.SUSPENDED, id="suspended and over"),
        pytest.param(Status.REVOKED, "2027-01-01T09:00+07:00", Verdict.REVOKED, id="revoked"),
        pytest.param(Status.REVOKED, "2028-01-01T09:00+07:00", Verdict.REVOKED, id="revoked and over"),
    ],
)
def test_a_stranger_is_told_the_live_status(
    db: Session, now: datetime, status: Status, moment: str, verdict: Verdict
) -> None:
    licence = issued(db, now)
    if status is not Status.VALID:
        order(db, licence, Action.SUSPEND if status is Status.SUSPENDED else Action.REVOKE, now)
    assert service.verdict(licence, datetime.fromisoformat(moment)) is verdict


def test_a_licence_without_a_last_day_never_expires(db: Session, now: datetime) -> None:
    licence = issued(db, now, valid_until=None)
    assert service.verdict(licence, now + timedelta(days=36_500)) is Verdict.VALID


def test_a_licence_may_be_suspended_reinstated_and_revoked_for_good(db: Session, now: datetime) -> None:
    licence = issued(db, now)
    acts = {Action.SUSPEND: Status.SUSPENDED, Action.REINSTATE: Status.VALID, Action.REVOKE: Status.REVOKED}
    for day, action in enumerate([Action.SUSPEND, Action.REINSTATE, Action.SUSPEND, Action.REVOKE]):
        moment = now + timedelta(days=day)
        changed = order(db, licence, action, moment)
        assert (changed.status, changed.status_ground, changed.status_at) == (acts[action], "มาตรา 45", moment)
    for action in acts:
        with pytest.raises(Conflict):
            order(db, licence, action, now)
    history = [(e.kind, e.facts.get("source")) for e in events.history(db, f"licence:{licence.id}")]
    assert history[1:] == [
        ("licence.suspend", "valid"),
        ("licence.reinstate", "suspended"),
        ("licence.suspend", "valid"),
        ("licence.revoke", "suspended"),
    ]


def test_what_is_not_issued_yet_is_not_found_by_whoever_wants_to_act_on_it(db: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        order(db, reserve(db, make_application(db, now), now), Action.REVOKE, now)

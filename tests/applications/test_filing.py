"""The moment of sending: one application per service, once per key, gapless numbers, and a snapshot to check."""

import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications import filing
from app.applications.filing import Share
from app.applications.form_models import FormState, SingleForm
from app.applications.models import Application
from app.applications.workflow import START
from app.core import events, numbers
from app.core.clock import bangkok_date
from app.core.db import Database
from tests.world import FOOD, LIQUOR, OFFICE, TOWN, at_once, make_applicant, make_form, send, share

LAWS = settings(deadline=None, derandomize=True, max_examples=40)
BOTH = [share(FOOD, "สอ"), share(LIQUOR, "สร", agency_code="excise", office_code=None, fee_satang=33_000)]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def sent_numbers(database: Database) -> list[int]:
    with database.transaction() as db:
        return sorted(int(number.rpartition("-")[2]) for number in db.scalars(select(Application.number)))


# — what becomes of a form


def test_a_form_becomes_one_application_per_service_each_with_its_own_share(db: Session, now: datetime) -> None:
    form = make_form(db, now, services=[FOOD, LIQUOR])
    food, liquor = sorted(send(db, form, now, BOTH), key=lambda a: a.service_slug)
    assert (food.number, liquor.number) == ("สอ 2569-00001", "สร 2569-00001")
    assert (food.service_slug, food.agency_code, food.office_code, food.fee_satang) == (FOOD, TOWN, OFFICE, 0)
    assert (liquor.service_slug, liquor.agency_code, liquor.office_code) == (LIQUOR, "excise", None)
    assert (food.fee_satang, liquor.fee_satang) == (0, 33_000)
    assert {a.applicant_id for a in (food, liquor)} == {form.applicant_id}
    assert {(a.state, a.revision, a.submitted_at, a.taken_by) for a in (food, liquor)} == {(START, 1, now, None)}


def test_the_form_is_frozen_with_what_was_shown_and_when(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    send(db, form, now, [share()], key="once")
    assert (form.state, form.submitted_at, form.submitted_by) == (FormState.SUBMITTED, now, form.started_by)
    assert form.snapshot is not None
    assert form.snapshot_sha256 == hashlib.sha256(form.snapshot.encode()).hexdigest()
    assert json.loads(form.snapshot)["reference"] == form.reference


def test_sending_is_written_down_for_the_form_and_for_each_application(db: Session, now: datetime) -> None:
    form = make_form(db, now, services=[FOOD, LIQUOR])
    sent = send(db, form, now, BOTH)
    written = events.history(db, f"form:{form.id}")[-1]
    assert (written.kind, written.facts["sha256"]) == ("form.submit", form.snapshot_sha256)
    assert written.facts["applications"] == [a.number for a in sent]
    for application in sent:
        (event,) = events.history(db, f"application:{application.id}")
        assert (event.kind, event.facts["service"], event.facts["version"]) == (
            "application.submit",
            application.service_slug,
            1,
        )


@pytest.mark.parametrize(
    ("hours_later", "check_days", "received", "check_by"),
    [
        pytest.param(0, 1, date(2026, 11, 20), date(2026, 11, 20), id="checked on the day it is received"),
        pytest.param(8, 1, date(2026, 11, 23), date(2026, 11, 23), id="sent at half past five on a Friday"),
        pytest.param(0, 3, date(2026, 11, 20), date(2026, 11, 24), id="three days, the first being the day received"),
        pytest.param(24 * 13, 3, date(2026, 12, 3), date(2026, 12, 8), id="over a weekend and a substitution day"),
    ],
)
def test_the_day_received_and_the_last_day_of_the_check_follow_the_thai_calendar(
    db: Session, now: datetime, hours_later: int, check_days: int, received: date, check_by: date
) -> None:
    moment = now + timedelta(hours=hours_later)
    (application,) = send(db, make_form(db, moment), moment, [share(check_days=check_days)])
    assert (application.received_on, application.check_by) == (received, check_by)
    assert (application.complete_from, application.due_on) == (moment, None)


# — once


def test_a_second_click_finds_the_form_that_the_first_one_sent(db: Session, now: datetime) -> None:
    form, stranger = make_form(db, now), make_applicant(db, now)
    assert filing.already_sent(db, form.applicant_id, "click") is None
    send(db, form, now, [share()], key="click")
    assert filing.already_sent(db, form.applicant_id, "click") is form
    assert filing.already_sent(db, form.applicant_id, "another click") is None
    assert filing.already_sent(db, stranger, "click") is None


def test_no_key_ever_sends_two_forms(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        forms = [make_form(db, now) for _ in range(4)]

    def sending(form: SingleForm) -> Callable[[Session], list[Application]]:
        return lambda db: send(db, db.merge(form), now, [share()], key="the same key")

    done, refused = at_once(database.url, *map(sending, forms))

    assert (len(done), [type(error) for error in refused]) == (1, [IntegrityError] * 3)
    assert sent_numbers(database) == [1]


def test_a_service_is_applied_for_once_per_form(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    with pytest.raises(IntegrityError, match="service_slug"):
        send(db, form, now, [share(FOOD), share(FOOD)])


# — numbers


def test_eight_forms_sent_at_once_get_numbers_without_a_gap_although_some_fail(
    database: Database, now: datetime
) -> None:
    with database.transaction() as db:
        forms = [make_form(db, now) for _ in range(8)]

    def sending(form: SingleForm, *, fails: bool) -> Callable[[Session], str]:
        def act(db: Session) -> str:
            (application,) = send(db, db.merge(form), now, [share()])
            if fails:
                raise LookupError
            return application.number

        return act

    done, refused = at_once(database.url, *(sending(form, fails=n % 3 == 0) for n, form in enumerate(forms)))

    assert (len(done), [type(error) for error in refused]) == (5, [LookupError] * 3)
    assert sent_numbers(database) == [1, 2, 3, 4, 5]
    with database.transaction() as db:
        assert events.verify(db)[1] == []


def test_each_kind_of_service_counts_for_itself_and_every_buddhist_year_anew(db: Session, now: datetime) -> None:
    new_year = datetime.fromisoformat("2027-01-01T00:00+07:00")
    moments = [now, new_year - timedelta(seconds=1), new_year]
    sent = [send(db, make_form(db, moment), moment, [share(FOOD), BOTH[1]]) for moment in moments]
    assert [sorted(a.number for a in pair) for pair in sent] == [
        ["สร 2569-00001", "สอ 2569-00001"],
        ["สร 2569-00002", "สอ 2569-00002"],
        ["สร 2570-00001", "สอ 2570-00001"],
    ]


@pytest.mark.parametrize("shares", [BOTH, BOTH[::-1]], ids=["one order", "the other"])
def test_two_forms_for_the_same_services_never_wait_for_each_other_in_a_ring(
    database: Database, now: datetime, shares: list[Share]
) -> None:
    with database.transaction() as db:
        form = make_form(db, now, services=[s.service_slug for s in shares])

    def send_mine() -> list[str]:
        with database.transaction() as db:
            return sorted(a.number for a in send(db, db.merge(form), now, shares))

    first, second = sorted(f"application:{s.number_prefix}" for s in shares)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as theirs:
            numbers.take(theirs, first, bangkok_date(now))
            mine = pool.submit(send_mine)
            until_somebody_waits(database)
            numbers.take(theirs, second, bangkok_date(now))
        assert mine.result(timeout=60) == ["สร 2569-00002", "สอ 2569-00002"]


def until_somebody_waits(database: Database) -> None:
    """Return when a connection waits for a row that another holds."""
    blocked = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    pause = threading.Event()
    for _ in range(500):
        with database.transaction() as db:
            if db.execute(blocked).scalar_one():
                return
        pause.wait(0.01)
    pytest.fail("nobody waits")


# — the snapshot


@LAWS
@given(st.dictionaries(st.text(max_size=8), json_values, max_size=5))
def test_the_snapshot_is_canonical(body: dict[str, Any]) -> None:
    written, digest = filing.snapshot(body)
    assert json.loads(written) == body
    assert filing.snapshot(json.loads(written)) == (written, digest)
    assert filing.snapshot(dict(reversed(body.items()))) == (written, digest)
    assert digest == hashlib.sha256(written.encode()).hexdigest()
    assert "\n" not in written


@LAWS
@given(st.dictionaries(st.text(max_size=8), json_values, max_size=5), st.text(max_size=8), st.text(max_size=8))
def test_another_answer_gives_another_hash(body: dict[str, Any], before: str, after: str) -> None:
    assume(before != after)
    assert filing.snapshot({**body, "shop": before})[1] != filing.snapshot({**body, "shop": after})[1]


def test_thai_is_written_as_it_is_in_the_snapshot() -> None:
    assert filing.snapshot({"ชื่อ": "ครัวมะลิ", "area": 90})[0] == '{"area":90,"ชื่อ":"ครัวมะลิ"}'

"""An application at its agency: one taker, no decision on an old picture, a queue that agrees with its own counters."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.applications import cases, holding, queue
from app.applications.cases import AtDesk, Reach
from app.applications.deadlines import Tick, Unit, days_after, working_days_after
from app.applications.models import Application
from app.applications.queue import PER_PAGE, TABS, Asked, Hand, QueueRow
from app.applications.workflow import FINAL, Action, By, Facts, Hands, State, actions
from app.core import events
from app.core.clock import bangkok_date
from app.core.db import Database, new_id
from app.core.errors import Conflict, NotFound
from app.core.thai import clean
from tests.world import (
    FOOD,
    LIQUOR,
    OFFICE,
    acting,
    at_once,
    at_work,
    make_application,
    make_notice,
    make_officer,
    make_person,
)

LAWS = settings(
    deadline=None, derandomize=True, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
OFFICER = [By.CHECKER, By.APPROVER]


def take(db: Session, application: Application, officer: Reach, now: datetime) -> bool:
    return holding.take(db, officer, application.id, at_work(officer), now)


def alone(officer: Reach) -> AtDesk:
    """At a service in which one officer decides."""
    return AtDesk(officer.officer_id, two_hands=False)


def do(db: Session, application: Application, action: Action, officer: Reach, now: datetime) -> State:
    """The officer's act with the facts as they are."""
    given = cases.facts(db, application, now, alone(officer))
    return cases.act(db, application, action, OFFICER, at_work(officer), given, now)


def kinds(db: Session, application: Application) -> list[str]:
    return [event.kind for event in events.history(db, f"application:{application.id}")]


def listed(db: Session, reach: Reach, tab: str, now: datetime, text: str = "", service: str = "") -> list[str]:
    """The numbers in one tab of the queue, all pages."""
    today = bangkok_date(now)
    soon = working_days_after(today, 3)
    rows: list[QueueRow] = []
    while True:
        asked = Asked(tab, text, service)
        page, found = queue.queue(db, reach, asked, today, soon, page=len(rows) // PER_PAGE + 1)
        rows += page
        if len(rows) >= found:
            return [row.number for row in rows]


# — who sees a case at all


def test_an_officer_sees_the_cases_of_their_agency_and_office_and_no_others(db: Session, now: datetime) -> None:
    application = make_application(db, now)
    anywhere, here = make_officer(db, now), make_officer(db, now, office_code=OFFICE)
    elsewhere = [make_officer(db, now, office_code="engineering"), make_officer(db, now, agency_code="excise")]
    for officer in (anywhere, here):
        assert officer.covers(application)
        assert cases.at_desk(db, officer, application.id) is application
        assert listed(db, officer, "new", now) == [application.number]
    for officer in elsewhere:
        assert not officer.covers(application)
        assert listed(db, officer, "new", now) == []
        assert not any(queue.tab_counts(db, officer, bangkok_date(now), bangkok_date(now)).values())
        with pytest.raises(NotFound):
            cases.at_desk(db, officer, application.id)
        with pytest.raises(NotFound):
            take(db, application, officer, now)


def test_only_its_applicant_finds_an_application(db: Session, now: datetime) -> None:
    application, stranger = make_application(db, now), make_person(db, now)
    assert cases.of_applicant(db, application.applicant_id, application.id) is application
    assert cases.of_form(db, application.single_form_id) == [application]
    with pytest.raises(NotFound):
        cases.of_applicant(db, stranger.applicant_id, application.id)
    with pytest.raises(NotFound):
        cases.by_system(db, new_id())


# — taking


def test_of_eight_officers_who_take_a_case_at_once_exactly_one_has_it(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        application = make_application(db, now)
        officers = [make_officer(db, now) for _ in range(8)]

    def taking(officer: Reach) -> Callable[[Session], tuple[Reach, bool]]:
        return lambda db: (officer, take(db, application, officer, now))

    results, refused = at_once(database.url, *map(taking, officers))

    with database.transaction() as db:
        stored = cases.by_system(db, application.id)
        assert ([officer.officer_id for officer, won in results if won], refused) == ([stored.taken_by], [])
        assert kinds(db, application) == ["application.submit", "application.take"]
        assert events.verify(db)[1] == []


def test_an_officer_who_takes_twice_at_once_has_the_case_both_times(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        application, officer = make_application(db, now), make_officer(db, now)

    def look_and_take(db: Session) -> bool:
        cases.at_desk(db, officer, application.id)
        return take(db, application, officer, now)

    assert at_once(database.url, *[look_and_take] * 4) == ([True] * 4, [])
    with database.transaction() as db:
        assert kinds(db, application) == ["application.submit", "application.take"]


def test_the_case_in_hand_shows_at_once_who_took_it(db: Session, now: datetime) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    assert take(db, application, officer, now)
    assert (application.taken_by, application.taken_at, application.revision) == (officer.officer_id, now, 2)
    assert do(db, application, Action.ACCEPT, officer, now) is State.ACCEPTED


def test_a_case_put_back_is_for_any_colleague_and_only_its_holder_may_put_it_back(db: Session, now: datetime) -> None:
    application, mine, colleague = make_application(db, now), make_officer(db, now), make_officer(db, now)
    take(db, application, mine, now)
    assert not take(db, application, colleague, now)
    with pytest.raises(Conflict):
        holding.release(db, colleague, application.id, at_work(colleague), now)
    holding.release(db, mine, application.id, at_work(mine), now)
    assert (application.taken_by, application.taken_at) == (None, None)
    assert take(db, application, colleague, now)
    assert kinds(db, application)[1:] == ["application.take", "application.release", "application.take"]


def test_a_closed_case_cannot_be_taken(db: Session, now: datetime) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    withdraw(db, application, now)
    assert not take(db, application, officer, now)


def withdraw(db: Session, application: Application, now: datetime) -> None:
    person = make_person(db, now)
    given = cases.facts(db, application, now)
    cases.act(db, application, Action.WITHDRAW, [By.APPLICANT], acting(person), given, now, reason="เปลี่ยนใจ")


# — acting


def test_an_act_changes_the_state_and_writes_its_event(db: Session, now: datetime) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    take(db, application, officer, now)
    given = cases.facts(db, application, now, alone(officer))
    target = cases.act(db, application, Action.ACCEPT, OFFICER, at_work(officer), given, now, note="ครบ")
    assert application.state is target is State.ACCEPTED
    event = events.history(db, f"application:{application.id}")[-1]
    assert (event.kind, event.acted_by, event.subject_id) == ("application.accept", officer.officer_id, application.id)
    assert event.facts == {"source": "submitted", "target": "accepted", "number": application.number, "note": "ครบ"}


def test_an_act_that_the_table_refuses_changes_nothing_and_writes_nothing(db: Session, now: datetime) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    before = kinds(db, application)
    with pytest.raises(Conflict):
        do(db, application, Action.ACCEPT, officer, now)
    assert (application.state, application.revision, kinds(db, application)) == (State.SUBMITTED, 1, before)


def test_a_state_whose_event_cannot_be_written_is_not_kept_either(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        application, officer = make_application(db, now), make_officer(db, now)
        take(db, application, officer, now)

    def accept_with(note: str) -> None:
        with database.transaction() as db:
            case = cases.at_desk(db, officer, application.id, lock=True)
            given = cases.facts(db, case, now, alone(officer))
            cases.act(db, case, Action.ACCEPT, OFFICER, at_work(officer), given, now, note=note)

    with pytest.raises(DBAPIError) as refused:
        accept_with("text that the database cannot hold: \0")
    assert isinstance(refused.value.orig, psycopg.Error)
    with database.transaction() as db:
        assert cases.by_system(db, application.id).state is State.SUBMITTED
        assert kinds(db, application) == ["application.submit", "application.take"]


@pytest.mark.parametrize("end", [Action.WITHDRAW, Action.REJECT])
def test_a_case_that_reaches_its_end_has_its_closing_time(db: Session, now: datetime, end: Action) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    take(db, application, officer, now)
    do(db, application, Action.ACCEPT, officer, now)
    assert (application.state in FINAL, application.closed_at) == (False, None)
    if end is Action.WITHDRAW:
        withdraw(db, application, now)
    else:
        do(db, application, end, officer, now)
    assert (application.state in FINAL, application.closed_at) == (True, now)


def test_a_decision_on_an_old_picture_of_the_case_is_refused(db: Session, now: datetime) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    seen = application.revision
    cases.stale(application, seen)
    take(db, application, officer, now)
    with pytest.raises(Conflict, match="มีการเปลี่ยนแปลง"):
        cases.stale(application, seen)
    cases.stale(application, application.revision)


def test_the_lock_shows_what_another_transaction_did_meanwhile(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        application, officer = make_application(db, now), make_officer(db, now)
    with database.transaction() as db:
        seen = cases.of_applicant(db, application.applicant_id, application.id).revision
        with database.transaction() as other:
            take(other, application, officer, now)
        for again in (
            cases.of_applicant(db, application.applicant_id, application.id, lock=True),
            cases.at_desk(db, officer, application.id, lock=True),
            cases.by_system(db, application.id),
        ):
            assert (again.taken_by, again.revision) == (officer.officer_id, 2)
            with pytest.raises(Conflict):
                cases.stale(again, seen)


def test_eight_approvals_at_once_make_one(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        application, officer = make_application(db, now, fee_satang=200_000), make_officer(db, now)
        take(db, application, officer, now)
        do(db, application, Action.ACCEPT, officer, now)
        seen = application.revision

    def approve(db: Session) -> State:
        case = cases.at_desk(db, officer, application.id, lock=True)
        cases.stale(case, seen)
        return do(db, case, Action.APPROVE, officer, now)

    done, refused = at_once(database.url, *[approve] * 8)

    assert done == [State.AWAITING_PAYMENT]
    assert {type(error) for error in refused} == {Conflict}
    with database.transaction() as db:
        assert kinds(db, application).count("application.approve") == 1


def test_a_writer_without_the_lock_cannot_overwrite_a_newer_state(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        application, officer = make_application(db, now), make_officer(db, now)

    def overwrite() -> None:
        with database.transaction() as db:
            old = cases.at_desk(db, officer, application.id)
            with database.transaction() as other:
                withdraw(other, cases.by_system(other, application.id), now)
            old.premises_name = "ชื่ออื่น"

    with pytest.raises(StaleDataError):
        overwrite()


# — what the rules may look at


def test_facts_are_read_from_the_application_as_it_is(db: Session, now: datetime) -> None:
    free, paid = make_application(db, now), make_application(db, now, fee_satang=1)
    mine, colleague = make_officer(db, now), make_officer(db, now)
    assert cases.facts(db, free, now) == Facts()
    assert cases.facts(db, paid, now) == Facts(has_fee=True)
    take(db, free, mine, now)
    assert cases.facts(db, free, now, alone(mine)) == Facts(mine=True)
    assert cases.facts(db, free, now, alone(colleague)) == Facts()


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (1, False), (2, True)])
def test_a_deadline_is_overdue_only_when_its_last_day_in_thailand_is_over(
    db: Session, now: datetime, days: int, *, overdue: bool
) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    last_day = bangkok_date(now) + timedelta(days=1)
    make_notice(db, application, officer, now, last_day)
    given = cases.facts(db, application, now + timedelta(days=days), payment_due=last_day)
    assert given == Facts(returned_before=True, mending_overdue=overdue, payment_overdue=overdue)


def test_a_notice_that_was_answered_is_never_overdue(db: Session, now: datetime) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    items = make_notice(db, application, officer, now, bangkok_date(now), ["map", "lease"])
    notice = cases.deficiency(db, application.id)
    assert notice is not None
    assert [item.key for item in cases.deficiency_items(db, notice.id)] == [item.key for item in items]
    notice.mended_at = now
    assert cases.facts(db, application, now + timedelta(days=30)) == Facts(returned_before=True)


def test_the_buttons_of_a_colleague_are_not_mine(db: Session, now: datetime) -> None:
    application, mine, colleague = make_application(db, now), make_officer(db, now), make_officer(db, now)
    take(db, application, mine, now)
    buttons = [
        actions(application.state, OFFICER, cases.facts(db, application, now, alone(one))) for one in (mine, colleague)
    ]
    assert buttons == [[Action.ACCEPT, Action.RETURN], []]


def test_with_two_hands_the_turn_is_told_by_who_proposed_what(db: Session, now: datetime) -> None:
    application, maker, other = make_application(db, now), make_officer(db, now), make_officer(db, now)

    def turn(officer: Reach, *, two_hands: bool = True) -> Hands:
        return cases.facts(db, application, now, AtDesk(officer.officer_id, two_hands)).hands

    assert (turn(maker), turn(maker, two_hands=False)) == (Hands.TO_PROPOSE, Hands.ONE)
    application.proposed_by = maker.officer_id
    for action, seen in ((Action.APPROVE, Hands.APPROVAL_PROPOSED), (Action.REJECT, Hands.REFUSAL_PROPOSED)):
        application.proposal = {"action": str(action)}
        assert (turn(maker), turn(other)) == (Hands.PROPOSED_BY_ME, seen)


def test_the_database_itself_refuses_one_person_for_both_hands(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        application, officer = make_application(db, now), make_officer(db, now)

    def sign_ones_own() -> None:
        with database.transaction() as db:
            held = cases.by_system(db, application.id)
            held.proposal, held.proposed_by = {"action": "approve"}, officer.officer_id
            held.decided_by = officer.officer_id

    with pytest.raises(DBAPIError, match="two_hands"):
        sign_ones_own()


# — the clock


def test_the_movements_of_the_clock_are_kept_in_order_with_their_reasons(db: Session, now: datetime) -> None:
    application, other = make_application(db, now), make_application(db, now)
    hour = timedelta(hours=1)
    cases.tick(db, application, Tick.START, now, "เอกสารครบถ้วน")
    cases.tick(db, other, Tick.START, now, "เอกสารครบถ้วน")
    cases.tick(db, application, Tick.STOP, now + hour, "รอคุณชำระค่าธรรมเนียม")
    entries = cases.clock_entries(db, application.id)
    assert [(e.tick, e.at, e.reason) for e in entries] == [
        (Tick.START, now, "เอกสารครบถ้วน"),
        (Tick.STOP, now + hour, "รอคุณชำระค่าธรรมเนียม"),
    ]
    unmoved = make_application(db, now)
    ids = [application.id, other.id, unmoved.id]
    assert cases.clock_entries_of(db, ids) == {each: cases.clock_entries(db, each) for each in ids}
    assert cases.clock(entries, 7, Unit.WORKING_DAYS, now).due_on == date(2026, 12, 1)


# — the queue


def accepted(db: Session, now: datetime, due_on: date, officer: Reach) -> Application:
    """A complete case with its last day, taken by this officer."""
    application = make_application(db, now)
    take(db, application, officer, now)
    do(db, application, Action.ACCEPT, officer, now)
    application.due_on = due_on
    db.flush()
    return application


def test_the_queue_shows_the_case_with_the_least_time_left_first(db: Session, now: datetime) -> None:
    officer, today = make_officer(db, now), bangkok_date(now)
    far = accepted(db, now, today + timedelta(days=9), officer)
    late = accepted(db, now, today - timedelta(days=2), officer)
    unchecked = make_application(db, now - timedelta(days=1))
    take(db, unchecked, officer, now)
    near = accepted(db, now, today + timedelta(days=1), officer)
    expected = [late.number, unchecked.number, near.number, far.number]
    assert (unchecked.check_by, unchecked.due_on) == (today - timedelta(days=1), None)
    assert listed(db, officer, "mine", now) == expected
    assert listed(db, officer, "late", now) == expected[:2]
    assert listed(db, officer, "soon", now) == expected[2:3]


def test_of_two_cases_with_the_same_last_day_the_one_sent_first_comes_first(db: Session, now: datetime) -> None:
    officer = make_officer(db, now)
    second, first = make_application(db, now), make_application(db, now - timedelta(minutes=5))
    assert listed(db, officer, "new", now) == [first.number, second.number]


def test_a_row_tells_who_has_the_case_and_until_when(db: Session, now: datetime) -> None:
    officer = make_officer(db, now, name="สมศรี ตัวอย่าง")
    application = accepted(db, now, date(2026, 12, 1), officer)
    (row,), found = queue.queue(db, officer, Asked("mine"), bangkok_date(now), bangkok_date(now))
    assert (row.id, row.taken_name, row.next_on, row.revision) == (
        application.id,
        "สมศรี ตัวอย่าง",
        date(2026, 12, 1),
        application.revision,
    )
    assert found == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("มะลิ", {"มะลิ", "100%"}, id="part of a name of a person or a place"),
        pytest.param("  ครัว   มะลิ ", {"มะลิ"}, id="with spaces to spare"),
        pytest.param("KAFE", {"กาแฟ"}, id="in another case"),
        pytest.param("สอ 2569-00002", {"กาแฟ"}, id="a number"),
        pytest.param("100%", {"100%"}, id="a percent sign means itself"),
        pytest.param("%", {"100%"}, id="also alone"),
        pytest.param("_", set(), id="so does an underscore"),
        pytest.param("\\", set(), id="and a backslash"),
        pytest.param("' or 1=1 --", set(), id="and a quotation mark"),
        pytest.param("\0", {"มะลิ", "กาแฟ", "100%"}, id="what no keyboard has is no text at all"),
        pytest.param("", {"มะลิ", "กาแฟ", "100%"}, id="nothing"),
    ],
)
def test_the_queue_is_searched_by_number_applicant_and_premises(
    db: Session, now: datetime, typed: str, found: set[str]
) -> None:
    officer = make_officer(db, now)
    named = {
        make_application(db, now, premises_name="ครัว มะลิ", name="นายปิ่น ตัวอย่าง").number: "มะลิ",
        make_application(db, now, premises_name="Kafe ท่าน้ำ", name="นายปิ่น ตัวอย่าง").number: "กาแฟ",
        make_application(db, now, premises_name="ลดราคา 100%", name="นางสาวมะลิ ตัวอย่าง").number: "100%",
    }
    assert {named[number] for number in listed(db, officer, "new", now, text=typed)} == found


def test_the_queue_can_be_narrowed_to_one_service(db: Session, now: datetime) -> None:
    officer = make_officer(db, now)
    food, liquor = make_application(db, now, slug=FOOD), make_application(db, now, slug=LIQUOR, prefix="สร")
    assert listed(db, officer, "new", now, service=LIQUOR) == [liquor.number]
    assert set(listed(db, officer, "new", now)) == {food.number, liquor.number}


def town(db: Session, now: datetime, chance: Random, people: list[Reach]) -> list[Application]:
    """Cases of many kinds, each brought where it stands by real acts."""
    today = bangkok_date(now)
    made = []
    for _ in range(24):
        application = make_application(
            db,
            now - timedelta(days=chance.randrange(6)),
            office_code=chance.choice([OFFICE, "engineering"]),
            fee_satang=chance.choice([0, 200_000]),
        )
        made.append(application)
        officer = chance.choice([one for one in people if one.covers(application)])
        for action in chance.choice(
            [
                [],
                ["take"],
                ["take", Action.ACCEPT],
                ["take", Action.ACCEPT, "release"],
                ["take", Action.RETURN],
                ["take", Action.ACCEPT, Action.APPROVE],
                ["take", Action.ACCEPT, Action.REJECT],
                ["withdraw"],
            ]
        ):
            if action == "take":
                take(db, application, officer, now)
            elif action == "release":
                holding.release(db, officer, application.id, at_work(officer), now)
            elif action == "withdraw":
                withdraw(db, application, now)
            else:
                do(db, application, Action(action), officer, now)
        if application.state is State.ACCEPTED:
            application.due_on = days_after(today, chance.randrange(12), Unit.WORKING_DAYS) - timedelta(days=5)
    db.flush()
    return made


@pytest.mark.parametrize("seed", range(2))
def test_every_tab_holds_exactly_the_cases_its_counter_says(db: Session, now: datetime, seed: int) -> None:
    whole, health, works = (make_officer(db, now, office_code=office) for office in (None, OFFICE, "engineering"))
    applications = {a.number: a for a in town(db, now, Random(seed), [whole, health, works])}
    today = bangkok_date(now)
    soon = working_days_after(today, 3)
    for officer in (whole, health, works):
        tabs = {tab: listed(db, officer, tab, now) for tab in TABS}
        assert {tab: len(numbers) for tab, numbers in tabs.items()} == queue.tab_counts(db, officer, today, soon)
        assert all(len(set(numbers)) == len(numbers) for numbers in tabs.values())
        at_agency = {
            number: a
            for number, a in applications.items()
            if officer.covers(a) and a.state in {State.SUBMITTED, State.ACCEPTED}
        }
        last = {n: a.check_by if a.state is State.SUBMITTED else a.due_on or date.max for n, a in at_agency.items()}
        assert {tab: set(numbers) for tab, numbers in tabs.items()} == {
            "new": {n for n, a in at_agency.items() if a.taken_by is None},
            "mine": {n for n, a in at_agency.items() if a.taken_by == officer.officer_id},
            "colleagues": {n for n, a in at_agency.items() if a.taken_by not in {None, officer.officer_id}},
            "late": {n for n in at_agency if last[n] < today},
            "soon": {n for n in at_agency if today <= last[n] <= soon},
            "applicant": {
                n
                for n, a in applications.items()
                if officer.covers(a) and a.state in {State.RETURNED, State.AWAITING_PAYMENT}
            },
            "done": {n for n, a in applications.items() if officer.covers(a) and a.state in {State.PREPARING, *FINAL}},
        }
        for tab in ("new", "mine", "colleagues", "late", "soon"):
            assert [last[n] for n in tabs[tab]] == sorted(last[n] for n in tabs[tab])


@pytest.mark.parametrize("seed", range(2))
def test_every_case_is_in_exactly_one_tab_by_who_has_it(db: Session, now: datetime, seed: int) -> None:
    whole, colleague = make_officer(db, now), make_officer(db, now)
    made = town(db, now, Random(seed), [whole, colleague])
    of_whom = [set(listed(db, whole, tab, now)) for tab in ("new", "mine", "colleagues", "applicant", "done")]
    assert sum(map(len, of_whom)) == len(set().union(*of_whom)) == len(made)


def test_the_next_case_is_one_that_the_officer_can_move_on(db: Session, now: datetime) -> None:
    me, maker, today = make_officer(db, now), make_officer(db, now), bangkok_date(now)
    unchecked = make_application(db, now)
    complete, proposed, mine = (accepted(db, now, today, maker) for _ in range(3))
    theirs = accepted(db, now, today, maker)
    for application, by in ((proposed, maker), (mine, me)):
        application.proposal, application.proposed_by, application.proposed_at = (
            {"action": "approve"},
            by.officer_id,
            now,
        )
    for application in (complete, proposed, mine):
        application.taken_by = None
    db.flush()

    def offered(duties: str, *two_hands: str) -> set[str]:
        asked = Asked("soon", hand=Hand("check" in duties, "decide" in duties, two_hands))
        return {row.number for row in queue.first(db, me, asked, today, today, count=9)}

    assert offered("") == set()
    assert offered("check") == {unchecked.number}
    assert offered("check", FOOD) == {unchecked.number, complete.number}
    assert offered("decide") == {complete.number, proposed.number}
    assert offered("decide", FOOD) == {proposed.number}
    assert theirs.number in listed(db, me, "colleagues", now)


def test_two_offices_of_an_agency_share_no_case_and_the_whole_agency_has_all(db: Session, now: datetime) -> None:
    whole, health, works = (make_officer(db, now, office_code=office) for office in (None, OFFICE, "engineering"))
    made = town(db, now, Random(11), [whole])
    of_health, of_works, of_all = (
        {number for tab in TABS for number in listed(db, reach, tab, now)} for reach in (health, works, whole)
    )
    assert of_health.isdisjoint(of_works)
    assert of_health | of_works == of_all
    assert of_all == {a.number for a in made}


def test_a_long_tab_is_read_page_by_page_without_a_gap_or_a_repetition(db: Session, now: datetime) -> None:
    officer, today = make_officer(db, now), bangkok_date(now)
    made = [make_application(db, now).number for _ in range(PER_PAGE + 3)]
    first, found = queue.queue(db, officer, Asked("new"), today, today)
    second, _ = queue.queue(db, officer, Asked("new"), today, today, page=2)
    assert (len(first), len(second), found) == (PER_PAGE, 3, PER_PAGE + 3)
    assert [row.number for row in [*first, *second]] == made


@LAWS
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_a_case_is_found_by_its_whole_name_whatever_is_in_it_and_by_no_other(
    db: Session, now: datetime, typed: str
) -> None:
    officer, today = make_officer(db, now, agency_code=new_id().hex), bangkok_date(now)
    other = make_application(db, now, agency_code=officer.agency_code, premises_name="อื่น")
    rows, _ = queue.queue(db, officer, Asked("new", f"{typed}ฯ"), today, today)
    assert [row.id for row in rows] == []
    other.premises_name = clean(f"ร้าน {typed}ฯ")
    db.flush()
    rows, _ = queue.queue(db, officer, Asked("new", f"{typed}ฯ"), today, today)
    assert [row.id for row in rows] == [other.id]

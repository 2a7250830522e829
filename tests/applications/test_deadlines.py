"""The legal clock by hand, on the real Thai calendar of 2026 and 2027, and its laws on any day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.applications.deadlines import (
    OFFICE_CLOSES,
    ClockEntry,
    LegalClock,
    Running,
    Tick,
    Unit,
    days_after,
    deemed_received_on,
    is_working_day,
    next_working_day,
    read,
    working_days_after,
    working_days_between,
)
from app.core.clock import BANGKOK, bangkok_date

LAWS = settings(deadline=None, derandomize=True, max_examples=150)

days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
counts = st.integers(0, 60)
day_units = st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS])


def at(text: str) -> datetime:
    """A moment in Bangkok, as the database gives it back."""
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK).astimezone(UTC)


def moves(*written: str) -> list[ClockEntry]:
    """A clock's entries, each written "start 2026-11-20 09:30"."""
    return [ClockEntry(Tick(tick), at(when), "เหตุผล") for tick, when in (entry.split(" ", 1) for entry in written)]


def working_clock(now: str, *written: str, allowed: int = 7) -> LegalClock:
    return read(moves(*written), allowed, Unit.WORKING_DAYS, at(now))


def calendar_clock(now: str, *written: str, allowed: int) -> LegalClock:
    return read(moves(*written), allowed, Unit.CALENDAR_DAYS, at(now))


def minute_clock(now: str, *written: str, allowed: int = 30) -> LegalClock:
    return read(moves(*written), allowed, Unit.MINUTES, at(now))


# — when a filing counts as received


@pytest.mark.parametrize(
    ("entered", "received"),
    [
        pytest.param("2026-11-20 09:30", "2026-11-20", id="a Friday morning"),
        pytest.param("2026-11-20 02:00", "2026-11-20", id="in the night before the office opens"),
        pytest.param("2026-11-20 16:30", "2026-11-20", id="as the office closes"),
        pytest.param("2026-11-20 16:31", "2026-11-23", id="a minute after the office closed on a Friday"),
        pytest.param("2026-11-20 17:00", "2026-11-23", id="a Friday at five"),
        pytest.param("2026-11-21 10:00", "2026-11-23", id="a Saturday"),
        pytest.param("2026-11-23 00:30", "2026-11-23", id="half past midnight on a Monday, still Sunday in UTC"),
        pytest.param("2026-12-04 18:00", "2026-12-08", id="before Father's Day on a Saturday and its substitution day"),
        pytest.param("2026-12-09 16:31", "2026-12-11", id="on the eve of Constitution Day"),
        pytest.param("2026-12-30 20:00", "2027-01-04", id="before New Year's Eve, New Year and a weekend"),
        pytest.param("2026-01-01 09:00", "2026-01-05", id="on New Year, with the bridge day of 2026"),
        pytest.param("2026-05-29 17:00", "2026-06-02", id="before Visakha Bucha on a Sunday and its substitution day"),
        pytest.param("2026-04-10 17:00", "2026-04-16", id="before Songkran"),
        pytest.param("2026-05-12 17:00", "2026-05-14", id="before the Royal Ploughing Day, when only the State rests"),
        pytest.param("2027-02-19 17:00", "2027-02-23", id="before Makha Bucha 2027 on a Sunday"),
    ],
)
def test_a_filing_counts_as_received_on_a_day_when_offices_were_open(entered: str, received: str) -> None:
    assert deemed_received_on(at(entered)) == date.fromisoformat(received)


@LAWS
@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31)))  # noqa: DTZ001 - Bangkok time is given by `at`
def test_what_comes_later_is_never_received_earlier_nor_before_it_came(when: datetime) -> None:
    entered = at(when.isoformat())
    received = deemed_received_on(entered)
    assert is_working_day(received)
    assert received >= bangkok_date(entered)
    assert deemed_received_on(entered + timedelta(hours=7)) >= received
    in_hours = is_working_day(when.date()) and when.time() <= OFFICE_CLOSES
    assert (received == when.date()) == in_hours


# — days counted forward


@pytest.mark.parametrize(
    ("start", "n", "last"),
    [
        pytest.param("2026-11-20", 1, "2026-11-23", id="a Friday is followed by Monday"),
        pytest.param("2026-11-20", 7, "2026-12-01", id="over one weekend and into the next month"),
        pytest.param("2026-11-20", 15, "2026-12-15", id="over the substitution day of 7 and over 10 December"),
        pytest.param("2026-12-29", 3, "2027-01-05", id="over New Year"),
        pytest.param("2026-04-09", 3, "2026-04-17", id="over Songkran"),
        pytest.param("2026-11-21", 1, "2026-11-23", id="from a Saturday"),
    ],
)
def test_working_days_are_counted_from_the_day_after_and_skip_holidays(start: str, n: int, last: str) -> None:
    assert days_after(date.fromisoformat(start), n, Unit.WORKING_DAYS) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "n", "last"),
    [
        pytest.param("2026-11-20", 7, "2026-11-27", id="a week"),
        pytest.param("2026-11-20", 8, "2026-11-30", id="a last day on a Saturday moves to Monday"),
        pytest.param("2026-11-06", 30, "2026-12-08", id="on a Sunday before a substitution day, to Tuesday"),
        pytest.param("2026-11-25", 15, "2026-12-11", id="on Constitution Day, to the day after"),
        pytest.param("2026-12-01", 30, "2027-01-04", id="on New Year's Eve, over New Year and a weekend"),
    ],
)
def test_a_calendar_period_that_ends_on_a_holiday_moves_on(start: str, n: int, last: str) -> None:
    assert days_after(date.fromisoformat(start), n, Unit.CALENDAR_DAYS) == date.fromisoformat(last)


@LAWS
@given(days, counts, day_units)
def test_a_period_ends_on_a_working_day_and_a_longer_or_later_one_never_ends_sooner(
    day: date, n: int, unit: Unit
) -> None:
    assume(n > 0 or is_working_day(day))
    last = days_after(day, n, unit)
    assert is_working_day(last)
    assert days_after(day, n + 1, unit) >= last
    assert days_after(day + timedelta(days=1), n, unit) >= last or n == 0


@LAWS
@given(days, counts)
def test_counting_working_days_back_gives_the_number_counted_forward(day: date, n: int) -> None:
    assert working_days_between(day, working_days_after(day, n)) == n


@LAWS
@given(days, counts, counts)
def test_a_span_of_working_days_is_the_sum_of_its_parts(day: date, first: int, second: int) -> None:
    middle, last = day + timedelta(days=first), day + timedelta(days=first + second)
    assert working_days_between(day, middle) + working_days_between(middle, last) == working_days_between(day, last)


@LAWS
@given(days)
def test_the_next_working_day_is_the_first_one_not_before(day: date) -> None:
    found = next_working_day(day)
    assert is_working_day(found)
    assert not any(is_working_day(day + timedelta(days=i)) for i in range((found - day).days))


# — the clock: worked examples

START = "start 2026-11-20 09:30"


def test_a_clock_that_never_started_shows_the_whole_time_and_no_last_day() -> None:
    clock = working_clock("2026-11-20 10:00")
    assert (clock.running, clock.used, clock.left, clock.due_on) == (Running.NOT_STARTED, 0, 7, None)
    assert clock.beads == ("off",) * 7


@pytest.mark.parametrize(
    ("now", "used", "left", "late"),
    [
        pytest.param("2026-11-20 16:00", 0, 7, False, id="the first day is not counted"),
        pytest.param("2026-11-22 12:00", 0, 7, False, id="nor a weekend"),
        pytest.param("2026-11-23 00:01", 1, 6, False, id="a day counts once it has begun"),
        pytest.param("2026-12-01 23:59", 7, 0, False, id="the last day is still in time"),
        pytest.param("2026-12-02 00:01", 8, -1, True, id="the day after is late"),
        pytest.param("2026-12-08 12:00", 11, -4, True, id="holidays do not make it later"),
    ],
)
def test_seven_working_days_from_friday_20_november(now: str, used: int, left: int, *, late: bool) -> None:
    clock = working_clock(now, START)
    assert (clock.used, clock.left, clock.late) == (used, left, late)
    assert (clock.running, clock.due_on) == (Running.RUNNING, date(2026, 12, 1))


def test_a_late_clock_shows_a_bead_for_every_day_within_the_time_and_one_for_every_day_over_it() -> None:
    assert working_clock("2026-12-03 09:00", START).beads == ("on",) * 7 + ("late",) * 2
    assert working_clock("2026-11-24 09:00", START).beads == ("on",) * 2 + ("off",) * 5


def test_while_the_citizen_holds_the_case_no_day_is_used_and_the_last_day_moves_on() -> None:
    stopped = working_clock("2026-11-26 09:00", START, "stop 2026-11-24 15:00")
    assert (stopped.running, stopped.used, stopped.held, stopped.left) == (Running.STOPPED, 2, 2, 5)
    assert stopped.due_on == date(2026, 12, 3)

    resumed = working_clock("2026-11-30 09:00", START, "stop 2026-11-24 15:00", "resume 2026-11-27 10:00")
    assert (resumed.running, resumed.used, resumed.held, resumed.left) == (Running.RUNNING, 3, 3, 4)
    assert resumed.due_on == date(2026, 12, 4)


def test_days_held_push_the_last_day_over_holidays_too() -> None:
    clock = working_clock("2026-12-02 09:00", START, "stop 2026-11-24 15:00", "resume 2026-12-01 10:00")
    assert (clock.held, clock.due_on) == (5, date(2026, 12, 9))


def test_a_hold_within_one_day_costs_nobody_a_day() -> None:
    clock = working_clock("2026-11-25 09:00", START, "stop 2026-11-24 10:00", "resume 2026-11-24 11:00")
    assert (clock.used, clock.held, clock.due_on) == (3, 0, date(2026, 12, 1))


def test_a_finished_clock_stands_still_for_ever() -> None:
    finished = (START, "finish 2026-11-26 10:00")
    clock = working_clock("2027-06-01 09:00", *finished)
    assert (clock.running, clock.used, clock.late, clock.due_on) == (Running.FINISHED, 4, False, None)


def test_a_case_closed_while_the_citizen_holds_it_is_not_late() -> None:
    clock = working_clock("2027-01-20 09:00", START, "stop 2026-11-24 15:00", "finish 2027-01-15 10:00")
    assert (clock.running, clock.used, clock.late) == (Running.FINISHED, 2, False)


def test_calendar_days_that_move_the_last_day_over_a_weekend_are_not_late() -> None:
    eight_days = {now: calendar_clock(f"2026-{now} 12:00", START, allowed=8) for now in ("11-28", "11-30", "12-01")}
    assert {now: (clock.used, clock.late) for now, clock in eight_days.items()} == {
        "11-28": (8, False),
        "11-30": (8, False),
        "12-01": (9, True),
    }
    assert {clock.due_on for clock in eight_days.values()} == {date(2026, 11, 30)}


def test_calendar_days_held_move_the_last_day_by_as_many() -> None:
    clock = calendar_clock("2026-12-14 09:00", START, "stop 2026-11-24 09:00", "resume 2026-11-27 09:00", allowed=20)
    assert (clock.used, clock.held, clock.due_on) == (20, 3, date(2026, 12, 14))
    assert not clock.late


def test_a_clock_stopped_while_late_stays_as_late_as_it_was() -> None:
    late = (START, "stop 2026-12-03 09:00")
    assert {calendar_clock(f"2026-12-{day} 09:00", *late, allowed=8).left for day in ("03", "04", "09", "30")} == {-3}


def test_minutes_are_counted_exactly_and_the_last_moment_does_not_wander() -> None:
    started = "start 2026-11-20 10:00:20"
    readings = [minute_clock(f"2026-11-20 {now}", started) for now in ("10:00:50", "10:10:19", "10:10:20", "10:30:20")]
    assert [clock.used for clock in readings] == [0, 9, 10, 30]
    assert {clock.due_at for clock in readings} == {at("2026-11-20 10:30:20")}
    assert not any(clock.late for clock in readings)
    assert minute_clock("2026-11-20 10:31:20", started).late


def test_minutes_held_move_the_last_moment_by_as_many() -> None:
    held = ("start 2026-11-20 10:00", "stop 2026-11-20 10:10", "resume 2026-11-20 10:25:30")
    clock = minute_clock("2026-11-20 10:35:30", *held)
    assert (clock.used, clock.held, clock.due_at) == (20, 15, at("2026-11-20 10:45:30"))
    assert clock.due_on == date(2026, 11, 20)


def test_a_stopped_clock_of_minutes_has_no_last_moment() -> None:
    clock = minute_clock("2026-11-20 11:00", "start 2026-11-20 10:00", "stop 2026-11-20 10:10")
    assert (clock.used, clock.held, clock.due_at, clock.due_on) == (10, 50, None, None)


@pytest.mark.parametrize("unit", Unit)
def test_what_is_decided_before_the_office_opens_uses_nothing_of_a_clock_that_starts_then(unit: Unit) -> None:
    entries = moves("start 2026-11-23 08:30", "stop 2026-11-21 14:00")
    clock = read(entries, 7, unit, at("2026-11-21 15:00"))
    assert (clock.running, clock.used, clock.held, len(clock.beads)) == (Running.STOPPED, 0, 0, 7)


# — the clock: laws


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[ClockEntry], datetime]:
    """A clock that starts on a working day, is stopped and resumed some times, and is looked at later."""
    moment = datetime.combine(next_working_day(draw(days)), OFFICE_CLOSES, BANGKOK)
    entries = [ClockEntry(Tick.START, moment, "")]
    hours = st.integers(0, 24 * 12)
    for _ in range(draw(st.integers(0, 2))):
        for tick in (Tick.STOP, Tick.RESUME):
            moment += timedelta(hours=draw(hours))
            entries.append(ClockEntry(tick, moment, ""))
    if draw(st.booleans()):
        moment += timedelta(hours=draw(hours))
        entries.append(ClockEntry(Tick.STOP, moment, ""))
    return entries, moment + timedelta(hours=draw(hours))


allowances = st.integers(1, 30)


@LAWS
@given(lives(), allowances, st.sampled_from(Unit))
def test_there_is_one_bead_for_every_unit_allowed_or_used_whichever_is_more(
    life: tuple[list[ClockEntry], datetime], allowed: int, unit: Unit
) -> None:
    clock = read(life[0], allowed, unit, life[1])
    assert len(clock.beads) == max(clock.allowed, clock.used)
    assert clock.beads.count("late") == max(0, -clock.left)
    assert clock.late == ("late" in clock.beads)


@LAWS
@given(lives(), allowances)
def test_every_working_day_since_the_start_was_either_used_or_held(
    life: tuple[list[ClockEntry], datetime], allowed: int
) -> None:
    entries, now = life
    clock = read(entries, allowed, Unit.WORKING_DAYS, now)
    start = bangkok_date(entries[0].at)
    assert clock.used + clock.held == working_days_between(start, bangkok_date(now))
    assert clock.due_on == working_days_after(start, allowed + clock.held)


@LAWS
@given(lives(), allowances, day_units)
def test_a_running_clock_is_late_exactly_when_its_last_day_is_over(
    life: tuple[list[ClockEntry], datetime], allowed: int, unit: Unit
) -> None:
    entries, now = life
    clock = read(entries, allowed, unit, now)
    assume(clock.running is Running.RUNNING and clock.due_on and is_working_day(bangkok_date(now)))
    assert clock.due_on is not None
    assert clock.late == (bangkok_date(now) > clock.due_on)


@LAWS
@given(lives(), allowances, st.sampled_from(Unit), st.integers(1, 24 * 10))
def test_time_only_ever_goes_on(life: tuple[list[ClockEntry], datetime], allowed: int, unit: Unit, hours: int) -> None:
    entries, now = life
    sooner = read(entries, allowed, unit, now)
    later = read(entries, allowed, unit, now + timedelta(hours=hours))
    assert later.used >= sooner.used
    assert later.held >= sooner.held
    if sooner.running is Running.STOPPED:
        assert later.used == sooner.used
    else:
        assert later.held == sooner.held

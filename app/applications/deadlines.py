"""The legal clock, pure: when an application counts as received, which days are used, held and left, the last day.

Sources: Licensing Facilitation Act B.E. 2558 s.7, s.8, s.10 (time of the manual, counted from a complete application);
Electronic Government Procedures Act B.E. 2565 s.10 (filed outside office hours counts as the next working day);
Civil and Commercial Code s.193/3 (the first day is not counted) and s.193/8 (a last day on a holiday moves on).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

import holidays

from app.core.clock import BANGKOK, bangkok_date

OFFICE_OPENS, OFFICE_CLOSES = time(8, 30), time(16, 30)


class Unit(StrEnum):
    """How the manual counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MINUTES = "minutes"


class Tick(StrEnum):
    """What happened to the clock."""

    START = "start"
    STOP = "stop"
    RESUME = "resume"
    FINISH = "finish"


@dataclass(frozen=True)
class ClockEntry:
    """One movement of the clock and why (a msgid the person can read)."""

    tick: Tick
    at: datetime
    reason: str


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("TH", years=year, categories=("public", "government")))


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a Thai public holiday or one of government offices (substitution days included)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself when offices are open, else the first day they are."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def deemed_received_on(entered: datetime) -> date:
    """The day an electronic filing counts as received: after hours or on a holiday, the next working day."""
    local = entered.astimezone(BANGKOK)
    day = local.date()
    if is_working_day(day) and local.time() <= OFFICE_CLOSES:
        return day
    return next_working_day(day + timedelta(days=1) if is_working_day(day) else day)


def working_days_after(day: date, n: int) -> date:
    """The n-th working day after `day` (the day itself is not counted)."""
    for _ in range(n):
        day = next_working_day(day + timedelta(days=1))
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`."""
    return sum(is_working_day(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))


def days_after(day: date, n: int, unit: Unit) -> date:
    """The last day of a period of `n` days that begins on `day`; a calendar period never ends on a holiday."""
    if unit is Unit.WORKING_DAYS:
        return working_days_after(day, n)
    return next_working_day(day + timedelta(days=n))


class Running(StrEnum):
    """The clock's own state."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"


@dataclass(frozen=True)
class LegalClock:
    """What the clock shows at one moment. Days are in the manual's unit; minutes when the manual counts minutes."""

    running: Running
    unit: Unit
    allowed: int
    used: int
    held: int
    due_on: date | None
    due_at: datetime | None = None
    course: tuple[tuple[bool, int], ...] = ()
    """How it went, in order: whether the clock ran (or was held), and for how many units."""

    @property
    def left(self) -> int:
        """Units left; negative when late."""
        return self.allowed - self.used

    @property
    def late(self) -> bool:
        """Over the manual's time."""
        return self.used > self.allowed

    @property
    def beads(self) -> tuple[str, ...]:
        """One bead per unit: on (used), late (used beyond the time), off (left)."""
        inside = min(self.used, self.allowed)
        return ("on",) * inside + ("late",) * max(0, self.used - self.allowed) + ("off",) * max(0, self.left)

    @property
    def drawn(self) -> tuple[str, ...]:
        """The beads with what was held (thin beads that used nothing) where it fell."""
        row, used = list(self.beads), 0
        found: list[str] = []
        for ran, units in self.course:
            if ran:
                found += row[used : min(used + units, self.used)]
                used = min(used + units, self.used)
            else:
                found += ["hold"] * units
        return (*found, *row[used:])


Span = tuple[datetime, datetime]
"""From, to."""


def _spans(entries: Sequence[ClockEntry], now: datetime) -> tuple[list[Span], list[Span], Running]:
    """When the clock ran, when it was held, and what it does now."""
    runs: list[Span] = []
    holds: list[Span] = []
    running, since = Running.NOT_STARTED, entries[0].at if entries else now
    for entry in entries:
        until = max(since, entry.at)  # what happens before the office opens counts from then
        if running is Running.RUNNING:
            runs.append((since, until))
        elif running is Running.STOPPED:
            holds.append((since, until))
        since = until
        running = {
            Tick.START: Running.RUNNING,
            Tick.RESUME: Running.RUNNING,
            Tick.STOP: Running.STOPPED,
            Tick.FINISH: Running.FINISHED,
        }[entry.tick]
    if running is Running.RUNNING:
        runs.append((since, max(since, now)))
    elif running is Running.STOPPED:
        holds.append((since, max(since, now)))
    return runs, holds, running


def _days(start: date, end: date, unit: Unit) -> int:
    return working_days_between(start, end) if unit is Unit.WORKING_DAYS else max(0, (end - start).days)


def read(entries: Sequence[ClockEntry], allowed: int, unit: Unit, now: datetime) -> LegalClock:
    """Add up the clock from its entries at `now`.

    A day counts as used once it has begun after the day of start; time during which the citizen holds the case is held,
    not used, and moves the last day on by as much. Calendar days by which a last day on a holiday moves on are not
    used either.
    """
    runs, holds, running = _spans(entries, now)
    if unit is Unit.MINUTES:
        worked = sum((b - a for a, b in runs), timedelta())
        waited = sum((b - a for a, b in holds), timedelta())
        due = None
        if running is Running.RUNNING:
            due = runs[0][0] + timedelta(minutes=allowed) + waited
        used, held = worked // timedelta(minutes=1), waited // timedelta(minutes=1)
        return LegalClock(running, unit, allowed, used, held, bangkok_date(due) if due else None, due)
    used = sum(_days(bangkok_date(a), bangkok_date(b), unit) for a, b in runs)
    held = sum(_days(bangkok_date(a), bangkok_date(b), unit) for a, b in holds)
    spans = sorted([*((a, b, True) for a, b in runs), *((a, b, False) for a, b in holds)])
    course = tuple((ran, _days(bangkok_date(a), bangkok_date(b), unit)) for a, b, ran in spans)
    due_on = None
    if running in {Running.RUNNING, Running.STOPPED}:
        due_on = days_after(bangkok_date(runs[0][0]), allowed + held, unit)
    if unit is Unit.CALENDAR_DAYS and used > allowed:
        used = allowed + _days_late(runs, holds, allowed)
    return LegalClock(running, unit, allowed, used, held, due_on, course=course)


def _days_late(runs: Sequence[Span], holds: Sequence[Span], allowed: int) -> int:
    """Calendar days from the last day, moved on as the law says, to the day the clock last ran."""
    stood = bangkok_date(runs[-1][1])
    before = [(bangkok_date(a), bangkok_date(b)) for a, b in holds if bangkok_date(b) <= stood]
    held = sum((b - a).days for a, b in before)
    return max(0, (stood - days_after(bangkok_date(runs[0][0]), allowed + held, Unit.CALENDAR_DAYS)).days)

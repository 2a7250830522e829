"""Where time comes from. Nobody calls datetime.now() or SQL now(): tests, demo and legal deadlines share one clock."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


@dataclass
class MovedClock:
    """The machine's clock plus an offset that can be moved: demo data over months, tests of deadlines."""

    offset: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """The moved moment in UTC."""
        return datetime.now(UTC) + self.offset

    def move(self, by: timedelta) -> None:
        """Let `by` pass."""
        self.offset += by


def bangkok_date(moment: datetime) -> date:
    """The calendar day in Thailand of a moment: the day the law counts."""
    return moment.astimezone(BANGKOK).date()

"""How a licence is renewed, as data of its service: by its fee alone, by a form, or not at all. Pure.

Not to be confused with a draft whose service has a newer version, which catches up (`app.stories.catching_up`).
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, field_validator

from app.catalogue.amounts import Percent
from app.catalogue.charges import KnownFee
from app.catalogue.texts import Data, Key, Text

Days = Annotated[int, Field(ge=1, le=366)]


class LateRenewal(Data):
    """What holds for `days` days after the last one: it may still be renewed, for so many per cent more."""

    days: Days
    percent: Percent | None = None
    name: Text
    source: Text
    confirm: bool = False


class Window(StrEnum):
    """Where a day lies: too early to renew, in time, late but allowed, or over."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"
    OVER = "over"


class Renewing(Data):
    """When and how a licence is renewed. `confirm`: from memory, to be checked before launch."""

    by: Literal["fee", "form", "none"]
    """`fee`: paying it takes the place of an application (Licensing Facilitation Act B.E. 2558 s.12)."""
    law: Text
    """Where it stands: the decree that lists the licence, or the section of its own law."""
    opens: Days = 90
    """How many days before the last one it may first be asked for."""
    fee: KnownFee | None = None
    """What a renewal costs; without it the same as the first time."""
    late: LateRenewal | None = None
    """Without it nothing can be renewed after the last day: one applies anew."""
    meanwhile: Text | None = None
    """What the holder may do after the last day while a renewal asked for in time is being decided."""
    fresh: tuple[Key, ...] = ()
    """Documents that must be new each time; the others of the last application are used again."""
    declarations: tuple[Text, ...] = ()
    """What the holder declares beyond the declarations of the service."""
    remind: Annotated[tuple[Days, ...], Field(min_length=1)] = (90, 60, 30, 7)
    """So many days before the last one the holder is reminded."""
    confirm: bool = False

    @field_validator("remind")
    @classmethod
    def _the_earliest_first(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if list(days) != sorted(set(days), reverse=True):
            raise ValueError("reminders stand in the order they are sent, each once: 90, 60, 30, 7")
        return days

    def opens_on(self, last: date) -> date:
        """The first day on which a licence that ends on `last` may be renewed."""
        return last - timedelta(days=self.opens)

    def closes_on(self, last: date) -> date:
        """The last day on which it may."""
        return last + timedelta(days=self.late.days if self.late else 0)

    def window(self, last: date, today: date) -> Window:
        """Where `today` lies for a licence that ends on `last`."""
        if today < self.opens_on(last):
            return Window.EARLY
        if today <= last:
            return Window.OPEN
        return Window.LATE if today <= self.closes_on(last) else Window.OVER

    def reminder_due(self, last: date, today: date) -> int | None:
        """The latest reminder whose day has come, as its days before the last one; None when none has."""
        left = (last - today).days
        return min((days for days in self.remind if left <= days), default=None) if left >= 0 else None

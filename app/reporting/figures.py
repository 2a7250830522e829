"""How well a service is given, pure: few numbers, each with how many cases it rests on."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Decided:
    """One decision: complete the first time or not; by the legal clock, in time, and its working days (None: no clock).

    The clock never started for an application that was handed back incomplete.
    """

    right_first_time: bool
    in_time: bool | None
    working_days: int | None


@dataclass(frozen=True)
class Share:
    """A part of a whole. `percent` is None where there is nothing to be a part of."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Whole per cent, rounded down: 100 means all."""
        return self.part * 100 // self.whole if self.whole else None


@dataclass(frozen=True)
class Figures:
    """What the reporter needs to know of one service at one agency in the window."""

    submitted: int
    decided: int
    in_time: Share
    median_days: float | None
    right_first_time: Share


def figures(submitted: int, decided: Sequence[Decided]) -> Figures:
    """Add them up."""
    timed = [one for one in decided if one.in_time is not None and one.working_days is not None]
    days = [one.working_days for one in timed if one.working_days is not None]
    return Figures(
        submitted=submitted,
        decided=len(decided),
        in_time=Share(sum(bool(one.in_time) for one in timed), len(timed)),
        median_days=statistics.median(days) if days else None,
        right_first_time=Share(sum(one.right_first_time for one in decided), len(decided)),
    )

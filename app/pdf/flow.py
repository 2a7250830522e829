"""Breaks a column of strips into pages. A strip is the smallest thing that is never cut: a line, a row, a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from app.pdf.sheet import Sheet

_ROUNDING = 0.01

Draw: TypeAlias = Callable[[Sheet, float], None]
"""Draws on a sheet with the strip's upper edge at the given height."""


def nothing(_sheet: Sheet, _top: float) -> None:
    """Empty space draws nothing."""


@dataclass(frozen=True, slots=True)
class Strip:
    """`height` points that `draw` fills.

    `keep`: stays on the page of the strip after it. `blank`: left out at the top of a page. `stretch`: grows.
    `running`: drawn first when a page begins with this strip (a table's header).
    """

    height: float
    draw: Draw = nothing
    keep: bool = False
    blank: bool = False
    stretch: bool = False
    running: "Strip | None" = None


def gap(height: float, *, keep: bool = False) -> Strip:
    """Space between two blocks."""
    return Strip(height, keep=keep, blank=True)


def heights(strips: Sequence[Strip]) -> float:
    """The height of strips stacked on each other."""
    return sum(strip.height for strip in strips)


@dataclass(frozen=True, slots=True)
class Column:
    """The part of every page that strips may fill: heights of its upper and lower edge."""

    top: float
    bottom: float

    def place(self, strips: Sequence[Strip], new_sheet: Callable[[], Sheet]) -> None:
        """Draw `strips` from the top of a first sheet on, asking for a new sheet whenever one is full.

        Raises ValueError for a strip taller than a page: blocks kept together must fit one.
        """
        if (tallest := max((strip.height for strip in strips if not strip.blank), default=0)) > self.top - self.bottom:
            message = f"a part {tallest:.0f} points tall cannot stand on a page of {self.top - self.bottom:.0f}"
            raise ValueError(message)
        sheet, y = new_sheet(), self.top
        groups = _groups(strips)
        for index, group in enumerate(groups):
            if group[0].stretch:
                y -= self._room_left(y, groups[index:])
                continue
            if (
                y < self.top
                and heights(group) > y - self.bottom + _ROUNDING
                and not all(strip.blank for strip in group)
            ):
                sheet, y = new_sheet(), self.top
                y = _running(sheet, y, group)
            for strip in group:
                if strip.blank and y == self.top:
                    continue
                if not strip.blank and strip.height > y - self.bottom + _ROUNDING and y < self.top:
                    # a group taller than a page comes apart
                    sheet, y = new_sheet(), self.top
                    y = _running(sheet, y, [strip])
                strip.draw(sheet, y)
                y -= strip.height

    def _fits(self, height: float, y: float) -> bool:
        return height <= y - self.bottom + _ROUNDING

    def _room_left(self, y: float, rest: Sequence[Sequence[Strip]]) -> float:
        """A stretch's share of the room that everything after it leaves on this page; 0 if that does not fit."""
        stretches = sum(group[0].stretch for group in rest)
        return max(0.0, y - self.bottom - sum(heights(group) for group in rest)) / stretches


def _running(sheet: Sheet, y: float, group: Sequence[Strip]) -> float:
    header = next((strip for strip in group if not strip.blank), group[0]).running
    if header is None:
        return y
    header.draw(sheet, y)
    return y - header.height


def _groups(strips: Sequence[Strip]) -> list[list[Strip]]:
    """Runs of strips that belong on one page."""
    groups = [[strip] for strip in strips[:1]]
    for before, strip in pairwise(strips):
        if before.keep and not strip.stretch:
            groups[-1].append(strip)
        else:
            groups.append([strip])
    return groups

"""The bank's daily file, read: 256 columns a line in cp874 (Bank of Thailand's cross-bank bill payment layout). Pure.

A Thai letter is one byte in cp874, so columns are cut from bytes and decoded afterwards. Counts and totals of the file
are checked before any line is believed. Column numbers below are the standard's, counted from 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.clock import BANGKOK

WIDTH = 256
CREDIT, REVERSAL = "C", "D"


@dataclass(frozen=True)
class Entry:
    """One payment of the day as the file tells it; the file carries no transaction id. Money in satang."""

    paid_at: datetime
    payer: str
    ref1: str
    ref2: str
    satang: int
    biller_id: str
    reversal: bool


def read(file: bytes) -> tuple[date, Sequence[Entry]]:
    """The day of a file and its entries. Raises ValueError, naming the line, when anything does not add up."""
    lines = file.split(b"\r\n")
    if lines.pop() != b"":
        raise ValueError("the file does not end with a line end: it may be cut off")
    for number, line in enumerate(lines, 1):
        if len(line) != WIDTH:
            raise ValueError(f"line {number} has {len(line)} bytes, not {WIDTH}")
        if _text(line, 2, 7) != f"{number:06d}":
            raise ValueError(f"line {number} says that it is number {_text(line, 2, 7)}")
    if len(lines) < 2 or [_text(lines[0], 1, 1), _text(lines[-1], 1, 1)] != ["H", "T"]:
        raise ValueError("a file begins with a header and ends with totals")
    entries = [_entry(line, number) for number, line in enumerate(lines[1:-1], 2)]
    _add_up(lines[-1], entries)
    return datetime.strptime(_text(lines[0], 61, 68), "%d%m%Y").replace(tzinfo=BANGKOK).date(), entries


def _entry(line: bytes, number: int) -> Entry:
    sign = _text(line, 153, 153)
    if _text(line, 1, 1) != "D" or sign not in {CREDIT, REVERSAL}:
        raise ValueError(f"line {number} is neither a credit nor a reversal")
    moment = datetime.strptime(_text(line, 21, 34), "%d%m%Y%H%M%S").replace(tzinfo=BANGKOK)
    return Entry(
        paid_at=moment,
        payer=_text(line, 35, 84),
        ref1=_text(line, 85, 104).upper(),
        ref2=_text(line, 105, 124).upper(),
        satang=_number(line, 164, 176, number),
        biller_id=_text(line, 197, 211),
        reversal=sign == REVERSAL,
    )


def _add_up(totals: bytes, entries: Sequence[Entry]) -> None:
    last = len(entries) + 2
    for reversal, satang_at, count_at in ((True, (21, 33), (34, 39)), (False, (40, 52), (53, 58))):
        some = [entry.satang for entry in entries if entry.reversal is reversal]
        said = _number(totals, *satang_at, last), _number(totals, *count_at, last)
        if said != (sum(some), len(some)):
            raise ValueError(f"the totals say {said}, the lines add up to {(sum(some), len(some))}")


def _text(line: bytes, first: int, last: int) -> str:
    return line[first - 1 : last].decode("cp874").strip()


def _number(line: bytes, first: int, last: int, number: int) -> int:
    text = _text(line, first, last)
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"line {number}, columns {first} to {last}: not a number: {text!r}")
    return int(text)

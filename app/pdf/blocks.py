"""What a document says, without saying how it is drawn: frozen blocks in reading order. Lengths are points (1/72 inch).

Texts may hold newlines; no-break spaces hold words together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Align(StrEnum):
    """Where a text stands in its width."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Tone(StrEnum):
    """What a text's colour means; meaning never rests on colour alone."""

    INK = "ink"
    SOFT = "soft"
    DONE = "done"
    STOP = "stop"


@dataclass(frozen=True)
class Heading:
    """A heading. The first of a document is level 1, and no level is skipped (PDF/UA-1, 7.4)."""

    text: str
    level: int = 1
    align: Align = Align.LEFT
    size: float | None = None
    language: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str
    align: Align = Align.LEFT
    size: float = 12
    bold: bool = False
    tone: Tone = Tone.INK
    language: str = ""


@dataclass(frozen=True)
class Items:
    """A list; `labels` stand before the texts ("1.", "(ก)", "•"), one for each."""

    texts: Sequence[str]
    labels: Sequence[str]
    size: float = 12

    def __post_init__(self) -> None:
        """Refuse labels that do not match the texts."""
        if len(self.texts) != len(self.labels):
            message = f"{len(self.texts)} items with {len(self.labels)} labels"
            raise ValueError(message)


@dataclass(frozen=True)
class Facts:
    """Label and value, one below the other; the label column is as wide as its longest label."""

    rows: Sequence[tuple[str, str]]
    size: float = 12
    label_width: float | None = None


@dataclass(frozen=True)
class Column:
    """One column of a table: its header, its part of the width, and where its cells' texts stand."""

    title: str
    share: float = 1
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Table:
    """Rows under a header that is repeated on every page. `totals` are (label, value) rows set in bold at the end."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[tuple[str, str]] = ()
    size: float = 11

    def __post_init__(self) -> None:
        """Refuse a table whose rows do not fit its columns."""
        if not self.columns:
            message = "a table needs columns"
            raise ValueError(message)
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                message = f"row {number} has {len(row)} cells for {len(self.columns)} columns"
                raise ValueError(message)
        if self.totals and len(self.columns) == 1:
            message = "totals need a second column for their values"
            raise ValueError(message)


@dataclass(frozen=True)
class Qr:
    """A QR code of `data`; `alt` says what it is for to those who cannot see it. `size` includes the quiet zone."""

    data: str
    alt: str
    caption: str = ""
    size: float = 96
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Seal:
    """Our own abstract rosette; it is not, and must not resemble, the emblem of any authority."""

    alt: str
    size: float = 84
    align: Align = Align.CENTRE


@dataclass(frozen=True)
class Rule:
    """A thin line across the width, or a short ornament in its middle; nothing to a reader who cannot see it."""

    ornament: bool = False


@dataclass(frozen=True)
class Spacer:
    """Empty space instead of the usual one between two blocks; none is left at the top of a page."""

    height: float


@dataclass(frozen=True)
class Stretch:
    """Takes the room that is left on the last page, so that what follows stands at its foot."""


@dataclass(frozen=True)
class Statement:
    """Who signed, in words: a thin rule, then `lines`, the first of them in bold."""

    lines: Sequence[str]
    align: Align = Align.CENTRE
    size: float = 12


@dataclass(frozen=True)
class Columns:
    """Parts side by side, kept together on one page; `shares` divide the width."""

    parts: Sequence[Sequence["Block"]]
    shares: Sequence[float]
    gap: float = 24

    def __post_init__(self) -> None:
        """Refuse shares that do not match the parts."""
        if len(self.parts) != len(self.shares):
            message = f"{len(self.parts)} columns with {len(self.shares)} shares"
            raise ValueError(message)


@dataclass(frozen=True)
class Panel:
    """Blocks on a tinted ground with a bar at its left, kept together: the one thing to see first."""

    blocks: Sequence["Block"]
    tone: Tone = Tone.DONE


@dataclass(frozen=True)
class Writing:
    """Room to write by hand: a label and, after it, `lines` to write on."""

    label: str
    lines: int = 1
    size: float = 12


@dataclass(frozen=True)
class Ticks:
    """Boxes to tick by hand, each before its text."""

    texts: Sequence[str]
    size: float = 12


@dataclass(frozen=True)
class Canvas:
    """Room to draw by hand: a title, and squares of 5 mm under it, `height` points high."""

    title: str
    height: float


Block = (
    Heading
    | Paragraph
    | Items
    | Facts
    | Table
    | Qr
    | Seal
    | Rule
    | Spacer
    | Stretch
    | Statement
    | Columns
    | Panel
    | Writing
    | Ticks
    | Canvas
)

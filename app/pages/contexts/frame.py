"""What every page shares with the frame around it, and the small shapes that several pages show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.catalogue.rows import RowLine
from app.catalogue.schema import Question, Text


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the id of the control an error link leads to, and the sentence that stands beside it."""

    field: str
    text: Text | str


@dataclass(frozen=True, kw_only=True)
class Page:
    """The base of every page. `problems` put "ข้อผิดพลาด:" into the title and the summary above the heading."""

    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A question on a page, drawn by `fields/<kind>.html`."""

    question: Question
    raw: Mapping[str, str] = field(default_factory=dict)
    """What the boxes hold, by field name: what was typed, else `question.fill(value)`."""
    problem: Text | None = None
    at: str = ""
    """The name of the box that is wrong (`Reading.at`)."""
    revision: int = 0
    """The revision of the answer this page was drawn from; 0 when there is none yet."""
    registry_says: str = ""
    """The value a registry gave, shown while the person corrects it."""
    used_by: tuple[Text, ...] = ()
    """The services that ask it, when the page has to say so: they differ from question to question."""
    shown: bool = True
    """Whether it counts now; a question that the page's own answers may bring waits in a template."""
    helped: tuple[Text | str, datetime] | None = None
    """The registry whose word stands in the boxes to be changed at will, and when it said it."""
    follows: tuple[str, ...] = ()
    """The keys of the questions whose answers say what stands in the boxes; it is not kept until the page is sent."""
    because: tuple[Text, ...] = ()
    """What those questions are called."""
    rows: tuple[RowLine, ...] = ()
    """The rows of a repeating group, each in one line."""


@dataclass(frozen=True)
class Happening:
    """One event in words: when, what, by whom (a role, not a name), and whether the reader did it."""

    at: datetime
    what: str
    who: str
    by_you: bool = False


@dataclass(frozen=True)
class QrCode:
    """A drawn QR code: modules per side with the quiet zone, and one SVG path of all dark modules."""

    size: int
    path: str


@dataclass(frozen=True)
class FeeLine:
    """One amount in satang: for what, and on which legal basis."""

    what: Text | str
    basis: Text | str
    satang: int
    how: Text | None = None
    """How the amount came about, in words."""


@dataclass(frozen=True)
class FileView:
    """A file as a person recognises it. `size` is written out ("1.2 MB"); `previews` are addresses of page images."""

    name: str
    size: str
    href: str
    pages: int = 0
    previews: tuple[str, ...] = ()


LetterKind = Literal["deficiency", "delay", "decision"]


@dataclass(frozen=True)
class LetterLink:
    """A letter as a file: what it is, its number, when, where ("" until it is drawn) and how large."""

    kind: LetterKind
    number: str
    at: datetime
    href: str
    size: str

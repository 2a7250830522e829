"""Contexts of the officers' pages about issued licences."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.schema import Text
from app.licences.life import Action, Standing, Step
from app.pages.contexts.decision import Letter
from app.pages.contexts.frame import Happening, Page
from app.stories.register import Shelf


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """A licence in the list."""

    id: UUID
    number: str
    service: Text
    holder: str
    premises: str
    state: Standing
    suspended_until: date | None
    valid_until: date | None
    under_way: bool


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    """`officer/register.html`: the licences of this officer's agency."""

    office: Text
    shelves: tuple[tuple[Shelf, int], ...]
    shelf: Shelf
    q: str
    service: str
    services: tuple[tuple[str, Text], ...]
    rows: tuple[RegisterRow, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, kw_only=True)
class HeldBar:
    """The head of every page about one licence."""

    id: UUID
    number: str
    name: Text
    holder: str
    premises: str
    valid_from: date
    valid_until: date | None
    state: Standing
    since: date
    suspended_until: date | None
    revision: int


@dataclass(frozen=True, kw_only=True)
class MatterView:
    """Something that is or was under way: what for, how far, and what was said on both sides."""

    action: Action
    stage: str
    outcome: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str
    ground: Text | str
    message: str
    until: date | None
    asked: tuple[tuple[Text | str, str], ...]
    """What the holder asks for: label and words."""
    object_by: date | None
    objection: str
    objected_at: datetime | None
    answer: str
    mine: bool


@dataclass(frozen=True, kw_only=True)
class EditionView:
    """One edition of the licence."""

    number: int
    kind: str
    ordered_at: datetime
    issued_at: datetime | None
    code: str
    in_force: bool


@dataclass(frozen=True, kw_only=True)
class LetterView:
    """A letter to the holder."""

    number: str
    subject: str
    at: datetime
    href: str
    """Its file, when it is drawn; "" until then."""


@dataclass(frozen=True, kw_only=True)
class HeldPage(Page):
    """`officer/licence.html`: one licence with everything that happened to it, and what this officer can do."""

    bar: HeldBar
    ground: str
    code: str
    law: Text | str
    choices: tuple[tuple[Action, Step], ...]
    matter: MatterView | None
    past: tuple[MatterView, ...]
    editions: tuple[EditionView, ...]
    letters: tuple[LetterView, ...]
    application: tuple[str, UUID]
    """Number and id of the application behind it."""
    renews: tuple[str, UUID] | None
    renewed_by: tuple[str, UUID] | None
    happened: tuple[Happening, ...]
    today: date


@dataclass(frozen=True, kw_only=True)
class ActPage(Page):
    """`officer/licence_act.html`: what an officer says, then the letter before it is final (`confirm`)."""

    bar: HeldBar
    action: Action
    step: Step
    matter: MatterView | None
    grounds: tuple[tuple[str, Text, Text], ...]
    """Key, words and law."""
    ground: str
    message: str
    until: dict[str, str]
    """The three boxes of the last day of a suspension."""
    until_by: date | None
    """The last day that the law allows; None: no bound."""
    ends: bool
    """Whether a last day can be said at all: it is a suspension."""
    fixed: bool
    """The words were put forward already; whoever signs, signs exactly these."""
    wants_words: bool
    """Reasons must be given."""
    confirm: bool
    two_hands: bool
    object_by: date | None
    letter: Letter | None
    token: str


@dataclass(frozen=True, kw_only=True)
class HeldChangedPage(Page):
    """`officer/licence_changed.html`: the licence moved on before an act; what was typed is there to copy."""

    bar: HeldBar
    reason: str
    since: tuple[Happening, ...]
    kept: tuple[str, ...]

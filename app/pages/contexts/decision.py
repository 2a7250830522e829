"""Contexts of an officer's decision, what comes after it, and handing a case to a colleague."""

from dataclasses import dataclass
from datetime import date, datetime

from app.applications.workflow import Action
from app.catalogue.schema import Text
from app.pages.contexts.frame import FeeLine, Happening, Page
from app.pages.contexts.needed import NeededView
from app.pages.contexts.officer import CaseBar, Proposal, QueueTab


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What the person will read, in Thai by law, whatever language the officer reads.

    `heads`: term and text (เรื่อง, เรียน). `marked` in a paragraph came from the officer's form: (text, marked) runs.
    """

    sender: str
    on: str
    heads: tuple[tuple[str, str], ...]
    paragraphs: tuple[tuple[tuple[str, bool], ...], ...]
    signer: str
    position: str


@dataclass(frozen=True, kw_only=True)
class LicencePreview:
    """The licence that an approval leads to; its number is given when it is issued."""

    title: Text
    issuer: Text
    facts: tuple[tuple[Text | str, str, bool], ...]
    case: str
    """The address of the case, under which its draft is drawn: `/draft.pdf` and `/draft/pages/1`."""


@dataclass(frozen=True, kw_only=True)
class DecidePage(Page):
    """`officer/decide.html`: first the choice (`chosen` is None), then one act with a preview before it is signed."""

    bar: CaseBar
    choices: tuple[Action, ...]
    chosen: Action | None
    action: str
    needed: tuple[NeededView, ...] = ()
    """What must be there before it can be granted, and is not."""
    grounds: tuple[tuple[str, Text], ...] = ()
    ground: str = ""
    message: str = ""
    proposal: Proposal | None = None
    delay: str = ""
    seen: int = 0
    """How many events the case had when this page was drawn: what came later is shown when the act is refused."""
    mend_by: date | None = None
    mend_days: Text | None = None
    items: tuple[tuple[Text, str], ...] = ()
    """What will be asked for: name and instruction."""
    fees: tuple[FeeLine, ...] = ()
    total_satang: int = 0
    due_on: date | None = None
    letter: Letter | None = None
    licence: LicencePreview | None = None
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class NextCase:
    """The case with the least time left in the tab the officer works on."""

    number: str
    service: Text
    applicant: str
    due_on: date | None
    free: bool
    """Nobody has it yet: going on takes it."""


@dataclass(frozen=True, kw_only=True)
class DecidedPage(Page):
    """`officer/decided.html`: what was done, what happens now, and the next case in line."""

    bar: CaseBar
    done: Action
    at: datetime
    after: NextCase | None
    tab: QueueTab
    left: int
    """How many cases the tab holds now."""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangedPage(Page):
    """`officer/changed.html`: the case moved on before an act: what happened, and what was typed."""

    bar: CaseBar
    reason: str
    since: tuple[Happening, ...]
    kept: tuple[str, ...]


# — From officer to officer ————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class PassingPage(Page):
    """`officer/passing.html`: my case to a colleague (id, name, position), or a colleague's case to me."""

    bar: CaseBar
    over: bool
    """Taking over a colleague's case, instead of handing over mine."""
    action: str
    colleagues: tuple[tuple[str, str, str], ...] = ()
    to: str = ""
    note: str = ""
    holder: str = ""
    token: str = ""

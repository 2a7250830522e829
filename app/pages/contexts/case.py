"""Contexts of what comes after sending: what I must do, where each application stands, mending, withdrawing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.applications.deadlines import LegalClock
from app.applications.workflow import Holder, State
from app.catalogue.schema import Text
from app.pages.contexts.citizen import FormHead
from app.pages.contexts.documents import DocumentView
from app.pages.contexts.frame import FieldView, Happening, LetterLink, Page


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """What the person must do now. `mend`: `count` items of a deficiency notice; `pay`: `satang` of a bill.

    `services`: which applications it moves; a bill may be for several.
    """

    kind: Literal["mend", "pay"]
    services: tuple[Text, ...]
    href: str
    by: date
    count: int = 0
    satang: int = 0


@dataclass(frozen=True, kw_only=True)
class Together:
    """Bills of one payee that can be made one: how many, and their sum."""

    payee: Text
    count: int
    satang: int
    href: str


@dataclass(frozen=True, kw_only=True)
class SentRow:
    """One application in the list of what was sent. `status` is the key of its word and shape; `until` its next day."""

    service: Text
    status: str
    fee_satang: int
    holder: Holder
    agency: Text
    until: date | None


@dataclass(frozen=True, kw_only=True)
class SentForm:
    """A submitted form and where each of its applications stands."""

    id: UUID
    reference: str
    title: str
    submitted_at: datetime
    applications: tuple[SentRow, ...]


@dataclass(frozen=True, kw_only=True)
class MyPage(Page):
    """`citizen/my.html`."""

    todo: tuple[ToDo, ...]
    together: tuple[Together, ...]
    drafts: tuple[FormHead, ...]
    sent: tuple[SentForm, ...]
    party: str = ""
    """Whose matters these are when they are not the reader's own; `agent`: by a mandate."""
    agent: bool = False
    unread: int = 0
    suspended: tuple[tuple[str, UUID], ...] = ()
    """Number and id of licences that may not be used now."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A decision against the applicant: why, on which ground, and until when it can be appealed."""

    refused: bool
    """False: handed back for good because it stayed incomplete."""
    ground: Text | str
    law: Text | str
    explanation: str
    officer: Text
    position: Text
    appeal: Text
    appeal_law: Text
    appeal_by: date
    days_left: int
    letter_href: str
    """Empty while the letter is being made."""
    letter_size: str = ""


SupportState = Literal["there", "seen", "spared", "running", "missing"]


@dataclass(frozen=True, kw_only=True)
class SupportView:
    """Another licence this one rests on. `state`: it is there, on its way, or not applied for.

    Or an officer saw it elsewhere, or found by a law (`law`, `note`) that it need not be there.
    """

    name: Text
    why: Text
    state: SupportState
    before: Literal["filing", "decision", "opening"]
    number: str
    href: str
    law: Text | str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OddNote:
    """Money that came for an application and did not fit, and the bill that tells more."""

    satang: int
    bill_id: UUID


@dataclass(frozen=True, kw_only=True)
class Line:
    """One application on the tracking page: where it stands, who holds it, until when."""

    id: UUID
    slug: str
    service: Text
    agency: Text
    phone: str
    number: str
    state: State
    holder: Holder
    since: date
    fee_satang: int
    result_name: Text
    delivery: Text | None
    """How the result reaches the person when it is no document of the portal."""
    submitted_on: date
    accepted_on: date | None = None
    decided_on: date | None = None
    by_fee: bool = False
    """It renews a licence by its fee alone: there is nothing to decide."""
    paid_on: date | None = None
    issued_on: date | None = None
    clock: LegalClock | None = None
    moves: tuple[tuple[datetime, str], ...] = ()
    check_by: date | None = None
    act_by: date | None = None
    """The last day of what the person must do (mend or pay)."""
    items_to_mend: int = 0
    reason: str = ""
    """Why it ended by itself."""
    refusal: Refusal | None = None
    message: str = ""
    """What the officer who granted it wants the person to know."""
    bill_id: UUID | None = None
    bill_satang: int = 0
    """What is to be paid on that bill; 0 when nothing is."""
    paid_with: tuple[Text, ...] = ()
    """Other services on the same bill."""
    checking: bool = False
    overdue: bool = False
    receipt_href: str = ""
    licence_id: UUID | None = None
    waits_since: datetime | None = None
    held_up: bool = False
    """Paid, and waiting for the end of the suspension of what it renews."""
    back_satang: int = 0
    """What was paid for it and goes back."""
    """The licence is ready but cannot be sealed since then."""
    may_withdraw: bool = False
    may_ask_change: bool = False
    supports: tuple[SupportView, ...] = ()
    odd: tuple[OddNote, ...] = ()
    letters: tuple[LetterLink, ...] = ()
    """The deficiency notice and the notices of delay."""
    delay_reason: str = ""
    """Why it takes longer than the manual allows, as long as that holds."""
    delay_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    """`citizen/case.html`: the lines of one submitted form, your turn first."""

    form_id: UUID
    reference: str
    title: str
    submitted_at: datetime
    todo: tuple[ToDo, ...]
    together: tuple[Together, ...]
    lines: tuple[Line, ...]
    thread: tuple[Happening, ...]
    receipt_href: str
    may_correct: bool = False
    """Nobody has taken any of it up: all of it can be corrected and sent again."""
    filings: int = 1
    """How many times it was sent."""


@dataclass(frozen=True, kw_only=True)
class WithdrawPage(Page):
    """`citizen/withdraw.html`: what taking one application back does, before it is done."""

    application_id: UUID
    form_id: UUID
    number: str
    service: Text
    agency: Text
    phone: str
    bill_number: str
    """The bill that will be withdrawn; empty when there is none."""
    bill_satang: int
    stays_satang: int
    """What other applications on that bill still owe, on a new one."""
    clock_runs: bool
    others: tuple[Text, ...]
    """Applications of the same form that go on."""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class DeficiencyItemView:
    """One thing to mend: a question (`field`) or a document (`document`), why, and what to do."""

    id: UUID
    label: Text
    reason: str
    instruction: str
    field: FieldView | None = None
    document: DocumentView | None = None
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class DeficiencyPage(Page):
    """`citizen/deficiency.html`: everything that is missing, once (Licensing Facilitation Act s.8)."""

    application_id: UUID
    form_id: UUID
    number: str
    service: Text
    agency: Text
    phone: str
    officer: str
    """Name and position of the officer who signed the notice."""
    issued_at: datetime
    mend_by: date
    message: str
    items: tuple[DeficiencyItemView, ...]
    letter: LetterLink | None = None
    """The same as a sealed file; None for a notice from before there were such files."""
    countersigned: tuple[str, datetime] | None = None
    """Who signed for the applicant that the notice arrived, and when."""
    token: str = ""

"""Contexts of an officer's pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.applications.deadlines import LegalClock
from app.applications.workflow import Action, State
from app.catalogue.schema import Document, Text
from app.pages.contexts.after import ChangeView, UnaskedView
from app.pages.contexts.frame import FeeLine, FileView, Happening, LetterLink, Page
from app.pages.contexts.linked import EvidenceView
from app.pages.contexts.needed import NeededView

QueueTab = Literal["new", "mine", "colleagues", "applicant", "soon", "late", "done"]
"""รอรับ, ของฉัน, ของเพื่อนร่วมงาน, รอผู้ยื่น, ใกล้ครบกำหนด, เกินกำหนด, เสร็จ."""
CaseTab = Literal["case", "documents", "check", "decide"]
Verdict = Literal["", "ok", "missing"]


# — Queue ——————————————————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """One application in the queue. While its clock has not started, `check_by` is what is due."""

    id: UUID
    number: str
    service: Text
    applicant: str
    premises: str
    state: State
    clock: LegalClock | None
    check_by: date
    owner: str
    """Name of the officer who took it; empty when nobody has."""
    mine: bool
    proposed: bool
    """A proposal waits for a second signature."""
    revision: int


@dataclass(frozen=True, kw_only=True)
class QueuePage(Page):
    """`officer/queue.html`: least time left first, 25 a page. `found_none`: the next case was asked for in vain."""

    office: Text
    today: date
    tabs: tuple[tuple[QueueTab, int], ...]
    tab: QueueTab
    q: str
    service: str
    services: tuple[tuple[str, Text], ...]
    """Slug and name of each service of this agency."""
    able: bool
    """Only what this officer can move on now."""
    tail: str
    """What the address of a case carries, so that the next one comes from the same tab."""
    rows: tuple[QueueRow, ...]
    number: int
    pages: int
    total: int
    goes_on: bool
    """Whether the tab holds cases that could be the next one to work on."""
    found_none: bool = False
    token: str = ""


# — Case ———————————————————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class CaseBar:
    """The head of every page of a case. `revision` travels with each form: a stale decision is refused."""

    id: UUID
    number: str
    service: Text
    result: Text
    delivery: Text | None
    """How the result reaches the applicant when the portal issues no document: the office hands it over itself."""
    applicant: str
    received_at: datetime
    state: State
    clock: LegalClock | None
    check_by: date
    today: date
    owner: str
    mine: bool
    documents: int
    checked: int
    to_check: int
    may: frozenset[Action]
    """What this officer may do now: the same rules as the server's check."""
    tabs: frozenset[CaseTab]
    """The pages of a case that lie within this officer's duties."""
    revision: int
    proposed: bool
    """A proposal waits for a second signature."""
    tail: str
    """What every address of the case carries on: the tab of the queue it was opened from."""

    @property
    def late(self) -> bool:
        """Over the manual's time and not done: whoever decides says why."""
        return self.clock is not None and self.clock.late and self.clock.running == "running"


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """An answer with where it came from. `differs` is the registry's value when the person says otherwise.

    `mended`: given anew after the deficiency notice; `before` is what stood there then.
    """

    label: Text
    text: str
    source: Text | str = ""
    at: datetime | None = None
    differs: str = ""
    mended: bool = False
    before: str = ""
    reused_from: str = ""
    """The applicant's earlier form that it was taken from."""


@dataclass(frozen=True, kw_only=True)
class StandingView:
    """By what right somebody sent the form for the applicant. `director`: whose name in the registry is the same."""

    basis: Literal["claimed", "name_matched", "mandate"]
    person: str
    party: str
    needs_officer: bool
    juristic_id: str = ""
    status: str = ""
    directors: tuple[str, ...] = ()
    authority_text: str = ""
    profile_at: datetime | None = None
    director: str = ""
    mandate_by: str = ""
    mandate_until: date | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseSection:
    """A topic of the form as this agency may see it."""

    title: Text
    rows: tuple[CaseRow, ...]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the first of two officers wants decided, word for word; `refused_for` is the legal ground of a refusal."""

    approves: bool
    by: str
    at: datetime
    refused_for: Text | str
    message: str


@dataclass(frozen=True)
class RenewsView:
    """The licence that an application renews, and what of it the applicant says has changed: (what, before, after)."""

    number: str
    valid_until: date | None
    changed: tuple[tuple[Text, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    """`officer/case.html`."""

    bar: CaseBar
    proposal: Proposal | None
    delay: str
    """Why it takes longer than the manual allows, as the applicant is told."""
    may_take_over: bool
    sections: tuple[CaseSection, ...]
    fees: tuple[FeeLine, ...]
    total_satang: int
    thread: tuple[Happening, ...]
    notes: tuple[Happening, ...]
    standing: StandingView | None = None
    standing_note: str = ""
    """What was typed into a confirmation that could not be kept yet."""
    needed: tuple[NeededView, ...] = ()
    """What must be there before it can be granted."""
    moves: tuple[tuple[datetime, str], ...]
    unasked: UnaskedView | None = None
    """What the form did not ask and the applicant wanted to say."""
    changes: tuple[ChangeView, ...] = ()
    """What the applicant asks to change and nobody has answered."""
    renews: RenewsView | None = None
    note: str = ""
    """What was typed into a note that could not be kept yet."""
    letters: tuple[LetterLink, ...] = ()
    """What the applicant was told in writing."""
    until: Mapping[str, str] = field(default_factory=dict)
    """By when a late case will be decided, as its three boxes hold it."""
    has_draft: bool = False
    """Whether the document that an approval leads to can be looked at as a draft."""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseDocument:
    """A document of the case: the person's file (`mended`: sent anew), or what a registry gave instead."""

    key: str
    document: Document
    file: FileView | None
    uploaded_at: datetime | None = None
    source: Text | str = ""
    claimed: tuple[Text, ...] = ()
    """What the person said of the file: which document it is, when it was issued."""
    evidence: EvidenceView | None = None
    """What the registry said, as it was when the form was sent."""
    mended: bool = False
    reused_from: str = ""
    """The applicant's earlier form that the file was taken from, where an officer found it complete."""
    paper: str = ""
    """The code of the prepared paper that it is."""
    signed: tuple[tuple[str, str, str, datetime | None], ...] = ()
    """Who signed it online: role, name, level of assurance, when."""


@dataclass(frozen=True, kw_only=True)
class DocumentsPage(Page):
    """`officer/documents.html`: the list, and one document opened at one page (from 1)."""

    bar: CaseBar
    documents: tuple[CaseDocument, ...]
    opened: CaseDocument | None
    number: int = 1


# — Completeness check —————————————————————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, kw_only=True)
class CheckItem:
    """One thing that must be complete: a document or an answer.

    `confirmed_by` is the registry that makes it certain; such an item needs no verdict. `reasons` are (key, words) of
    the manual. `id` is the field prefix: `<id>.verdict`, `<id>.reason`, `<id>.instruction`. What was `mended` is to be
    looked at again.
    """

    id: str
    kind: Literal["document", "question"]
    name: Text
    text: str = ""
    confirmed_by: Text | str = ""
    verdict: Verdict = ""
    reasons: tuple[tuple[str, Text], ...] = ()
    reason: str = ""
    instruction: str = ""
    problem: Text | str = ""
    at: str = ""
    href: str = ""
    differs: str = ""
    mended: bool = False
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    """`officer/check.html`. `returned_before`: the one list of defects has been used up."""

    bar: CaseBar
    items: tuple[CheckItem, ...]
    returned_before: bool
    action: str
    token: str = ""

"""Contexts of the officers' signing day: what waits, one list of it, one case of the list, and what became of all."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.applications.deadlines import LegalClock
from app.catalogue.schema import Text
from app.licences.models import Wait
from app.pages.contexts.decision import LicencePreview
from app.pages.contexts.frame import Page
from app.pages.contexts.officer import CaseBar, CaseDocument, CaseSection, Proposal

Stage = Literal["open", "over", "running", "done"]
"""To be looked through and confirmed; too old for that; being approved; finished."""
Result = Literal["waiting", "approved", "failed"]


@dataclass(frozen=True, kw_only=True)
class SigningRow:
    """A case that waits for a signature. `why_not`: what stands in its way, in words; "" when nothing does."""

    id: UUID
    revision: int
    number: str
    service: Text
    applicant: str
    premises: str
    fee_satang: int
    proposer: str
    """Name and position of who proposed it; "" where one signature is enough."""
    note: str
    """What the proposal tells the applicant."""
    clock: LegalClock
    why_not: str


@dataclass(frozen=True, kw_only=True)
class PastBatch:
    """A list that this officer confirmed today."""

    id: UUID
    at: datetime
    done: bool


@dataclass(frozen=True, kw_only=True)
class SigningPage(Page):
    """`officer/signing.html`: everything ready for this officer's signature, and what is not and why."""

    office: Text
    today: date
    rows: tuple[SigningRow, ...]
    hindered: tuple[SigningRow, ...]
    shown: str
    """Everything that can be chosen, as one field."""
    ticked: frozenset[str]
    services: tuple[tuple[str, Text, int], ...]
    """Slug, name and how many there are."""
    service: str
    total: int
    past: tuple[PastBatch, ...]
    token: str


@dataclass(frozen=True, kw_only=True)
class BatchLine:
    """One case of a list. `why`: why it failed, or stands in its way now. `licence`: its number once it has one."""

    position: int
    id: UUID
    number: str
    service: Text
    applicant: str
    fee_satang: int
    result: Result
    why: str
    licence: str = ""
    state: str = ""
    sealed: bool = False
    waits_for: Wait | None = None


@dataclass(frozen=True, kw_only=True)
class BatchPage(Page):
    """`officer/signing_batch.html`: a list before it is confirmed, while it is approved, and afterwards."""

    id: UUID
    stage: Stage
    lines: tuple[BatchLine, ...]
    approved: int
    failed: int
    fee_satang: int
    by_service: tuple[tuple[Text, str], ...]
    to_be_made: int
    """Approved cases whose document is still being made."""
    confirmed_at: datetime | None
    finished_at: datetime | None
    strength: str
    token: str

    @property
    def done(self) -> int:
        """How many have an outcome."""
        return self.approved + self.failed

    @property
    def ordered(self) -> tuple[BatchLine, ...]:
        """As chosen; once all is done, what failed comes first."""
        if self.stage != "done":
            return self.lines
        return tuple(sorted(self.lines, key=lambda line: (line.result != "failed", line.position)))

    @property
    def moving(self) -> bool:
        """Whether the page has news soon."""
        return self.stage == "running" or self.to_be_made > 0


@dataclass(frozen=True, kw_only=True)
class BatchCasePage(Page):
    """`officer/signing_case.html`: one case of a list, whole, to be looked at before the list is confirmed."""

    batch: UUID
    bar: CaseBar
    position: int
    place: int
    """Which one it is, counted from 1, of `of`."""
    of: int
    before: int | None
    after: int | None
    proposal: Proposal | None
    sections: tuple[CaseSection, ...]
    documents: tuple[CaseDocument, ...]
    licence: LicencePreview | None
    fee_satang: int
    why_not: str
    may_change: bool
    token: str


@dataclass(frozen=True, kw_only=True)
class NotConfirmed(Page):
    """`officer/not_confirmed.html`: coming back from the provider was not enough; nothing was signed."""

    batch: str
    message: str

"""What the pages of the maturity reporter are drawn from. No field of them can hold a person."""

from dataclasses import dataclass
from datetime import date, datetime

from app.catalogue.schema import Text
from app.pages.contexts.frame import Page
from app.reporting.criteria import Criterion, Verdict
from app.reporting.figures import Figures


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days a report speaks of, and how it can be repeated."""

    first: date
    last: date
    today: date
    days: int
    rule_version: str
    input_hash: str


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One service at one agency. `missing` is the one thing missing for the next level, "" at the highest."""

    href: str
    service: Text
    agency: Text
    declared: int | None
    evidenced: int
    short: bool
    missing: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class OverviewPage(Page):
    """`reporter/overview.html`: every service the officer reports on, declared beside evidenced."""

    whose: Text | None
    """The officer's agency; None: every agency."""
    period: Period
    typed: str
    lines: tuple[ReportLine, ...]
    levels: tuple[tuple[int, int], ...]
    """How many services stand at each level."""
    short: int


@dataclass(frozen=True, kw_only=True)
class CriterionView:
    """One criterion: what became of it and why, and where the evidence is listed."""

    criterion: Criterion
    name: str
    verdict: Verdict
    word: str
    why: str
    href: str
    count: int
    newest: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class ServicePage(Page):
    """`reporter/service.html`: the eight criteria of one service at one agency."""

    line: ReportLine
    period: Period
    levels: tuple[tuple[int, tuple[CriterionView, ...]], ...]
    documents: int
    linkable: int


@dataclass(frozen=True, kw_only=True)
class PieceView:
    """One piece of evidence: when, which number, what proves it (term, text), and whether it holds."""

    at: datetime
    reference: str
    proof: tuple[tuple[str, str], ...]
    holds: bool


@dataclass(frozen=True, kw_only=True)
class EvidencePage(Page):
    """`reporter/evidence.html`: the list behind one count."""

    line: ReportLine
    period: Period
    criterion: str
    why: str
    pieces: tuple[PieceView, ...]
    total: int
    number: int
    pages: int
    path: str

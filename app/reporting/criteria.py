"""The OPDC's eight criteria of an e-service, pure: what evidence a level needs, and the one thing missing for the next.

Source: the OPDC's e-Service levels L0–L3 (3 + 2 + 3 criteria; each level needs the ones below it). What counts:

* `e_form` – an application that a person filled and sent on the web.
* `prefilled` – one of those with at least one undisputed answer from the registry of persons (DOPA) or companies (DBD).
* `linked_documents` – one of those for which the data of a registry replaced at least one document that nobody had to
  hand in (the catalogue's `waived_by`). A service that asks for no document has nothing to link.
* `bill`, `e_receipt` – a bill issued for it here, and a receipt issued as a file for a bill that was paid. A service
  without a fee needs neither.
* `e_licence` – a licence or certificate issued as a file.
* `ca_signature` – every such file in the window carried a signature that was proved when it was issued: the signer's
  certificate led to a trusted certification authority, and a time-stamping authority said when.
* `pdf_a` – every such file in the window was checked as PDF/A-3 when it was issued, without a finding.

No evidence in the window: not evidenced, whatever was declared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from app.core.clock import BANGKOK

RULE_VERSION = "opdc-8/1"
"""Changes whenever the same evidence could give another level."""

WINDOW_DAYS = 90
SAMPLES = 3


class Criterion(StrEnum):
    """One of the eight, in the order in which a service grows."""

    E_FORM = "e_form"
    PREFILLED = "prefilled"
    LINKED_DOCUMENTS = "linked_documents"
    BILL = "bill"
    E_RECEIPT = "e_receipt"
    E_LICENCE = "e_licence"
    CA_SIGNATURE = "ca_signature"
    PDF_A = "pdf_a"


C = Criterion
LEVELS: Mapping[int, tuple[Criterion, ...]] = {
    1: (C.E_FORM, C.PREFILLED, C.LINKED_DOCUMENTS),
    2: (C.BILL, C.E_RECEIPT),
    3: (C.E_LICENCE, C.CA_SIGNATURE, C.PDF_A),
}
OF: Mapping[Criterion, Criterion] = {
    C.PREFILLED: C.E_FORM,
    C.LINKED_DOCUMENTS: C.E_FORM,
    C.CA_SIGNATURE: C.E_LICENCE,
    C.PDF_A: C.E_LICENCE,
}
"""What a criterion's count is a part of: 12 of 40 applications were pre-filled."""


@dataclass(frozen=True)
class Window:
    """The days that count: the last one and those before it, in Bangkok."""

    last: date

    @property
    def first(self) -> date:
        """The first day that counts."""
        return self.last - timedelta(days=WINDOW_DAYS - 1)

    @property
    def start(self) -> datetime:
        """The first moment inside."""
        return datetime.combine(self.first, time(), BANGKOK)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), BANGKOK)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies inside."""
        return self.start <= moment < self.end


@dataclass(frozen=True)
class Piece:
    """One piece of evidence. `reference` names no person; `holds` is False for a licence that lacks the proof."""

    criterion: Criterion
    at: datetime
    reference: str
    fact: Mapping[str, Any]
    holds: bool = True

    def order(self) -> tuple[datetime, str, str, bool]:
        """One order for pieces, whatever order they came in."""
        return self.at, self.reference, str(self.fact.get("event", "")), self.holds


@dataclass(frozen=True)
class Known:
    """What the catalogue knows of a service at an agency: whether it is free, and how many documents it asks for."""

    free: bool
    documents: int
    linkable: int
    issues: bool = True
    """Whether it ends in a licence or certificate as a file; one that does not stays below level 3."""

    def needs(self, criterion: Criterion) -> bool:
        """Whether the criterion can apply at all."""
        if criterion in LEVELS[2]:
            return not self.free
        return criterion is not C.LINKED_DOCUMENTS or self.documents > 0


class Verdict(StrEnum):
    """What became of a criterion."""

    MET = "met"
    NOT_NEEDED = "not_needed"
    MISSING = "missing"
    """No evidence in the window."""
    BROKEN = "broken"
    """There is evidence, and there are licences that lack the proof."""


@dataclass(frozen=True)
class Finding:
    """One criterion: its verdict, how many pieces hold, of how many, how many are broken, and the newest of them."""

    criterion: Criterion
    verdict: Verdict
    count: int
    of: int | None
    broken: int
    newest: tuple[Piece, ...]

    @property
    def satisfied(self) -> bool:
        """Whether it stands in the way of no level."""
        return self.verdict in {Verdict.MET, Verdict.NOT_NEEDED}


@dataclass(frozen=True)
class Assessment:
    """The level that the evidence carries (0–3), the eight findings, and what is missing for the next level."""

    level: int
    findings: tuple[Finding, ...]
    missing: Finding | None


def assess(known: Known, pieces: Iterable[Piece], window: Window) -> Assessment:
    """Judge one service of one agency by the pieces that lie in the window."""
    found: dict[Criterion, list[Piece]] = {criterion: [] for criterion in Criterion}
    for piece in pieces:
        if window.holds(piece.at):
            found[piece.criterion].append(piece)
    findings = tuple(_finding(known, criterion, found) for criterion in Criterion)
    missing = next((finding for finding in findings if not finding.satisfied), None)
    level = 3 if missing is None else level_of(missing.criterion) - 1
    return Assessment(level, findings, missing)


def level_of(criterion: Criterion) -> int:
    """The level that a criterion belongs to."""
    return next(level for level, criteria in LEVELS.items() if criterion in criteria)


def _finding(known: Known, criterion: Criterion, found: Mapping[Criterion, list[Piece]]) -> Finding:
    inside = sorted(found[criterion], key=Piece.order, reverse=True)
    good = [piece for piece in inside if piece.holds]
    broken = len(inside) - len(good)
    if broken:
        verdict = Verdict.BROKEN
    elif good:
        verdict = Verdict.MET
    else:
        verdict = Verdict.MISSING if known.needs(criterion) else Verdict.NOT_NEEDED
    whole = OF.get(criterion)
    of = sum(piece.holds for piece in found[whole]) if whole else None
    return Finding(criterion, verdict, len(good), of, broken, tuple(inside[:SAMPLES]))

"""The report of maturity: every service of every agency, declared beside evidenced. The same data give the same bytes.

Nothing in it comes from the moment it is made: it speaks of the window that ends with `as_of`, and `input_hash` is the
SHA-256 of everything that went in, so that two reports can be compared and one can be repeated.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from sqlalchemy.orm import Session

from app.catalogue.schema import Catalogue
from app.core import i18n
from app.core.events import canonical
from app.reporting import evidence, wording
from app.reporting.criteria import (
    RULE_VERSION,
    WINDOW_DAYS,
    Assessment,
    Criterion,
    Finding,
    Piece,
    Window,
    assess,
    level_of,
)
from app.reporting.evidence import Offer, Place


@dataclass(frozen=True)
class Line:
    """One service at one agency."""

    offer: Offer
    assessment: Assessment

    @property
    def declared(self) -> int | None:
        """The level the agency has declared; None when it declared nothing."""
        said = self.offer.service.declared_level
        return int(said.removeprefix("L")) if said else None

    @property
    def short(self) -> bool:
        """Whether the evidence carries less than what was declared."""
        return self.declared is not None and self.assessment.level < self.declared

    @property
    def missing(self) -> str:
        """The one thing missing for the next level, in a sentence; "" at the highest."""
        found = self.assessment.missing
        return wording.why(found, self.offer.known) if found else ""


@dataclass(frozen=True)
class Report:
    """All lines, and what they were made from."""

    window: Window
    lines: tuple[Line, ...]
    input_hash: str

    def line(self, slug: str, agency: str) -> Line | None:
        """The line of one service at one agency."""
        return next((line for line in self.lines if line.offer.place == (slug, agency)), None)


def report(db: Session, catalogue: Catalogue, as_of: date, agency: str | None = None) -> Report:
    """Judge every service of every agency (or of one) by the window that ends with `as_of`."""
    window = Window(as_of)
    given = [offer for offer in evidence.offers(catalogue) if agency in {None, offer.agency.code}]
    return judged(given, evidence.pieces(db, window), window)


def judged(given: Sequence[Offer], found: Mapping[Place, Sequence[Piece]], window: Window) -> Report:
    """The report of these offers from these pieces."""
    lines = tuple(Line(offer, assess(offer.known, found.get(offer.place, ()), window)) for offer in given)
    return Report(window, lines, _hash(given, found, window))


def _hash(given: Sequence[Offer], found: Mapping[Place, Sequence[Piece]], window: Window) -> str:
    body = {
        "rule_version": RULE_VERSION,
        "window": [window.first, window.last],
        "offers": [
            {
                "place": offer.place,
                "version": offer.service.version,
                "declared": offer.service.declared_level,
                "known": vars(offer.known),
                "pieces": sorted(
                    canonical({**vars(piece), "at": _utc(piece)})
                    for piece in found.get(offer.place, ())
                    if window.holds(piece.at)
                ),
            }
            for offer in sorted(given, key=lambda offer: offer.place)
        ],
    }
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def _utc(piece: Piece) -> str:
    return piece.at.astimezone(UTC).isoformat()


# — As JSON ————————————————————————————————————————————————————————————————————————————————————————————————————————————


def as_json(made: Report) -> str:
    """Canonical JSON: sorted keys, no spaces, one line."""
    return canonical(
        {
            "rule_version": RULE_VERSION,
            "as_of": made.window.last.isoformat(),
            "window": {
                "first": made.window.first.isoformat(),
                "last": made.window.last.isoformat(),
                "days": WINDOW_DAYS,
            },
            "input_hash": made.input_hash,
            "services": [_line(line) for line in sorted(made.lines, key=lambda line: line.offer.place)],
        }
    )


def _line(line: Line) -> dict[str, Any]:
    offer = line.offer
    return {
        "service": offer.service.slug,
        "service_version": offer.service.version,
        "name": offer.service.name.model_dump(),
        "agency": offer.agency.code,
        "agency_name": offer.agency.name.model_dump(),
        "declared_level": offer.service.declared_level,
        "evidenced_level": f"L{line.assessment.level}",
        "missing": _both(line, line.assessment.missing) if line.assessment.missing else None,
        "criteria": [_finding(line, finding) for finding in line.assessment.findings],
    }


def _both(line: Line, finding: Finding) -> dict[str, str]:
    said: dict[str, str] = {"criterion": finding.criterion.value}
    for lang in i18n.LANGUAGES:
        with i18n.speaking(lang):
            said[lang] = wording.why(finding, line.offer.known)
    return said


def _finding(line: Line, finding: Finding) -> dict[str, Any]:
    return {
        **_both(line, finding),
        "level": level_of(finding.criterion),
        "verdict": finding.verdict.value,
        "count": finding.count,
        "of": finding.of,
        "broken": finding.broken,
        "newest": [{"at": _utc(piece), "reference": piece.reference, **piece.fact} for piece in finding.newest],
    }


# — As a table —————————————————————————————————————————————————————————————————————————————————————————————————————————


def as_csv(made: Report) -> str:
    """One row per service and agency, in the language of the moment; codes beside the words."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            *("as_of", "rule_version", "input_hash", "service", "service_name", "agency", "agency_name"),
            *("declared_level", "evidenced_level", "missing_criterion", "missing"),
            *(f"{criterion.value}.{part}" for criterion in Criterion for part in ("verdict", "count")),
        ]
    )
    for line in made.lines:
        writer.writerow(_cells(made, line))
    return out.getvalue()


def _cells(made: Report, line: Line) -> list[object]:
    offer, missing, lang = line.offer, line.assessment.missing, i18n.lang()
    return [
        *(made.window.last.isoformat(), RULE_VERSION, made.input_hash, offer.service.slug, offer.service.name.to(lang)),
        *(offer.agency.code, offer.agency.name.to(lang), offer.service.declared_level or ""),
        *(f"L{line.assessment.level}", missing.criterion.value if missing else "", line.missing),
        *(cell for finding in line.assessment.findings for cell in (finding.verdict.value, finding.count)),
    ]


def as_text(made: Report) -> str:
    """For a person at a terminal."""
    head = f"{RULE_VERSION}  {made.window.first} – {made.window.last}  {made.input_hash[:12]}"
    rows = [
        f"{line.offer.service.slug:32} {line.offer.agency.code:16} "
        f"{line.offer.service.declared_level or '–':>3} L{line.assessment.level}  {line.missing}"
        for line in made.lines
    ]
    return "\n".join([head, *rows])

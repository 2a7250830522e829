"""How mature and how quick the services are, for those who report on them: numbers, what proves them, and no person."""

import csv
import io
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.core.clock import bangkok_date
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import Db, as_file, render
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.reporter import (
    CriterionView,
    EvidencePage,
    OverviewPage,
    Period,
    PieceView,
    ReportLine,
    ServicePage,
)
from app.pages.who import REPORTING, duty
from app.reporting import maturity, wording
from app.reporting.criteria import LEVELS, RULE_VERSION, WINDOW_DAYS, Criterion, Finding, Piece
from app.reporting.evidence import Place
from app.reporting.figures import Figures, Share
from app.reporting.maturity import Line, Report
from app.stories import report
from app.stories.house import House
from app.stories.report import Behind

router = APIRouter()
Reporter = Annotated[OfficerSession, Depends(duty(*REPORTING))]
"""An officer who reports: on every agency, or on their own."""

HOME = "/officer/reports"
PER_PAGE = 50


@router.get(HOME)
def overview(request: Request, db: Db, officer: Reporter, as_of: str = "") -> Response:
    """Every service the officer reports on, by the 90 days that end with `as_of` (else today)."""
    house, problems = house_of(request), []
    try:
        last = report.day(house, as_of)
    except Invalid as wrong:
        last = bangkok_date(house.clock.now())
        problems = [Problem(field, _(text)) for field, text in wrong.problems.items()]
    page = _overview(db, house, officer, last, as_of, tuple(problems))
    return render(request, "reporter/overview.html", page, status=422 if problems else 200)


def _overview(
    db: Db, house: House, officer: OfficerSession, last: date, typed: str, problems: tuple[Problem, ...]
) -> OverviewPage:
    made = report.report(db, house, officer, last)
    numbers = report.figures_of(db, house, made)
    reached = Counter(line.assessment.level for line in made.lines)
    own = house.catalogue.agencies.get(report.sees(officer) or "")
    return OverviewPage(
        problems=problems,
        whose=own.name if own else None,
        period=_period(house, made),
        typed=typed if problems else last.isoformat(),
        lines=tuple(_line(line, numbers, made) for line in made.lines),
        levels=tuple((level, reached[level]) for level in (3, 2, 1, 0)),
        short=sum(line.short for line in made.lines),
    )


def _period(house: House, made: Report) -> Period:
    return Period(
        first=made.window.first,
        last=made.window.last,
        today=bangkok_date(house.clock.now()),
        days=WINDOW_DAYS,
        rule_version=RULE_VERSION,
        input_hash=made.input_hash,
    )


def _line(line: Line, numbers: Mapping[Place, Figures], made: Report) -> ReportLine:
    return ReportLine(
        href=_address(line, made),
        service=line.offer.service.short_name,
        agency=line.offer.agency.name,
        declared=line.declared,
        evidenced=line.assessment.level,
        short=line.short,
        missing=line.missing,
        figures=numbers[line.offer.place],
    )


def _address(line: Line, made: Report, *below: str) -> str:
    return "/".join((HOME, *line.offer.place, *below)) + f"?as_of={made.window.last.isoformat()}"


# — Files ——————————————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get(f"{HOME}.csv")
def levels_csv(request: Request, db: Db, officer: Reporter, as_of: str = "") -> Response:
    """The levels as a table: one row per service and agency."""
    made = report.report(db, house_of(request), officer, report.day(house_of(request), as_of))
    return as_csv(maturity.as_csv(made), f"maturity-{made.window.last.isoformat()}.csv")


@router.get(f"{HOME}/figures.csv")
def figures_csv(request: Request, db: Db, officer: Reporter, as_of: str = "") -> Response:
    """The figures as a table: every share with the part and the whole it was made from."""
    house = house_of(request)
    made = report.report(db, house, officer, report.day(house, as_of))
    numbers, out = report.figures_of(db, house, made), io.StringIO()
    csv.writer(out).writerows(_figures(made, numbers))
    return as_csv(out.getvalue(), f"figures-{made.window.last.isoformat()}.csv")


def as_csv(text: str, name: str) -> Response:
    """A table as a file that spreadsheets open with its letters right."""
    return as_file(text.encode("utf-8-sig"), name, "text/csv; charset=utf-8")


def _figures(made: Report, numbers: Mapping[Place, Figures]) -> Iterator[list[object]]:
    shares = ("in_time", "in_time_of", "right_first_time", "right_first_time_of")
    yield ["first_day", "last_day", "service", "agency", "submitted", "decided", "median_working_days", *shares]
    for line in made.lines:
        known = numbers[line.offer.place]
        days = "" if known.median_days is None else known.median_days
        whole: list[object] = [made.window.first.isoformat(), made.window.last.isoformat(), *line.offer.place]
        yield [*whole, known.submitted, known.decided, days, *_parts(known.in_time), *_parts(known.right_first_time)]


def _parts(share: Share) -> tuple[int, int]:
    return share.part, share.whole


# — One service ————————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get(f"{HOME}/{{slug}}/{{agency}}")
def service(request: Request, db: Db, officer: Reporter, slug: str, agency: str, as_of: str = "") -> Response:
    """The eight criteria of one service at one agency."""
    house = house_of(request)
    found = report.behind(db, house, officer, slug, agency, report.day(house, as_of))
    views = {finding.criterion: _criterion(found, finding) for finding in found.line.assessment.findings}
    page = ServicePage(
        line=_line(found.line, {found.line.offer.place: found.figures}, found.report),
        period=_period(house, found.report),
        levels=tuple((level, tuple(views[criterion] for criterion in eight)) for level, eight in LEVELS.items()),
        documents=found.line.offer.known.documents,
        linkable=found.line.offer.known.linkable,
    )
    return render(request, "reporter/service.html", page)


def _criterion(found: Behind, finding: Finding) -> CriterionView:
    return CriterionView(
        criterion=finding.criterion,
        name=wording.name(finding.criterion),
        verdict=finding.verdict,
        word=wording.verdict(finding),
        why=wording.why(finding, found.line.offer.known),
        href=_address(found.line, found.report, finding.criterion.value),
        count=finding.count + finding.broken,
        newest=tuple((piece.reference, piece.at) for piece in finding.newest),
    )


@router.get(f"{HOME}/{{slug}}/{{agency}}/{{criterion}}")
def behind(
    request: Request,
    db: Db,
    officer: Reporter,
    slug: str,
    agency: str,
    criterion: Criterion,
    as_of: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The list behind one count, newest first."""
    house = house_of(request)
    found = report.behind(db, house, officer, slug, agency, report.day(house, as_of))
    return render(request, "reporter/evidence.html", _evidence(house, found, criterion, page))


def _evidence(house: House, found: Behind, criterion: Criterion, number: int) -> EvidencePage:
    listed = found.of(criterion)
    finding = next(f for f in found.line.assessment.findings if f.criterion is criterion)
    return EvidencePage(
        line=_line(found.line, {found.line.offer.place: found.figures}, found.report),
        period=_period(house, found.report),
        criterion=wording.name(criterion),
        why=wording.why(finding, found.line.offer.known),
        pieces=tuple(_piece(house, piece) for piece in listed[(number - 1) * PER_PAGE : number * PER_PAGE]),
        total=len(listed),
        number=number,
        pages=max(1, math.ceil(len(listed) / PER_PAGE)),
        path="/".join((HOME, *found.line.offer.place, criterion.value)),
    )


def _piece(house: House, piece: Piece) -> PieceView:
    proof = tuple(_proof(house, piece.fact))
    return PieceView(at=piece.at, reference=piece.reference, proof=proof, holds=piece.holds)


def _proof(house: House, fact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What proves it, as (term, text)."""
    for registry, count in (fact.get("answers") or {}).items():
        yield _("คำตอบจากทะเบียน"), f"{registry.upper()} {count}"
    for key in fact.get("documents") or {}:
        known = house.catalogue.documents.get(key)
        yield _("ใช้ข้อมูลทะเบียนแทน"), known.name.to(lang()) if known else key
    signature = fact.get("signature") or {}
    terms = {
        "subject": _("ผู้ลงนาม"),
        "issuer": _("ผู้ออกใบรับรอง"),
        "stamped_at": _("ประทับเวลา"),
        "stamped_by": _("ผู้ประทับเวลา"),
    }
    yield from ((word, str(signature[key])) for key, word in terms.items() if signature.get(key))
    if fact.get("checker"):
        yield (
            _("ผลตรวจ"),
            _("%(profile)s ไม่พบข้อผิด") % {"profile": fact["profile"]}
            if not fact["findings"]
            else str(len(fact["findings"])),
        )
        yield _("ตรวจด้วย"), str(fact["checker"])
    if fact.get("sha256"):
        yield "SHA-256", str(fact["sha256"])
    yield _("รหัสเหตุการณ์"), str(fact["event"])

"""What a reporter reads: maturity and figures, of every agency or of the officer's own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, deadlines
from app.applications.case_letters import CaseLetter, Says
from app.applications.deadlines import ClockEntry, Tick, Unit
from app.core.clock import bangkok_date
from app.core.errors import Invalid, NotFound
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.reporting import delays as delayed
from app.reporting import evidence, maturity
from app.reporting.criteria import Criterion, Piece, Window
from app.reporting.delays import Delay
from app.reporting.evidence import Decision, Place
from app.reporting.figures import Decided, Figures, figures
from app.reporting.maturity import Line, Report
from app.stories import case_letter, look
from app.stories.house import House

EARLIEST = date(2020, 1, 1)
"""Before there was a portal: nobody asks for an earlier day on purpose."""


def sees(officer: OfficerSession) -> str | None:
    """Whose services an officer reads about: every agency's with the duty to report, else their own agency's."""
    return None if Duty.REPORT in officer.duties else officer.agency_code


def day(house: House, typed: str) -> date:
    """The last day of the window that was asked for; today when nothing was typed. Raises Invalid."""
    today = bangkok_date(house.clock.now())
    if not typed:
        return today
    try:
        asked = date.fromisoformat(typed)
    except ValueError:
        asked = None
    if asked is None or not EARLIEST <= asked <= today:
        raise Invalid(problems={"as_of": "เลือกวันที่ไม่เกินวันนี้"})
    return asked


def figures_of(db: Session, house: House, made: Report) -> Mapping[Place, Figures]:
    """The figures of every line of a report, in its window."""
    found = evidence.decisions(db, made.window)
    clocks = cases.clock_entries_of(db, [decision.application_id for decision in found])
    decided: defaultdict[Place, list[Decided]] = defaultdict(list)
    for decision in found:
        moves = [m for m in clocks[decision.application_id] if m.tick is Tick.START or m.at <= decision.at]
        decided[decision.service, decision.agency].append(_decided(db, house, decision, moves))
    return {line.offer.place: figures(_submitted(line), decided[line.offer.place]) for line in made.lines}


def _submitted(line: Line) -> int:
    return next(f.count for f in line.assessment.findings if f.criterion is Criterion.E_FORM)


def _decided(db: Session, house: House, decision: Decision, moves: list[ClockEntry]) -> Decided:
    if not moves:
        return Decided(decision.right_first_time, None, None)
    manual = house.service(db, decision.service, decision.version).duration
    legal = deadlines.read(moves, manual.n, Unit(manual.unit), decision.at)
    worked = deadlines.read(moves, manual.n, Unit.WORKING_DAYS, decision.at)
    return Decided(decision.right_first_time, not legal.late, worked.used)


def report(db: Session, house: House, officer: OfficerSession, as_of: date) -> Report:
    """The report as far as this officer sees."""
    return maturity.report(db, house.catalogue, as_of, sees(officer))


def delays(db: Session, officer: OfficerSession, as_of: date) -> list[Delay]:
    """The notices of delay of the window that ends with `as_of`, as far as this officer sees."""
    return delayed.delays(db, Window(as_of), sees(officer))


def delay_copy(db: Session, house: House, officer: OfficerSession, letter_id: UUID, now: datetime) -> tuple[str, str]:
    """Number and file (sha256 hex) of a notice of delay, for whom the law wants a copy; the look is recorded (s.10)."""
    letter = db.get(CaseLetter, letter_id)
    if letter is None or letter.says is not Says.DELAY or sees(officer) not in {None, letter.agency_code}:
        raise NotFound
    number, digest = case_letter.of_case(db, letter.application_id, letter_id)
    application = cases.by_system(db, letter.application_id)
    look.recorded(db, house, officer, application, look.LETTER, look.COPY, now)
    return number, digest


@dataclass(frozen=True)
class Behind:
    """One line of the report with everything behind it."""

    report: Report
    line: Line
    figures: Figures
    pieces: Sequence[Piece]

    def of(self, criterion: Criterion) -> list[Piece]:
        """The evidence for one criterion, newest first."""
        return sorted((p for p in self.pieces if p.criterion is criterion), key=Piece.order, reverse=True)


def behind(db: Session, house: House, officer: OfficerSession, slug: str, agency: str, as_of: date) -> Behind:
    """One service at one agency; NotFound when there is no such line or the officer does not see it."""
    made = report(db, house, officer, as_of)
    line = made.line(slug, agency)
    if line is None:
        raise NotFound
    found = evidence.pieces(db, made.window)[line.offer.place]
    return Behind(made, line, figures_of(db, house, made)[line.offer.place], found)

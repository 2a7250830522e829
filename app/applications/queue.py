"""What waits at an agency: tabs that cover every case, their counts, and one page of a tab, least time left first."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    String,
    and_,
    any_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from app.applications.cases import Reach
from app.applications.models import Application
from app.applications.workflow import FINAL, State
from app.core.reading import Prepared
from app.core.thai import clean

TABS = ("new", "mine", "colleagues", "applicant", "soon", "late", "done")
PER_PAGE = 25


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue: what an officer needs to choose the next case."""

    id: UUID
    number: str
    service_slug: str
    service_version: int
    applicant_name: str
    premises_name: str
    state: State
    submitted_at: datetime
    check_by: date
    due_on: date | None
    taken_by: UUID | None
    taken_name: str | None
    proposed: bool
    next_on: date | None
    revision: int


@dataclass(frozen=True)
class Hand:
    """What an officer can move on by themselves; `two_hands`: services in which one proposes and another signs."""

    checks: bool
    decides: bool
    two_hands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What is looked for in a tab. `hand`: only what this officer could move on now, their own or nobody's."""

    tab: str
    text: str = ""
    service: str = ""
    hand: Hand | None = None

    @property
    def narrowed(self) -> bool:
        """Whether this is less than the whole tab."""
        return bool(clean(self.text) or self.service or self.hand)


def _in(states: Iterable[State]) -> Any:
    """States as literals: an index over some of them serves only a statement that names them."""
    return text(f"applications.state in ({', '.join(repr(str(state)) for state in states)})")


_next_on = func.coalesce(Application.due_on, Application.check_by)
"""What is due next: the decision, and while the clock has not started, the check."""
_at_agency = _in((State.SUBMITTED, State.ACCEPTED))
_today: Any = bindparam("today")
_soon: Any = bindparam("soon")
_officer: Any = bindparam("officer")
_tab = {
    "new": and_(_at_agency, Application.taken_by.is_(None)),
    "mine": and_(_at_agency, Application.taken_by == _officer),
    "colleagues": and_(_at_agency, Application.taken_by.is_not(None), Application.taken_by != _officer),
    "applicant": _in((State.RETURNED, State.AWAITING_PAYMENT)),
    "soon": and_(_at_agency, _next_on >= _today, _next_on <= _soon),
    "late": and_(_at_agency, _next_on < _today),
    "done": _in((State.PREPARING, *sorted(FINAL))),
}


def _here(*, one_office: bool) -> list[Any]:
    found = [Application.agency_code == bindparam("agency")]
    return [*found, Application.office_code == bindparam("office")] if one_office else found


@cache
def _counts(*, one_office: bool) -> Prepared:
    """Open cases are counted in one walk over the index of open cases, ended ones over theirs."""
    here, waiting = _here(one_office=one_office), [tab for tab in TABS if tab != "done"]
    still_open = (
        select(*(func.count().filter(_tab[tab]).label(tab) for tab in waiting))
        .select_from(Application)
        .where(*here, Application.closed_at.is_(None))
        .subquery("still_open")
    )
    done = select(func.count()).select_from(Application).where(*here, _tab["done"]).scalar_subquery().label("done")
    return Prepared(select(*(still_open.c[tab] for tab in waiting), done))


def _seen_by(reach: Reach, today: date, soon: date) -> dict[str, Any]:
    """The values of the queue's statements."""
    return {
        "agency": reach.agency_code,
        "office": reach.office_code,
        "officer": reach.officer_id,
        "today": today,
        "soon": soon,
    }


def tab_counts(db: Session, reach: Reach, today: date, soon: date) -> dict[str, int]:
    """How many cases each tab holds, in one query."""
    counted = _counts(one_office=reach.office_code is not None)
    return dict(counted.row(db, **_seen_by(reach, today, soon))._asdict())


def _mine_to_move(*, checks: bool, decides: bool) -> Any:
    """Nobody's or my own, at a step that is within my duties, and not my own proposal."""
    two_hands = Application.service_slug == any_(bindparam("two_hands", type_=ARRAY(String)))
    accepted, unproposed = Application.state == literal_column("'accepted'"), Application.proposed_by.is_(None)
    steps: list[Any] = [false()]
    if checks:
        steps += [Application.state == literal_column("'submitted'"), and_(accepted, unproposed, two_hands)]
    if decides:
        steps += [and_(accepted, unproposed, ~two_hands), and_(accepted, Application.proposed_by != _officer)]
    return and_(or_(Application.taken_by.is_(None), Application.taken_by == _officer), or_(*steps))


@cache
def _statements(
    tab: str, *, one_office: bool, searching: bool, one_service: bool, hand: tuple[bool, bool] | None
) -> tuple[Prepared, Prepared]:
    """What counts the rows of a tab, and what lists them page by page: built once for each combination of filters."""
    where = [*_here(one_office=one_office), _tab[tab]]
    if tab != "done":
        where.append(Application.closed_at.is_(None))  # no other case is in these tabs, and the index says so
    if searching:
        names = (Application.number, Application.applicant_name, Application.premises_name)
        where.append(or_(*(func.lower(name).like(func.lower(bindparam("text")), escape="/") for name in names)))
    if one_service:
        where.append(Application.service_slug == bindparam("service"))
    if hand is not None:
        where.append(_mine_to_move(checks=hand[0], decides=hand[1]))
    officers = Application.metadata.tables["officers"]
    order = (
        (Application.closed_at.desc().nulls_first(), Application.number)
        if tab == "done"
        else (_next_on, Application.submitted_at, Application.number)
    )
    rows = (
        select(
            Application.id,
            Application.number,
            Application.service_slug,
            Application.service_version,
            Application.applicant_name,
            Application.premises_name,
            Application.state,
            Application.submitted_at,
            Application.check_by,
            Application.due_on,
            Application.taken_by,
            officers.c.name_th.label("taken_name"),
            Application.proposed_by.is_not(None).label("proposed"),
            _next_on.label("next_on"),
            Application.revision,
        )
        .outerjoin(officers, officers.c.id == Application.taken_by)
        .where(*where)
        .order_by(*order)
        .limit(bindparam("per_page", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    return Prepared(select(func.count()).select_from(Application).where(*where)), Prepared(rows)


def queue(
    db: Session,
    reach: Reach,
    asked: Asked,
    today: date,
    soon: date,
    *,
    page: int = 1,
    held: int | None = None,
) -> tuple[list[QueueRow], int]:
    """One page of a tab, least time left first; and how many rows the filter finds.

    `held`: how many rows the tab holds, where the caller has counted them: without a filter they are not counted again.
    """
    count, rows, values = _asked(reach, asked, today, soon)
    found = held if held is not None and not asked.narrowed else int(count.row(db, **values)[0])
    return _read(db, rows, values, (page - 1) * PER_PAGE, PER_PAGE), found


def first(
    db: Session, reach: Reach, asked: Asked, today: date, soon: date, *, but: Collection[UUID] = (), count: int = 1
) -> list[QueueRow]:
    """The first rows of a tab, least time left first, without those in `but`."""
    _, rows, values = _asked(reach, asked, today, soon)
    found = _read(db, rows, values, 0, count + len(but))
    return [row for row in found if row.id not in but][:count]


def _asked(reach: Reach, asked: Asked, today: date, soon: date) -> tuple[Prepared, Prepared, dict[str, Any]]:
    words, hand = clean(asked.text), asked.hand
    count, rows = _statements(
        asked.tab,
        one_office=reach.office_code is not None,
        searching=bool(words),
        one_service=bool(asked.service),
        hand=(hand.checks, hand.decides) if hand else None,
    )
    values = _seen_by(reach, today, soon) | {
        "text": "%" + re.sub(r"([/%_])", r"/\1", words) + "%",
        "service": asked.service,
        "two_hands": [*hand.two_hands] if hand else [],
    }
    return count, rows, values


def _read(db: Session, rows: Prepared, values: dict[str, Any], offset: int, count: int) -> list[QueueRow]:
    return [QueueRow(*row) for row in rows.rows(db, **values, offset=offset, per_page=count)]

"""What a licence rests on: the other licences it needs, and how far each of them has come. The catalogue says which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.applications import supports as found_elsewhere
from app.applications.models import Application
from app.applications.supports import SupportCheck
from app.applications.workflow import FINAL, State
from app.catalogue import conditions
from app.catalogue.manual import Need
from app.catalogue.schema import Service, Text
from app.core.clock import bangkok_date
from app.licences import life
from app.licences.life import Standing
from app.licences.models import Licence
from app.stories.house import House


class Ground(StrEnum):
    """How far the licence that is needed has come."""

    THERE = "there"
    SEEN = "seen"
    """An officer saw it elsewhere: it was issued outside this portal."""
    SPARED = "spared"
    """An officer found that the law does not ask for it here."""
    RUNNING = "running"
    MISSING = "missing"


@dataclass(frozen=True)
class Support:
    """One need of an application: which licence, how far it is, and (when there is one) the case that brings it."""

    need: Need
    slug: str
    name: Text
    ground: Ground
    number: str = ""
    form_id: UUID | None = None
    check: SupportCheck | None = None
    """What an officer found about it, whatever came afterwards."""

    @property
    def key(self) -> str:
        """By what the need is known among those of its service."""
        return self.need.services[0]

    @property
    def lacking(self) -> bool:
        """Whether the officers may not grant before it is there."""
        return self.need.before == "decision" and self.ground in {Ground.RUNNING, Ground.MISSING}


_OWN = (
    select(
        Application.service_slug,
        Application.number,
        Application.state,
        Application.single_form_id,
        Licence.status,
        Licence.valid_until,
        Licence.suspended_until,
    )
    .outerjoin(Licence, Licence.application_id == Application.id)
    .where(
        Application.applicant_id == bindparam("applicant"),
        Application.service_slug.in_(bindparam("slugs", expanding=True)),
    )
    .order_by(Application.submitted_at.desc(), Application.number)
)
_ANSWERS = select(Application.id, Application.answers).where(Application.id.in_(bindparam("ids", expanding=True)))


def supports(
    db: Session, house: House, applicant_id: UUID, asked: Iterable[tuple[UUID, Service]], now: datetime
) -> dict[UUID, tuple[Support, ...]]:
    """What each of these applications of one applicant rests on now. Nothing is asked when no service needs another."""
    needing = [(application_id, service) for application_id, service in asked if service.needs]
    if not needing:
        return {}
    ids = [application_id for application_id, _ in needing]
    slugs = sorted({slug for _, service in needing for need in service.needs for slug in need.services})
    own: dict[str, list[_Case]] = {slug: [] for slug in slugs}
    for row in db.execute(_OWN, {"applicant": applicant_id, "slugs": slugs}):
        there = row.state is State.ISSUED and _holds(row, now)
        own[row.service_slug].append(_Case(row.number, row.state, row.single_form_id, there))
    answers = {
        application_id: {key: given["value"] for key, given in kept.items()}
        for application_id, kept in db.execute(_ANSWERS, {"ids": ids})
    }
    checks = found_elsewhere.of(db, ids)
    return {
        application_id: tuple(
            _support(house, need, own, checks.get((application_id, need.services[0])))
            for need in service.needs
            if conditions.holds(need.when, answers[application_id])
        )
        for application_id, service in needing
    }


def of_case(
    db: Session, house: House, application: Application, service: Service, now: datetime
) -> tuple[Support, ...]:
    """What one application rests on now."""
    asked = [(application.id, service)]
    return supports(db, house, application.applicant_id, asked, now).get(application.id, ())


def _holds(row: Any, now: datetime) -> bool:
    """Whether a licence counts: valid and not over, by the calendar. A service that issues none has no status."""
    if row.status is None:
        return True
    return life.standing(row.status, row.valid_until, bangkok_date(now), row.suspended_until) is Standing.VALID


@dataclass(frozen=True)
class _Case:
    number: str
    state: State
    form_id: UUID
    there: bool


def _support(house: House, need: Need, own: dict[str, list[_Case]], check: SupportCheck | None) -> Support:
    """The best there is: a licence, what an officer found, a running case, else the first service that would do."""
    mine = [(slug, case) for slug in need.services for case in own[slug]]
    for slug, case in mine:
        if case.there:
            return Support(need, slug, _name(house, slug), Ground.THERE, case.number, case.form_id, check)
    first, name = need.services[0], _name(house, need.services[0])
    if check is not None:
        return Support(need, first, name, Ground.SPARED if check.ground else Ground.SEEN, check=check)
    for slug, case in mine:
        if case.state not in FINAL:
            return Support(need, slug, _name(house, slug), Ground.RUNNING, case.number, case.form_id)
    return Support(need, first, name, Ground.MISSING)


def _name(house: House, slug: str) -> Text:
    return house.catalogue.services[slug].result_name

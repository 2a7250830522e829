"""What a licence rests on: the other licences it needs, and how far each of them has come. The catalogue says which."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.workflow import FINAL, State
from app.catalogue import conditions
from app.catalogue.manual import Need
from app.catalogue.schema import Service, Text
from app.licences.models import Licence, Status
from app.stories.house import House


class Ground(StrEnum):
    """How far the licence that is needed has come."""

    THERE = "there"
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


_OWN = (
    select(
        Application.service_slug,
        Application.number,
        Application.state,
        Application.single_form_id,
        Licence.status,
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
    db: Session, house: House, applicant_id: UUID, asked: Iterable[tuple[UUID, Service]]
) -> dict[UUID, tuple[Support, ...]]:
    """What each of these applications of one applicant rests on now. Nothing is asked when no service needs another."""
    needing = [(application_id, service) for application_id, service in asked if service.needs]
    if not needing:
        return {}
    slugs = sorted({slug for _, service in needing for need in service.needs for slug in need.services})
    own: dict[str, list[_Case]] = {slug: [] for slug in slugs}
    for slug, number, state, form_id, status in db.execute(_OWN, {"applicant": applicant_id, "slugs": slugs}):
        own[slug].append(_Case(number, state, form_id, state is State.ISSUED and status in {None, Status.VALID}))
    answers = {
        application_id: {key: given["value"] for key, given in kept.items()}
        for application_id, kept in db.execute(_ANSWERS, {"ids": [application_id for application_id, _ in needing]})
    }
    return {
        application_id: tuple(
            _support(house, need, own) for need in service.needs if conditions.holds(need.when, answers[application_id])
        )
        for application_id, service in needing
    }


@dataclass(frozen=True)
class _Case:
    number: str
    state: State
    form_id: UUID
    there: bool


def _support(house: House, need: Need, own: dict[str, list[_Case]]) -> Support:
    """The best there is: a licence, else a running case, else the first service that would do."""
    mine = [(slug, case) for slug in need.services for case in own[slug]]
    for ground, fits in (
        (Ground.THERE, lambda case: case.there),
        (Ground.RUNNING, lambda case: case.state not in FINAL),
    ):
        for slug, case in mine:
            if fits(case):
                return Support(need, slug, _name(house, slug), ground, case.number, case.form_id)
    return Support(need, need.services[0], _name(house, need.services[0]), Ground.MISSING)


def _name(house: House, slug: str) -> Text:
    return house.catalogue.services[slug].result_name

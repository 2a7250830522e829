"""Reads the evidence of a window through the view `views.evidence` (views.sql, beside this module)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.catalogue.agencies import Agency, ToDepartment
from app.catalogue.amounts import NoFee
from app.catalogue.charges import OrdinanceFee
from app.catalogue.schema import Catalogue, Service
from app.reporting.criteria import Criterion, Known, Piece, Window

_EVIDENCE = text(
    """
    select service, agency, criterion, at, reference, fact, holds from views.evidence
    where at >= :start and at < :end order by service, agency, criterion, at, reference, fact ->> 'event'
    """
).bindparams(bindparam("start"), bindparam("end"))

_DECISIONS = text(
    """
    select application_id, service, version, agency, at, right_first_time from views.decisions
    where at >= :start and at < :end order by service, agency, at, application_id
    """
).bindparams(bindparam("start"), bindparam("end"))

Place = tuple[str, str]
"""A service (slug) at an agency (code)."""


@dataclass(frozen=True)
class Offer:
    """One service as one agency gives it: the unit that the OPDC counts."""

    service: Service
    agency: Agency
    known: Known

    @property
    def place(self) -> Place:
        """Its names."""
        return self.service.slug, self.agency.code


def offers(catalogue: Catalogue) -> list[Offer]:
    """Every service at every agency that gives it, in the catalogue's order."""
    return [
        Offer(service, agency, _known(catalogue, service, agency))
        for service in catalogue.services.values()
        for agency in catalogue.agencies.values()
        if _gives(catalogue, service, agency)
    ]


def _gives(catalogue: Catalogue, service: Service, agency: Agency) -> bool:
    if isinstance(service.receiver, ToDepartment):
        return service.receiver.agency == agency.code
    if agency.kind != "local_authority":
        return False
    ordinance = catalogue.ordinances.get(agency.code)
    return not isinstance(service.fee, OrdinanceFee) or (ordinance is not None and service.slug in ordinance.fees)


def _known(catalogue: Catalogue, service: Service, agency: Agency) -> Known:
    return Known(
        free=isinstance(catalogue.fee(service, agency), NoFee),
        documents=len(service.documents),
        linkable=sum(use.document.waived_by is not None for use in service.documents),
        issues=service.licence is not None,
    )


def pieces(db: Session, window: Window) -> dict[Place, list[Piece]]:
    """Everything the events prove in the window, by service and agency."""
    found: defaultdict[Place, list[Piece]] = defaultdict(list)
    for row in db.execute(_EVIDENCE, {"start": window.start, "end": window.end}):
        found[row.service, row.agency].append(
            Piece(Criterion(row.criterion), row.at, row.reference, row.fact, row.holds)
        )
    return found


@dataclass(frozen=True)
class Decision:
    """One application decided in the window."""

    application_id: UUID
    service: str
    version: int
    agency: str
    at: datetime
    right_first_time: bool


def decisions(db: Session, window: Window) -> list[Decision]:
    """Every decision of the window."""
    return [Decision(**row._mapping) for row in db.execute(_DECISIONS, {"start": window.start, "end": window.end})]

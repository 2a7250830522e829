"""What lies ahead of a choice: the money and the last day of an answer, as far as what is known decides them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.applications import deadlines
from app.applications.deadlines import Unit
from app.billing.fees import quote
from app.catalogue.amounts import NoFee
from app.catalogue.charges import KnownFee, OrdinanceFee, SeveralFees
from app.catalogue.conditions import Answers, decided
from app.catalogue.schema import Catalogue, Service
from app.core.errors import Invalid
from app.stories.house import House


@dataclass(frozen=True)
class Span:
    """An amount in satang between `low` and `high`; one amount when they are equal, without end when `high` is None."""

    low: int
    high: int | None

    def plus(self, other: "Span") -> "Span":
        """Both together."""
        return Span(self.low + other.low, None if None in (self.high, other.high) else _sum(self.high, other.high))


@dataclass(frozen=True)
class Ahead:
    """Of every service, by slug: what it costs, and by which day it is answered when it is complete today."""

    costs: dict[str, Span]
    answered_by: dict[str, date]

    @property
    def total(self) -> Span:
        """What all of them cost together."""
        total = Span(0, 0)
        for span in self.costs.values():
            total = total.plus(span)
        return total

    @property
    def last_day(self) -> date | None:
        """The day by which the last of them is answered: agencies work at the same time."""
        return max(self.answered_by.values(), default=None)


def ahead(house: House, services: Iterable[Service], known: Answers, now: datetime) -> Ahead:
    """What these services cost and when they are answered, as far as `known` decides it."""
    received, chosen = deadlines.deemed_received_on(now), tuple(services)
    return Ahead(
        costs={service.slug: _cost(house.catalogue, service, known) for service in chosen},
        answered_by={service.slug: _answered_by(service, received) for service in chosen},
    )


def _answered_by(service: Service, received: date) -> date:
    if service.duration.unit == "minutes":
        return received
    return deadlines.days_after(received, service.duration.n, Unit(service.duration.unit))


def _cost(catalogue: Catalogue, service: Service, known: Answers) -> Span:
    """The least and the most that any agency it may go to can ask."""
    spans = [_span(service, fee, known) for fee in _fees(catalogue, service)]
    if not spans:
        return Span(0, service.fee.cap if isinstance(service.fee, OrdinanceFee) else None)
    highs = [span.high for span in spans]
    return Span(min(span.low for span in spans), None if None in highs else max(high or 0 for high in highs))


def _fees(catalogue: Catalogue, service: Service) -> list[KnownFee]:
    if not isinstance(service.fee, OrdinanceFee):
        return [service.fee]
    return [
        catalogue.fee(service, agency)
        for agency in catalogue.agencies.values()
        if agency.code in catalogue.ordinances and service.slug in catalogue.ordinances[agency.code].fees
    ]


def _span(service: Service, fee: KnownFee, known: Answers) -> Span:
    total = Span(0, 0)
    for part in _parts(fee):
        total = total.plus(_part(service, part, known))
    return total


def _parts(fee: KnownFee) -> Iterator[KnownFee]:
    if isinstance(fee, SeveralFees):
        yield from fee.parts
    elif not isinstance(fee, NoFee):
        yield fee


def _part(service: Service, part: KnownFee, known: Answers) -> Span:
    """One fee: the amount when the answers lead to one, else from its lowest to its highest."""
    due = decided(getattr(part, "when", None), known)
    if due is False:
        return Span(0, 0)
    try:
        exact = quote(service, part, known).total if due else None
    except Invalid:
        exact = None
    if exact is not None:
        return Span(exact, exact)
    low, high = getattr(part, "lowest", 0), getattr(part, "highest", None)
    vat = getattr(part, "vat", None)
    taxed = [None if one is None else round(one * (100 + vat.percent) / 100) if vat else one for one in (low, high)]
    return Span((taxed[0] or 0) if due else 0, taxed[1])


def _sum(one: int | None, other: int | None) -> int:
    return (one or 0) + (other or 0)

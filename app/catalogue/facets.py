"""By what a list of services is narrowed down: who receives them, life event, cost, how far they are online. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.catalogue.agencies import ToDepartment
from app.catalogue.amounts import NoFee
from app.catalogue.charges import OrdinanceFee
from app.catalogue.schema import Catalogue, Service
from app.catalogue.texts import Text

LOCAL: Final = "local"
"""The one value for every local authority: which of them it is follows from the address."""
LOW: Final = 1_000_00
"""Satang up to which a fee is low."""

Chosen = Mapping[str, Collection[str]]
"""Facet to the values that were chosen; without any, everything passes."""

FACETS: Final = ("agency", "event", "fee", "level")

_LOCAL: Final = Text(th="ท้องถิ่นที่ร้านตั้งอยู่", en="The local authority where the shop is")
_FEES: Final = {
    "free": Text(th="ไม่มีค่าธรรมเนียม", en="Free"),
    "low": Text(th="ไม่เกิน 1,000\u00a0บาท", en="Up to 1,000\u00a0baht"),
    "more": Text(th="เกิน 1,000\u00a0บาท หรือคิดตามขนาด", en="More than 1,000\u00a0baht, or by size"),
}
_LEVELS: Final = {
    "L3": Text(th="ครบทุกขั้นตอน ถึงรับเอกสาร (L3)", en="All the way to the document (L3)"),
    "L2": Text(th="ยื่นและชำระ (L2)", en="Apply and pay (L2)"),
    "L1": Text(th="ยื่นคำขอ (L1)", en="Apply (L1)"),
}


@dataclass(frozen=True)
class Option:
    """One value of a facet, how many services of what was found have it, and whether it is chosen."""

    facet: str
    value: str
    label: Text
    count: int
    chosen: bool


def narrowed(services: Iterable[Service], chosen: Chosen) -> list[Service]:
    """The services that have one of the chosen values in every facet where something is chosen."""
    return [service for service in services if all(_passes(service, facet, chosen) for facet in FACETS)]


def options(catalogue: Catalogue, services: Sequence[Service], chosen: Chosen) -> dict[str, list[Option]]:
    """What each facet offers. A count says what choosing it gives, with what is chosen in the other facets."""
    labels = {
        "agency": {LOCAL: _LOCAL} | {code: agency.short_name for code, agency in catalogue.agencies.items()},
        "event": dict(catalogue.finding.life_events),
        "fee": _FEES,
        "level": _LEVELS,
    }
    found: dict[str, list[Option]] = {}
    for facet, names in labels.items():
        others = [one for one in services if all(_passes(one, other, chosen) for other in FACETS if other != facet)]
        values = [value for service in others for value in _VALUES[facet](service)]
        picked = chosen.get(facet, ())
        found[facet] = [
            Option(facet, value, label, values.count(value), value in picked)
            for value, label in names.items()
            if value in values or value in picked
        ]
    return found


def _passes(service: Service, facet: str, chosen: Chosen) -> bool:
    return not chosen.get(facet) or not set(chosen[facet]).isdisjoint(_VALUES[facet](service))


def _agency(service: Service) -> tuple[str, ...]:
    return (service.receiver.agency if isinstance(service.receiver, ToDepartment) else LOCAL,)


def _fee(service: Service) -> tuple[str, ...]:
    fee = service.fee
    if isinstance(fee, NoFee):
        return ("free",)
    highest = fee.cap if isinstance(fee, OrdinanceFee) else fee.highest
    return ("more",) if highest is None or highest > LOW else ("low",)


_VALUES: Final[dict[str, Callable[[Service], tuple[str, ...]]]] = {
    "agency": _agency,
    "event": lambda service: service.life_events,
    "fee": _fee,
    "level": lambda service: (service.declared_level,) if service.declared_level else (),
}

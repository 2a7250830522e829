"""What a person chose, and what it comes to: the answers may call for another service of the same kind.

Pure. A person chooses "a restaurant" once; whether that is a notification or a licence follows from the floor area. The
choice is kept as it was made and settled anew from the answers every time, so that changing an answer changes it back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalogue.answers import broken, for_service
from app.catalogue.asking import named
from app.catalogue.conditions import Answers, Condition, Not, explain
from app.catalogue.manual import Limit
from app.catalogue.schema import Catalogue, Service
from app.catalogue.texts import Text


@dataclass(frozen=True)
class Swap:
    """The answers call for `service` instead of the one that was `chosen`, for the limit they break."""

    chosen: Service
    service: Service
    limit: Limit

    @property
    def decides(self) -> str:
        """The key of the question that decides."""
        return self.limit.at


@dataclass(frozen=True)
class Settled:
    """The services that these answers call for, each once, in the order chosen; and what was swapped."""

    services: tuple[Service, ...]
    swaps: tuple[Swap, ...]


def settle(catalogue: Catalogue, chosen: Iterable[Service], answers: Answers) -> Settled:
    """What the chosen services come to under these answers."""
    services: dict[str, Service] = {}
    swaps = []
    for service in chosen:
        swap = _swap(catalogue, service, answers)
        if swap is not None:
            swaps.append(swap)
        settled = swap.service if swap else service
        services.setdefault(settled.slug, settled)
    return Settled(tuple(services.values()), tuple(swaps))


def _swap(catalogue: Catalogue, service: Service, answers: Answers) -> Swap | None:
    others = ((limit, catalogue.services.get(limit.instead or "")) for limit in service.limits)
    leading = [(limit, other) for limit, other in others if other is not None]
    said = for_service(service, answers) if leading else {}
    for limit, other in leading:
        if broken(limit, said):
            theirs = for_service(other, answers)
            if not any(broken(one, theirs) for one in other.limits):
                return Swap(service, other, limit)
    return None


def alternatives(catalogue: Catalogue, service: Service) -> list[tuple[Service, Condition]]:
    """The services that answers may call for instead of this one, and when."""
    found = []
    for limit in service.limits:
        other = catalogue.services.get(limit.instead or "")
        if other is not None:
            mirror = next((one.must for one in other.limits if one.instead == service.slug), None)
            found.append((other, mirror or Not.model_validate({"not": limit.must})))
    return found


def when_called_for(catalogue: Catalogue, swap: Swap) -> Condition:
    """The condition under which the swapped service is the right one."""
    return next(when for other, when in alternatives(catalogue, swap.chosen) if other.slug == swap.service.slug)


def reachable(catalogue: Catalogue, chosen: Iterable[Service]) -> tuple[Service, ...]:
    """The chosen services and everything that answers may call for instead, each once."""
    found: dict[str, Service] = {}
    for service in chosen:
        for one in (service, *(other for other, _ in alternatives(catalogue, service))):
            found.setdefault(one.slug, one)
    return tuple(found.values())


def in_words(catalogue: Catalogue, condition: Condition) -> Text:
    """A condition as a person reads it inside a sentence, to follow "ถ้า" and "if"."""
    thai, english = (explain(condition, catalogue.questions, lang) for lang in ("th", "en"))
    return named(Text.model_construct(th=thai, en=english))


def without_twins(catalogue: Catalogue, slugs: Sequence[str]) -> list[str]:
    """What can be chosen together: known services, each once, and of two alternatives only the one named first."""
    kept: list[str] = []
    taken: set[str] = set()
    for slug in slugs:
        service = catalogue.services.get(slug)
        if service is not None and slug not in taken:
            kept.append(slug)
            taken |= {slug, *(other.slug for other, _ in alternatives(catalogue, service))}
    return kept

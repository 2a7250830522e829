"""What the answers of the quiz come to: what is needed, what is not, what is still open, and which question says so.

Pure. The rule of a service says who needs it; its limits, the same that the form obeys, say whom it is not for and
where to turn to instead. Whatever the answers leave open is said to be open, never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from app.catalogue import choosing, quiz
from app.catalogue.answers import broken
from app.catalogue.conditions import Answers, decided, facts
from app.catalogue.manual import Limit, Need
from app.catalogue.quiz import QuizRule, Said
from app.catalogue.schema import Catalogue, Service


@dataclass(frozen=True)
class Verdict:
    """One service, its rule, and the questions whose answers settle it or leave it open."""

    service: Service
    rule: QuizRule
    questions: tuple[str, ...]
    limit: Limit | None = None
    """What rules it out although its rule applies."""


@dataclass(frozen=True)
class Outcome:
    """The services by what the answers say of them; `stopped` are needed by their rule and cannot be had."""

    needed: tuple[Verdict, ...]
    perhaps: tuple[Verdict, ...]
    not_needed: tuple[Verdict, ...]
    stopped: tuple[Verdict, ...]

    @property
    def slugs(self) -> list[str]:
        """What to put into the form."""
        return [verdict.service.slug for verdict in self.needed]


def outcome(catalogue: Catalogue, said: Said) -> Outcome:
    """What these answers come to, in the order of the catalogue's bundles, then by name."""
    settled = quiz.known(catalogue.quiz, said)
    found: dict[str, list[Verdict]] = {"needed": [], "perhaps": [], "not_needed": [], "stopped": []}
    for slug in _in_order(catalogue):
        service, rule = catalogue.services[slug], catalogue.quiz.rules[slug]
        needed = decided(rule.needed, settled)
        limit = next((one for one in service.limits if broken(one, _said(settled))), None) if needed else None
        if limit is not None:
            keys = dict.fromkeys(key for fact in facts(limit.must) for key in fact.questions)
            verdict = Verdict(service, rule, tuple(keys), limit)
            found["not_needed" if limit.instead in catalogue.quiz.rules else "stopped"].append(verdict)
            continue
        keys = dict.fromkeys(quiz.reasons(catalogue.quiz, rule.needed, settled))
        keys |= dict.fromkeys(_decided_by(service) if needed else ())
        verdict = Verdict(service, rule, tuple(key for key in keys if said.has(key) or not needed))
        found[_PLACES[needed]].append(verdict)
    wanted = choosing.without_twins(catalogue, [verdict.service.slug for verdict in found["needed"]])
    found["needed"] = [verdict for verdict in found["needed"] if verdict.service.slug in wanted]
    return Outcome(*(tuple(found[name]) for name in ("needed", "perhaps", "not_needed", "stopped")))


_PLACES: Final = {True: "needed", None: "perhaps", False: "not_needed"}


def _decided_by(service: Service) -> Iterator[str]:
    """The questions that decide between this service and another of its kind."""
    yield from (key for limit in service.limits if limit.instead for one in facts(limit.must) for key in one.questions)


def _said(settled: Answers) -> dict[str, JsonValue]:
    return {key: value for key, value in settled.items() if value is not None}


def _in_order(catalogue: Catalogue) -> list[str]:
    """What many bundles hold comes first: of two alternatives the one that people mostly start with."""
    often = {
        slug: sum(slug in bundle.services for bundle in catalogue.bundles.values()) for slug in catalogue.quiz.rules
    }
    return sorted(often, key=lambda slug: (-often[slug], slug))


@dataclass(frozen=True)
class Link:
    """One licence rests on another: on one of `on` that is in the same form, or else on what must be there already."""

    service: Service
    need: Need
    on: tuple[Service, ...]
    certain: bool
    """Whether the answers say that it does; else it depends."""


def links(catalogue: Catalogue, services: Iterable[Service], known: Answers) -> list[Link]:
    """What rests on what, unless what is known rules it out."""
    chosen = {service.slug: service for service in services}
    everything: Mapping[str, Service] = {s.slug: s for s in choosing.reachable(catalogue, chosen.values())}
    found = []
    for service in chosen.values():
        for need in service.needs:
            applies = decided(need.when, known)
            if applies is not False:
                on = tuple(chosen[slug] for slug in need.services if slug in chosen)
                on = on or tuple(everything[slug] for slug in need.services if slug in everything)[:1]
                found.append(Link(service, need, on, applies is True))
    return found

"""Choosing what one form is for: before it is begun, and while it is open. Nothing that was typed is ever lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import choices, forms
from app.applications.form_models import Prefill, SingleForm
from app.catalogue import choosing
from app.catalogue.conditions import Answers, AnyOf, Condition, decided
from app.catalogue.merging import AskedDocument, Form
from app.catalogue.needed import producer
from app.catalogue.schema import Bundle, Catalogue, Need, Service, Text
from app.core.errors import Invalid
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.stories import acting, apply
from app.stories.house import House

MOST_BUNDLES = 3
"""How many bundles are offered beside a choice: the rest is a list of everything."""

_IN_REGISTER = Text(th="มีใน{name}", en="found in: {name}")
"""When a registry of records replaces a document, to follow "ถ้า" and "if"."""


@dataclass(frozen=True)
class Paper:
    """A document of the plan, and when it is needed, in words; None: always, or it depends on too much to say."""

    asked: AskedDocument
    when: Text | None


@dataclass(frozen=True)
class Plan:
    """What these services ask for together, before anything is answered."""

    services: tuple[Service, ...]
    shape: Form
    to_upload: tuple[Paper, ...]
    fetched: tuple[Paper, ...]
    produced: tuple[tuple[Paper, Service], ...]
    """What one of the services issues that another one asks for."""
    shared: int
    """How many questions more than one of the services asks."""
    needs: Mapping[str, tuple[tuple[Need, Text | None], ...]]
    """By slug: the other licences a service rests on, and when, in words, if not always."""
    addable: tuple[Service, ...]
    bundles: tuple[Bundle, ...]
    """Bundles that hold more than what is chosen, the nearest first; all of them while nothing is chosen."""


def plan(house: House, slugs: Sequence[str], known: Answers) -> Plan:
    """The plan for what was chosen; `known` is what the portal can answer itself, such as for whom the form will be."""
    catalogue = house.catalogue
    chosen = choosing.without_twins(catalogue, slugs)
    services = tuple(catalogue.services[slug] for slug in chosen)
    shape = house.shape(services)
    known = _with_silence(shape, known)
    papers = [paper for asked in shape.documents if (paper := _paper(catalogue, asked, known)) is not None]
    issued = {asked.key: by for asked in shape.documents if (by := producer(asked.document, shape)) is not None}
    brought = [paper for paper in papers if paper.asked.key not in issued]
    return Plan(
        services=services,
        shape=shape,
        to_upload=tuple(paper for paper in brought if not paper.asked.document.waived_by),
        fetched=tuple(_fetched(catalogue, paper) for paper in brought if paper.asked.document.waived_by),
        produced=tuple((paper, issued[paper.asked.key]) for paper in papers if paper.asked.key in issued),
        needs={service.slug: tuple(_needs(catalogue, service, known)) for service in services},
        shared=sum(1 for slugs in shape.used_by.values() if len(slugs) > 1),
        addable=_addable(catalogue, chosen),
        bundles=_bundles(catalogue, chosen),
    )


def _needs(catalogue: Catalogue, service: Service, known: Answers) -> Iterator[tuple[Need, Text | None]]:
    """What the service rests on, unless what is known already rules it out."""
    for need in service.needs:
        applies = decided(need.when, known)
        if applies is not False:
            yield need, choosing.in_words(catalogue, need.when) if need.when and not applies else None


def _with_silence(shape: Form, known: Answers) -> Answers:
    """What is known, and None for each question that nobody will be asked under it: what hangs on it is settled too."""
    found = dict(known)
    for key, question in shape.questions.items():
        if key not in found and decided(question.when, found) is False:
            found[key] = None
    return found


def _paper(catalogue: Catalogue, asked: AskedDocument, known: Answers) -> Paper | None:
    """The document unless what is known already rules it out for every service."""
    whens: list[Condition | None] = [use.when for use in asked.uses.values() if decided(use.when, known) is not False]
    if not whens:
        return None
    open_ = list({str(when): when for when in whens if when and decided(when, known) is None}.values())
    if not open_ or any(decided(when, known) for when in whens):
        return Paper(asked, None)
    when = open_[0] if len(open_) == 1 else AnyOf.model_validate({"any": open_})
    return Paper(asked, choosing.in_words(catalogue, when))


def _fetched(catalogue: Catalogue, paper: Paper) -> Paper:
    """A document that a registry replaces, and when it really does."""
    when, registry = paper.asked.document.waived_when, catalogue.registries.get(paper.asked.document.waived_by or "")
    if registry and registry.linked:
        return replace(paper, when=_IN_REGISTER.filled(name=registry.name))
    return replace(paper, when=choosing.in_words(catalogue, when)) if when else paper


def _addable(catalogue: Catalogue, chosen: Sequence[str]) -> tuple[Service, ...]:
    """What can be added: neither chosen nor an alternative of what is."""
    fits = choosing.without_twins(catalogue, [*chosen, *catalogue.services])
    return tuple(catalogue.services[slug] for slug in fits if slug not in chosen)


def _bundles(catalogue: Catalogue, chosen: Sequence[str]) -> tuple[Bundle, ...]:
    everything = {s.slug for s in choosing.reachable(catalogue, [catalogue.services[slug] for slug in chosen])}
    more = [bundle for bundle in catalogue.bundles.values() if not everything.issuperset(bundle.services)]
    more.sort(key=lambda bundle: (len(set(chosen).difference(bundle.services)), len(bundle.services) if chosen else 0))
    return tuple(more[:MOST_BUNDLES] if chosen else more)


def change(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, slugs: Sequence[str], now: datetime
) -> None:
    """Make my draft one for these services. A service that is added asks to have the notice read again, for its part.

    What is there keeps its version; what is added comes in today's. Raises Invalid when nothing is left.
    """
    form = forms.draft(db, citizen.applicant_id, form_id)
    before = dict(choices.of_form(db, form.id))
    fits = choosing.without_twins(house.catalogue, [*(s for s in before if s in slugs), *slugs])
    after = [slug for slug in before if slug in slugs and slug not in house.catalogue.services] + fits
    if not after:
        raise Invalid("เลือกไว้อย่างน้อย 1 เรื่อง ถ้าไม่ต้องการแบบฟอร์มนี้แล้ว ปล่อยไว้ได้ ระบบลบให้เมื่อครบกำหนด")
    acting.within_mandate(citizen, set(after) - before.keys())
    current = {slug: service.version for slug, service in house.catalogue.services.items()}
    pinned = [(slug, before.get(slug) or current[slug]) for slug in after]
    choices.change(db, form, pinned, sessions.actor(citizen), now)
    apply.told(db, house, form, now)
    if set(after) - set(before):
        form.acknowledged_at = None
        if form.prefill is Prefill.DONE and _unfetched(db, house, form):
            form.prefill = Prefill.NOT_ASKED


def _unfetched(db: Session, house: House, form: SingleForm) -> bool:
    """Whether a registry could answer something that it was not asked yet."""
    held = forms.answers(db, form.id)
    return any(q.prefill and q.key not in held for q in apply.shape_of(db, house, form).questions.values())

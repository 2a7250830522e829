"""What the check page shows of a form: the whole of it, and what each service gets. Its JSON is what is hashed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import filing
from app.applications.form_models import SingleForm, UploadState
from app.applications.forms import Held
from app.billing.fees import Quote
from app.catalogue import answers
from app.catalogue.merging import AskedDocument
from app.catalogue.routing import Place, route
from app.catalogue.schema import Question, Service, Text
from app.core.clock import bangkok_date
from app.core.errors import Invalid
from app.identity.sessions import CitizenSession
from app.licences.models import Licence
from app.stories import (
    charging,
    correct,
    linking,
    signatures,
    unasked,
)
from app.stories.apply import Draft, draft
from app.stories.house import House


@dataclass(frozen=True)
class Row:
    """One line of the check page: a question and its answer with where it came from."""

    question: Question
    topic: str
    value: Any
    held: Held | None


@dataclass(frozen=True)
class Part:
    """What one service gets of the form, and nothing else: the check page shows it, sending freezes it.

    `place` and `quote` are None until the answers say where it goes and what it costs.
    """

    service: Service
    place: Place | None
    quote: Quote | None
    answers: Mapping[str, Any]
    documents: tuple[AskedDocument, ...]
    """What was attached for it."""

    @property
    def questions(self) -> list[Question]:
        """The questions whose answers it gets, in reading order."""
        return [question for question in self.service.questions if question.key in self.answers]


@dataclass(frozen=True)
class Summary:
    """Everything the check page shows. Its canonical JSON is what is hashed, stored and split: nothing else.

    `obstacle`: the form is complete, but nobody serves this place online or no fee is known for these answers.
    """

    draft: Draft
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    quote: Quote | None
    obstacle: Invalid | None
    files: Mapping[str, dict[str, Any]]
    """What is attached, by document, as it is frozen."""
    body: dict[str, Any]
    text: str
    sha256: str
    renews: Licence | None = None
    """The licence that the form is to renew."""

    @property
    def complete(self) -> bool:
        """Whether it can be sent."""
        beside = self.draft.files.get(unasked.FILE.key)
        looked_through = beside is None or beside.state is not UploadState.CHECKING
        settled = looked_through and not self.draft.outdated
        return not self.draft.missing and self.quote is not None and settled


def summary(db: Session, house: House, citizen: CitizenSession, form_id: UUID) -> Summary:
    """The check page of my form."""
    current = draft(db, house, citizen, form_id)
    return summarise(db, house, citizen, current, _renewed(db, current.form))


def _renewed(db: Session, form: SingleForm) -> Licence | None:
    return db.get(Licence, form.renews) if form.renews else None


def of_licence(service: Service, renews: Licence | None) -> Licence | None:
    """The licence to be renewed, for the service that gave it; another service of the form renews nothing."""
    return renews if renews is not None and renews.service_slug == service.slug else None


def summarise(db: Session, house: House, citizen: CitizenSession, current: Draft, renews: Licence | None) -> Summary:
    """A draft summed up; `renews`: the licence that it is to renew."""
    rows = tuple(
        Row(question, topic.key, current.values.get(question.key), current.held.get(question.key))
        for topic in current.topics
        for question in topic.questions
    )
    places: dict[str, Place] = {}
    quotes: dict[str, Quote] = {}
    obstacle: Invalid | None = None
    today = bangkok_date(house.clock.now())
    asked_on = correct.filed_on(db, current.form) if renews is not None and current.form.corrects else today
    if all(one.kind == "document" for one in current.missing):  # agencies and fees are known before the last file
        try:
            places = {s.slug: route(house.catalogue, s, current.values) for s in current.services}
            for s in current.services:
                agency = places[s.slug].agency
                renewed = of_licence(s, renews)
                on = today if renewed is None else asked_on
                quotes[s.slug] = charging.quote(house, s, agency, current.values, on, renewed)
        except Invalid as refused:
            obstacle = refused
    known = len(quotes) == len(current.services)
    quote = Quote(tuple(line for one in quotes.values() for line in one.lines)) if known else None
    files = signatures.of_draft(db, current)
    parts = tuple(_part(current, s, places.get(s.slug), quotes.get(s.slug)) for s in current.services)
    body = {
        "reference": current.form.reference,
        "applicant": {"id": str(citizen.applicant_id), "name": citizen.party_name},
        "submitted_by": {"id": str(citizen.person_id), "name": citizen.display_name, "ial": str(citizen.ial)},
        "services": [
            {
                "slug": s.slug,
                "version": s.version,
                "name": s.name.model_dump(),
                **(
                    {"agency": places[s.slug].agency.code, "office": places[s.slug].office.code}
                    if s.slug in places
                    else {}
                ),
            }
            for s in current.services
        ],
        "answers": [_answer_body(row) for row in (*_given(current), *rows) if row.value is not None],
        "documents": [*files.values()],
        "fetched_documents": [asked.key for asked in current.fetched_documents],
        "linked_documents": linked(current),
        "produced_documents": [{"key": asked.key, "service": one.slug} for asked, one in current.produced_documents],
        "fees": quote.to_json() if quote else None,
        "declarations": [d.model_dump() for d in declarations(current.services, renews)],
        **({"renews": renews.number} if renews is not None else {}),
    }
    if beside := unasked.said(current.form, current.files.get(unasked.FILE.key)):
        body["unasked"] = beside
    text, sha256 = filing.snapshot(body)
    return Summary(current, rows, parts, quote, obstacle, files, body, text, sha256, renews)


def declarations(services: Sequence[Service], renews: Licence | None) -> tuple[Text, ...]:
    """What is declared by sending, each once: for every service, and for what is renewed."""
    renewing = [s.renewing for s in services if s.renewing and of_licence(s, renews)]
    said = [*(d for s in services for d in s.declarations), *(d for rule in renewing for d in rule.declarations)]
    return tuple(dict.fromkeys(said))


def linked(current: Draft, slug: str = "") -> list[dict[str, Any]]:
    """What registries said instead of documents, as evidence: of one service, or of all."""
    fetched = [
        said.to_json(asked.key, asked.document.waived_by or "")
        for asked in current.fetched_documents
        if (not slug or slug in asked.services) and (said := current.evidence(asked))
    ]
    issued = [
        linking.to_be_issued(service).to_json(asked.key, f"{linking.ISSUED_BY}{service.slug}")
        for asked, service in current.produced_documents
        if slug in asked.services
    ]
    return [*fetched, *issued]


def _part(current: Draft, service: Service, place: Place | None, quote: Quote | None) -> Part:
    mine = (asked for asked in current.documents if service.slug in asked.services and asked.key in current.files)
    return Part(service, place, quote, answers.for_service(service, current.values), tuple(mine))


def _given(current: Draft) -> list[Row]:
    """What the portal itself answered, for the services that ask it: frozen with the rest, never a row to fill in."""
    return [
        Row(question, current.shape.topic_of[question.key], current.values.get(question.key), None)
        for question in answers.visible(current.shape, current.values)
        if question.given
    ]


def _answer_body(row: Row) -> dict[str, Any]:
    held = row.held
    return {"key": row.question.key, "label": row.question.label.model_dump(), **provenance(row.value, held)}


def provenance(value: Any, held: Held | None) -> dict[str, Any]:
    """An answer with where it came from, as it is frozen."""
    return {
        "value": value,
        "source": held.source if held and not held.disputed else "",
        "source_at": (held.source_at or held.at).isoformat() if held else None,
        "fetched": held.fetched if held and held.disputed else None,
        "disputed": bool(held and held.disputed),
        **({"reused_from": held.reused_from} if held and held.reused_from else {}),
    }

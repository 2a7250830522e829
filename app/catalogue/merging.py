"""Several services as one form: every shared question and document once, in the catalogue's reading order. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.catalogue.kinds import Question
from app.catalogue.schema import Catalogue, Document, DocumentUse, Service, Topic
from app.catalogue.texts import Text


@dataclass(frozen=True)
class AskedDocument:
    """A document of the form, and the services that ask for it, each with its own condition and note."""

    document: Document
    uses: Mapping[str, DocumentUse]

    @property
    def key(self) -> str:
        """The key of the document."""
        return self.document.key

    @property
    def name(self) -> Text:
        """The name of the document."""
        return self.document.name

    @property
    def services(self) -> tuple[str, ...]:
        """The slugs of the services that ask for it."""
        return tuple(self.uses)

    @property
    def notes(self) -> tuple[Text, ...]:
        """What each service adds, every note once."""
        return tuple(dict.fromkeys(use.note for use in self.uses.values() if use.note))


@dataclass(frozen=True)
class Form:
    """The merged form: services by slug, topics and documents in reading order."""

    services: tuple[Service, ...]
    topics: tuple[Topic, ...]
    documents: tuple[AskedDocument, ...]
    used_by: Mapping[str, tuple[str, ...]]
    """Question key to the slugs of the services that ask it."""
    instead: Mapping[str, Service]
    """The services that limits lead to, by slug: when one of them fits the answers, the limit stops nobody."""

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by key, in reading order."""
        return {question.key: question for topic in self.topics for question in topic.questions}

    @cached_property
    def registries(self) -> frozenset[str]:
        """Every registry that could answer one of its questions or replace one of its documents."""
        filled = {question.prefill.registry for question in self.questions.values() if question.prefill}
        return frozenset(filled | {asked.document.waived_by for asked in self.documents if asked.document.waived_by})

    @cached_property
    def topic_of(self) -> Mapping[str, str]:
        """Question key to topic key."""
        return {question.key: topic.key for topic in self.topics for question in topic.questions}

    def topic(self, key: str) -> Topic | None:
        """The topic with this key, or None."""
        return next((topic for topic in self.topics if topic.key == key), None)


def merge(catalogue: Catalogue, services: Iterable[Service]) -> Form:
    """One form for all these services: every shared question and document once, in the catalogue's reading order.

    The order in which services are given does not matter, nor does giving one twice.
    """
    chosen = tuple(sorted({service.slug: service for service in services}.values(), key=lambda s: s.slug))
    titles: dict[str, Topic] = {}
    questions: dict[str, tuple[str, Question]] = {}
    documents: dict[str, Document] = {}
    used_by: dict[str, list[str]] = {}
    uses: dict[str, dict[str, DocumentUse]] = {}
    for service in chosen:
        for topic in service.topics:
            titles.setdefault(topic.key, topic)
            for question in topic.questions:
                questions.setdefault(question.key, (topic.key, question))
                used_by.setdefault(question.key, []).append(service.slug)
        for use in service.documents:
            documents.setdefault(use.key, use.document)
            uses.setdefault(use.key, {})[service.slug] = use
    last = len(catalogue.order)
    """What the catalogue no longer knows (an archived version) comes last, in the order it was met."""

    def in_order(keys: Iterable[str], prefix: str) -> list[str]:
        met = {key: last + place for place, key in enumerate(keys)}
        return sorted(met, key=lambda key: catalogue.order.get(f"{prefix}:{key}", met[key]))

    ordered = [questions[key] for key in in_order(questions, "question")]
    return Form(
        services=chosen,
        topics=tuple(
            titles[key].model_copy(update={"questions": tuple(q for topic, q in ordered if topic == key)})
            for key in in_order(titles, "topic")
            if any(topic == key for topic, _ in ordered)
        ),
        documents=tuple(AskedDocument(documents[key], uses[key]) for key in in_order(documents, "document")),
        used_by={key: tuple(slugs) for key, slugs in used_by.items()},
        instead={
            limit.instead: catalogue.services[limit.instead]
            for service in chosen
            for limit in service.limits
            if limit.instead and limit.instead in catalogue.services
        },
    )

"""The files of the catalogue as people write them: what the schema says of a service, before keys become the things."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.catalogue.conditions import Condition
from app.catalogue.guides import Guide
from app.catalogue.lives import GENERAL
from app.catalogue.quiz import QuizRule
from app.catalogue.schema import ServiceFacts
from app.catalogue.texts import Data, Key, Text


class TopicTitle(Data):
    """What a page of the form is called."""

    title: Text
    lead: Text | None = None


class DocumentReference(Data):
    """A document by its key, and what is special about it in this service."""

    document: Key
    when: Condition | None = None
    note: Text | None = None


Asked = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}(\.\*)?$")]
"""The key of a question, or every question of a topic: "applicant.*"."""


class ServiceFile(ServiceFacts):
    """A service as an editor writes it: questions and documents by key, own ones in full."""

    asks: Annotated[tuple[Asked, ...], Field(min_length=1)]
    documents: tuple[DocumentReference, ...] = ()
    topics: Any = None
    """Questions that no other service asks, in topics as in questions.yaml; a shared topic is named by its key."""
    own_documents: Any = None
    """Documents that no other service asks for, as in documents.yaml."""
    bundles: tuple[Key, ...] = ()
    """The bundles of bundles.yaml that this service joins."""
    life: Key = GENERAL
    """The law of lives.yaml that its licences live under once they are issued; no part of a published version."""
    guide: Guide | None = None
    """A film or a recording with captions and transcript; no part of a published version."""
    quiz: QuizRule | None = None
    """When a person needs this service, as the quiz finds out; without it the quiz does not speak of the service."""

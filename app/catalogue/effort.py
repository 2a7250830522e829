"""What one form spares a person: how much is asked and uploaded here, against a separate form at every agency. Pure.

Apart means as it is without this portal: every service asks all its own questions and all its own documents again,
and no registry answers for anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.catalogue.answers import Form, asked_by, documents_needed, visible
from app.catalogue.conditions import Answers


@dataclass(frozen=True)
class Effort:
    """Questions and documents, each counted: given by the person, taken from a registry, and asked in all apart."""

    questions: int
    questions_fetched: int
    questions_apart: int
    documents: int
    documents_fetched: int
    documents_apart: int

    @property
    def questions_ratio(self) -> float:
        """The share of the questions that is left to the person."""
        return self.questions / self.questions_apart if self.questions_apart else 1.0

    @property
    def documents_ratio(self) -> float:
        """The share of the documents that is left to the person."""
        return self.documents / self.documents_apart if self.documents_apart else 1.0


def effort(
    form: Form,
    answers: Answers,
    fetched: Collection[str],
    unfetched: Collection[str] = (),
    typed: Collection[str] = (),
) -> Effort:
    """Count this form under these answers; what the portal itself knows (`given`) is asked and counted nowhere.

    `fetched`: keys that a registry answered. `unfetched` and `typed` are those of `documents_needed`.
    """
    asked = [question for question in visible(form, answers) if question.asked]
    papers = documents_needed(form, answers, unfetched, typed)
    everything = documents_needed(form, answers, {asked.document.waived_by or "" for asked in form.documents})
    return Effort(
        questions=sum(1 for question in asked if question.key not in fetched),
        questions_fetched=sum(1 for question in asked if question.key in fetched),
        questions_apart=sum(len(asked_by(service, answers)) for service in form.services),
        documents=len(papers),
        documents_fetched=len(everything) - len(papers),
        documents_apart=sum(len(asked.services) for asked in everything),
    )

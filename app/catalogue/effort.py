"""What one form spares a person: how much is asked and uploaded here, against a separate form at every agency. Pure.

Apart means as it is without this portal: every service asks all its own questions and all its own documents again,
and no registry answers for anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.catalogue.answers import asked_by, visible
from app.catalogue.conditions import Answers
from app.catalogue.kinds import Question
from app.catalogue.merging import Form
from app.catalogue.needed import documents_apart, documents_needed


@dataclass(frozen=True)
class Effort:
    """Questions and documents, each counted: given by the person, taken from a registry, and asked in all apart."""

    questions: int
    questions_fetched: int
    questions_filled: int
    """Those whose answer was there before the person typed anything, from wherever, and stands as it was put there."""
    questions_apart: int
    documents: int
    documents_fetched: int
    documents_apart: int

    @property
    def questions_asked(self) -> int:
        """Every question of the form that counts, optional ones too; a repeating group is one."""
        return self.questions + self.questions_fetched

    @property
    def filled_ratio(self) -> float:
        """The share of the questions whose answer was there already."""
        return self.questions_filled / self.questions_asked if self.questions_asked else 0.0

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
    filled: Collection[str] = (),
) -> Effort:
    """Count this form under these answers; what the portal itself knows (`given`) is asked and counted nowhere.

    `fetched`: keys that a registry answered. `unfetched` and `typed` are those of `documents_needed`. `filled`: keys
    whose answer came from a registry, the quiz or an earlier form before anybody typed one, and stands; what follows
    from other answers and was left so is found here.
    """
    asked = [question for question in visible(form, answers) if question.asked]
    papers = documents_needed(form, answers, unfetched, typed)
    everything = documents_apart(form, answers)
    there = {*filled, *follows(asked, answers)}
    return Effort(
        questions=sum(1 for question in asked if question.key not in fetched),
        questions_fetched=sum(1 for question in asked if question.key in fetched),
        questions_filled=sum(1 for question in asked if question.key in there),
        questions_apart=sum(len(asked_by(service, answers)) for service in form.services),
        documents=len(papers),
        documents_fetched=len(everything) - len(papers),
        documents_apart=sum(len(asked.services) for asked in everything),
    )


def follows(asked: Collection[Question], answers: Answers) -> set[str]:
    """The questions whose answer is the one that the page had put there, from other answers."""
    return {
        question.key
        for question in asked
        if question.derive and question.key in answers and question.derived(answers)[0] == answers[question.key]
    }

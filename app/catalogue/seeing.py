"""Which questions count under these answers, and what they were answered with: the one walk through a form. Pure."""

from collections.abc import Collection, Iterable

from pydantic import JsonValue

from app.catalogue.conditions import Answers, holds
from app.catalogue.kinds import Question
from app.catalogue.reckoning import ComputedQuestion


def answered(value: JsonValue) -> bool:
    """Whether this is an answer at all."""
    return value not in (None, "", [], {})


def value_of(question: Question, answers: Answers, said: Answers) -> JsonValue:
    """The answer to a visible question: what was answered, or what follows from what was `said` before it."""
    return question.reckon(said) if isinstance(question, ComputedQuestion) else answers.get(question.key)


def seen(questions: Iterable[Question], answers: Answers) -> tuple[list[Question], dict[str, JsonValue]]:
    """Visible questions and the answers to them, both in reading order; hidden answers play no part in either."""
    visible: list[Question] = []
    said: dict[str, JsonValue] = {}
    for question in questions:
        if holds(question.when, said):
            visible.append(question)
            value = value_of(question, answers, said)
            if answered(value):
                said[question.key] = value
    return visible, said


def with_computed(
    questions: Collection[Question], answers: Answers, wrong: Collection[str] = ()
) -> dict[str, JsonValue]:
    """The answers as they are, hidden ones too, and every visible value that follows from them, but from none wrong."""
    sure = [q for q in questions if isinstance(q, ComputedQuestion) and not q.rests_on(wrong)]
    said = seen(questions, answers)[1] if sure else {}
    return {**answers, **{question.key: said[question.key] for question in sure if question.key in said}}

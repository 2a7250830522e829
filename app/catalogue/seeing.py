"""Which questions count under these answers, and what they were answered with: the one walk through a form. Pure."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pydantic import JsonValue

from app.catalogue.conditions import Answers
from app.catalogue.kinds import Question
from app.catalogue.reckoning import ComputedQuestion

_NOTHING: Final[tuple[JsonValue, ...]] = (None, "", [], {})


def answered(value: JsonValue) -> bool:
    """Whether this is an answer at all."""
    return value not in _NOTHING


def value_of(question: Question, answers: Answers, said: Answers) -> JsonValue:
    """The answer to a visible question: what was answered, or what follows from what was `said` before it."""
    return question.reckon(said) if isinstance(question, ComputedQuestion) else answers.get(question.key)


def walk(questions: Iterable[Question], answers: Answers, said: dict[str, JsonValue]) -> Iterator[Question]:
    """Visible questions in reading order; `said` fills with the answers to them. Whoever has seen enough stops.

    Written out, for a form may have a thousand questions: 0.5 ms instead of 1.3 with a function for each step.
    """
    for question in questions:
        when = question.when
        if when is None or when.test(said):
            value = question.reckon(said) if question.kind == "computed" else answers.get(question.key)
            if value not in _NOTHING:
                said[question.key] = value
            yield question


def seen(questions: Iterable[Question], answers: Answers) -> tuple[list[Question], dict[str, JsonValue]]:
    """Visible questions and the answers to them, both in reading order; hidden answers play no part in either."""
    said: dict[str, JsonValue] = {}
    return list(walk(questions, answers, said)), said


def with_computed(
    questions: Collection[Question], answers: Answers, wrong: Collection[str] = ()
) -> dict[str, JsonValue]:
    """The answers as they are, hidden ones too, and every visible value that follows from them, but from none wrong."""
    sure = [q for q in questions if isinstance(q, ComputedQuestion) and not q.rests_on(wrong)]
    said = seen(questions, answers)[1] if sure else {}
    return {**answers, **{question.key: said[question.key] for question in sure if question.key in said}}

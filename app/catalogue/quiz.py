"""The quiz as data: what a stranger is asked to learn which services they need, and the rule of every service. Pure.

Its questions name nobody: one of several, some of several, yes or no, a number. So the address of a result can be
given to anybody. Not to be sure is always an answer; it decides nothing, and the result says what is still open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import JsonValue

from app.catalogue.asking import Fields
from app.catalogue.conditions import Answers, AnyOf, Condition, Fact, Not, decided
from app.catalogue.kinds import Question
from app.catalogue.texts import Data, Text

UNSURE: Final = "unsure"
"""What stands in the address for "I am not sure"; no option may be called so."""

KINDS: Final = ("choice", "multi_choice", "yes_no", "integer", "decimal")
"""The kinds of question whose answers can name nobody."""


class QuizRule(Data):
    """When a person needs a service, the rule in words, and the section of the law that says so."""

    needed: Condition
    why: Text
    law: Text
    confirm: bool = False
    questions: Any = None
    """Questions that only this service needs answered, as in quiz.yaml."""


class Plainer(Data):
    """A question of the form that the quiz asks too, in plainer words where these are given."""

    label: Text | None = None
    hint: Text | None = None
    why: Text | None = None
    when: Condition | None = None

    def of(self, question: Question) -> Question:
        """The form's question as the quiz asks it: under its own condition only."""
        said = {name: value for name in ("label", "hint", "why") if (value := getattr(self, name))}
        short = {"short": question.name} if self.label else {}
        return question.model_copy(update={**said, **short, "when": self.when, "given": None, "optional": False})


@dataclass(frozen=True, eq=False)
class Quiz:
    """The questions in the order they are asked, and the rules by service."""

    questions: Mapping[str, Question] = field(default_factory=dict)
    rules: Mapping[str, QuizRule] = field(default_factory=dict)
    of_the_form: frozenset[str] = frozenset()
    """The questions whose answers go on into the form."""


@dataclass(frozen=True)
class Said:
    """What a person answered, as far as it fits, and where they were not sure."""

    answers: Answers
    unsure: frozenset[str] = frozenset()

    def has(self, key: str) -> bool:
        """Whether this question was answered, if only by not being sure."""
        return key in self.answers or key in self.unsure


def read(quiz: Quiz, fields: Fields) -> Said:
    """The answers that an address carries. What does not fit, and what nobody asks, is left out."""
    unsure = {key for key in quiz.questions if UNSURE in fields.get(key, ())}
    readings = {key: question.read(fields).value for key, question in quiz.questions.items() if key not in unsure}
    return Said({key: value for key, value in readings.items() if value is not None}, frozenset(unsure))


def written(quiz: Quiz, said: Said) -> list[tuple[str, str]]:
    """The answers as they stand in an address, in the order of the questions."""
    found: list[tuple[str, str]] = []
    for key in quiz.questions:
        value = said.answers.get(key)
        if key in said.unsure:
            found.append((key, UNSURE))
        elif isinstance(value, list):
            found.extend((key, str(one)) for one in value)
        elif value is not None:
            found.append((key, str(value)))
    return found


def known(quiz: Quiz, said: Said) -> dict[str, JsonValue]:
    """What the answers settle, by question: its answer, or None for a question that they leave unasked."""
    found: dict[str, JsonValue] = {}
    for key, question in quiz.questions.items():
        if decided(question.when, found) is False:
            found[key] = None
        elif key in said.answers:
            found[key] = said.answers[key]
    return found


def asked(quiz: Quiz, said: Said) -> list[Question]:
    """The questions that count under these answers, in order: also those whose condition is still open."""
    settled = known(quiz, said)
    return [question for key, question in quiz.questions.items() if settled.get(key, key) is not None]


def following(quiz: Quiz, said: Said) -> Question | None:
    """The first question without an answer; None when all is said."""
    return next((question for question in asked(quiz, said) if not said.has(question.key)), None)


def before(quiz: Quiz, said: Said, key: str) -> Question | None:
    """The question that is asked before `key`; None for the first."""
    earlier = asked(quiz, said)
    place = next((place for place, question in enumerate(earlier) if question.key == key), 0)
    return earlier[place - 1] if place else None


def carried(quiz: Quiz, said: Said) -> dict[str, JsonValue]:
    """The answers that go on into the form."""
    return {key: value for key, value in known(quiz, said).items() if key in quiz.of_the_form and value is not None}


def reasons(quiz: Quiz, condition: Condition, settled: Answers) -> list[str]:
    """The questions that settle a condition, or leave it open, each once; for an unasked one, why it is not asked."""
    return list(dict.fromkeys(_reasons(quiz, condition, settled)))


def _reasons(quiz: Quiz, condition: Condition, settled: Answers) -> list[str]:
    match condition:
        case Fact():
            question = quiz.questions.get(condition.question)
            if question is not None and question.when and settled.get(condition.question, "") is None:
                return _reasons(quiz, question.when, settled)
            return [condition.question]
        case Not():
            return _reasons(quiz, condition.of, settled)
    outcome, decisive = decided(condition, settled), isinstance(condition, AnyOf)
    parts = [part for part in condition.of if decided(part, settled) is outcome]
    if outcome is decisive:
        parts = parts[:1]
    return [key for part in parts for key in _reasons(quiz, part, settled)]

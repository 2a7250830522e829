"""What the quiz may ask and what its rules may look at: told to the editor at load, like every other mistake."""

from collections.abc import Collection, Iterator
from typing import Final

from app.catalogue.conditions import Condition, facts
from app.catalogue.fitting import misfit
from app.catalogue.kinds import Question
from app.catalogue.quiz import KINDS, UNSURE, Quiz
from app.catalogue.schema import Catalogue
from app.catalogue.sheets import Where

Blame = tuple[str, Where, str]

_NAMES: Final = "could name somebody: the quiz asks only {kinds}, and nothing personal"


def mistakes(catalogue: Catalogue, known: Collection[str]) -> Iterator[Blame]:
    """Every rule over every question of the quiz and every service's rule. `known`: all that was ever named."""
    quiz, earlier = catalogue.quiz, set[str]()
    for key, question in quiz.questions.items():
        yield from ((f"quiz:{key}", where, said) for where, said in _question(question))
        unasked = (fact.question for fact in facts(question.when) if fact.question not in earlier)
        for other in unasked:
            said = "asked later: only earlier questions can decide" if other in quiz.questions else _nowhere(other)
            yield f"quiz:{key}", ("when",), f"points at {other!r}, {said}"
        yield from ((f"quiz:{key}", ("when",), said) for said in _misfits(quiz, question.when))
        earlier.add(key)
    for slug, rule in quiz.rules.items():
        for fact in facts(rule.needed):
            if f"quiz:{fact.question}" not in known:
                yield f"service:{slug}", ("quiz", "needed"), _nowhere(fact.question)
        yield from ((f"service:{slug}", ("quiz", "needed"), said) for said in _misfits(quiz, rule.needed))


def _question(question: Question) -> Iterator[tuple[Where, str]]:
    if question.kind not in KINDS or question.personal or question.sensitive:
        yield (), _NAMES.format(kinds=", ".join(KINDS))
    for option in getattr(question, "choices", ()):
        if option.value == UNSURE:
            yield ("choices",), f"{UNSURE!r} is what everybody may answer: give the option another name"
    yield from (((), said) for said in question.mistakes())


def _misfits(quiz: Quiz, condition: Condition | None) -> Iterator[str]:
    yield from (said for fact in facts(condition) if (said := misfit(fact, quiz.questions)))


def _nowhere(key: str) -> str:
    return f"there is no question {key!r} in the quiz"

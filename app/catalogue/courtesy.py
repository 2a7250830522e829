"""The rules of a page as its script gets them (`static/js/rules.js`): what may come and go while somebody types. Pure.

A courtesy: the portal decides when the page is saved. Only what the page's own answers can move is told, with those
answers from elsewhere that decide too; comparing two answers with each other is left to the portal.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from app.catalogue.conditions import Answers, Condition, facts
from app.catalogue.fitting import Known, looked_at
from app.catalogue.kinds import Question
from app.catalogue.measures import DecimalQuestion, IntegerQuestion
from app.catalogue.options import ChoiceQuestion, MultiChoiceQuestion, YesNoQuestion
from app.catalogue.reckoning import ComputedQuestion
from app.catalogue.rows import GroupQuestion
from app.catalogue.seeing import seen
from app.catalogue.texts import plain_number


def moving(questions: Sequence[Question], known: Known, typed: Collection[str]) -> frozenset[str]:
    """The questions of a page that its own answers bring, take away, or work out. `typed`: those it has boxes for."""
    live, found = set(typed), set()
    for question in questions:
        if any(fact.same_as for fact in facts(question.when)):
            continue
        if live.intersection(looked_at(question, known)):
            found.add(question.key)
            live.add(question.key)
    return frozenset(found)


def rules(
    questions: Sequence[Question],
    known: Known,
    moved: Collection[str],
    typed: Collection[str],
    said: Answers,
    lang: str,
    named: Callable[[str], str] = str,
    wrong: Collection[str] = (),
) -> str:
    """The page's rules as JSON; "" when nothing on it moves. `named` gives a question the name it has on the page.

    `said` are the answers as they are kept, hidden ones too; a list of rows cannot change here and goes along as it is.
    Nothing is worked out from answers that are `wrong`.
    """
    if not moved:
        return ""
    needed = {key for one in moved for key in looked_at(known[one], known)}
    told = [question for question in questions if question.key in moved or question.key in needed & {*typed}]
    here = {question.key for question in told}
    counting = seen(known.values(), said)[1] if needed - here else {}
    body = {
        "questions": [
            {**_told(question, lang, named, moves=question.key in moved), **_rows(question, said)}
            if not (isinstance(question, ComputedQuestion) and question.rests_on(wrong))
            else _bare(question, lang, named)
            for question in told
        ],
        "said": {key: counting[key] for key in sorted(needed - here) if key in counting},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _bare(question: Question, lang: str, named: Callable[[str], str]) -> dict[str, Any]:
    return {name: said for name, said in _told(question, lang, named, moves=True).items() if name != "formula"}


def _rows(question: Question, said: Answers) -> dict[str, Any]:
    return {"value": said.get(question.key)} if isinstance(question, GroupQuestion) else {}


def whole(questions: Iterable[Question], lang: str) -> list[dict[str, Any]]:
    """Every rule of a form, in reading order."""
    return [_told(question, lang, str, moves=True) for question in questions]


def _told(question: Question, lang: str, named: Callable[[str], str], *, moves: bool) -> dict[str, Any]:
    name = named(question.key)
    fields = [f"{name}.{part}" for part in question.parts] or [name]
    told: dict[str, Any] = {"key": question.key, "at": name, "kind": question.kind, "fields": fields}
    if moves and question.when is not None:
        told["when"] = _plain(question.when)
    return {**told, **_of_kind(question, lang)}


def _of_kind(question: Question, lang: str) -> Mapping[str, Any]:
    match question:
        case ComputedQuestion():
            unit = question.unit.to(lang) if question.unit else ""
            formula = question.model_dump(mode="json", by_alias=True, exclude_unset=True)["formula"]
            return {"formula": formula, "places": question.places, "unit": unit}
        case MultiChoiceQuestion():
            values = [option.value for option in question.choices]
            return {"options": values, "min": question.lowest, "max": question.highest}
        case ChoiceQuestion() | YesNoQuestion():
            return {"options": [option.value for option in question.choices]}
        case IntegerQuestion() | DecimalQuestion():
            low, high = (None if at is None else plain_number(at) for at in (question.lowest, question.highest))
            words = (question.unit.th, question.unit.en) if question.unit else ()
            units = [unit.replace(" ", "").lower() for unit in words]
            places = question.places if isinstance(question, DecimalQuestion) else 0
            return {"min": low, "max": high, "places": places, "units": units}
    return {}


def _plain(condition: Condition) -> Any:
    return condition.model_dump(mode="json", by_alias=True, exclude_unset=True)

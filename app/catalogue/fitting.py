"""Whether a comparison or a formula can be made with the questions it names: what an editor is told at load. Pure."""

from collections.abc import Iterator, Mapping

from app.catalogue.conditions import Condition, Fact, facts
from app.catalogue.formulas import Formula, needs
from app.catalogue.kinds import Question
from app.catalogue.measures import DecimalQuestion, IntegerQuestion, MoneyQuestion
from app.catalogue.options import ChoiceQuestion, MultiChoiceQuestion, YesNoQuestion
from app.catalogue.reckoning import ComputedQuestion
from app.catalogue.rows import GroupQuestion

Known = Mapping[str, Question]
NUMBERS = (IntegerQuestion, DecimalQuestion, ComputedQuestion)
OPTIONS = (ChoiceQuestion, MultiChoiceQuestion, YesNoQuestion)


def misfit(fact: Fact, known: Known) -> str:
    """Why this comparison can never be made with that question, or nothing."""
    question = known.get(fact.question)
    if question is None or fact.answered is not None:
        return ""
    if fact.same_as is not None:
        other = known.get(fact.same_as)
        alike = other is None or other.kind == question.kind
        return "" if alike else f"same_as needs two questions of one kind; {fact.same_as!r} is not {question.kind}"
    if not fact.values:
        said = f"{fact.comparison} needs an integer or decimal question; {fact.question!r} is {question.kind}"
        return "" if isinstance(question, NUMBERS) else said
    if not isinstance(question, OPTIONS):
        return f"{fact.comparison} needs a choice or yes_no question; {fact.question!r} is {question.kind}"
    values = [option.value for option in question.choices]
    wrong = [value for value in fact.values if value not in values]
    return f"{fact.question!r} has no answer {wrong[0]!r}: it has {', '.join(values)}" if wrong else ""


def misfits(condition: Condition | None, known: Known) -> Iterator[str]:
    """The same for every comparison of a condition."""
    yield from (said for fact in facts(condition) if (said := misfit(fact, known)))


def of_question(question: Question, known: Known) -> Iterator[str]:
    """What a group's rows or a computed value cannot do."""
    if isinstance(question, GroupQuestion):
        for cell in question.questions:
            yield from (f"{cell.key}: {said}" for said in misfits(cell.when, question.cells))
    if isinstance(question, ComputedQuestion):
        yield from of_formula(question.formula, known)


def of_formula(formula: Formula, known: Known) -> Iterator[str]:
    """Everything a formula names must be there and be a number, a group, or fit its condition."""
    for group, key, what in needs(formula):
        rows = known.get(group)
        cells = rows.cells if isinstance(rows, GroupQuestion) else {}
        question = cells.get(key) or known.get(key)
        if question is None:
            yield f"the formula looks at {key!r}, which is no question" + (f" (nor one of {group!r})" if group else "")
        elif what == "group" and not isinstance(question, GroupQuestion):
            yield f"the formula goes over the rows of {key!r}, which is {question.kind}, not a group"
        elif what == "number" and not isinstance(question, (*NUMBERS, MoneyQuestion)):
            yield f"the formula reckons with {key!r}, which is {question.kind}, not a number"


def looked_at(question: Question, known: Known) -> list[str]:
    """The questions of the form that decide whether this one is asked, or what it comes to; each once."""
    keys = [key for fact in facts(question.when) for key in fact.questions]
    for group, key, _what in needs(question.formula) if isinstance(question, ComputedQuestion) else ():
        rows = known.get(group)
        if not (isinstance(rows, GroupQuestion) and key in rows.cells):
            keys.append(key)
    return list(dict.fromkeys(keys))

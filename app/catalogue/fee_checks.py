"""Whether every answer a service can get leads to one lawful amount: the questions behind a fee, its bounds. Pure."""

from collections.abc import Callable, Iterator
from itertools import chain

from app.catalogue.charges import (
    ChoiceFee,
    Fee,
    NoFee,
    OrdinanceFee,
    Part,
    PerUnitFee,
    SeveralFees,
    SizeFee,
    YearlyFee,
)
from app.catalogue.conditions import Condition, facts, holds
from app.catalogue.fitting import NUMBERS
from app.catalogue.kinds import ChoiceQuestion, Question, YesNoQuestion
from app.catalogue.measures import DateQuestion
from app.catalogue.schema import Service
from app.core.thai import baht

Unknown = Callable[[str], bool]
"""Whether a question that the service does not ask is really nowhere (one that did not load was blamed already)."""
Misfits = Callable[[Condition | None], Iterator[str]]


def mistakes(service: Service, fee: Fee, unknown: Unknown, misfits: Misfits) -> Iterator[str]:
    """What keeps this fee from being worked out for some answers of this service."""
    for part in parts(fee):
        yield from misfits(part.when)
        for simple in _simple(part):
            for key in _measures(simple):
                yield from _measured(service, part, key, unknown)
        if isinstance(part, ChoiceFee):
            yield from _choice(service, part, unknown)
        for day in filter(None, (part.late.since if part.late else None, part.first_year_from)):
            yield from _dated(service, day, unknown)


def parts(fee: Fee) -> tuple[Part, ...]:
    """The fees with an amount inside a fee."""
    if isinstance(fee, NoFee | OrdinanceFee):
        return ()
    return fee.parts if isinstance(fee, SeveralFees) else (fee,)


def above_cap(fee: Fee, cap: int | None) -> str:
    """Why a fee does not stay within the cap of the law, or nothing."""
    if cap is None or isinstance(fee, NoFee | OrdinanceFee):
        return ""
    if fee.highest is None:
        return f"it has no end: say most, at most the cap of {baht(cap)} baht"
    return f"{baht(fee.highest)} baht is above the cap of {baht(cap)} baht" if fee.highest > cap else ""


def _simple(part: Part) -> Iterator[Part]:
    return (part.fee_of(case) for case in part.cases) if isinstance(part, ChoiceFee) else iter((part,))


def _measures(part: Part) -> tuple[str, ...]:
    match part:
        case YearlyFee() | SizeFee():
            return (part.by,)
        case PerUnitFee():
            return part.by
    return ()


def _asked(service: Service, key: str) -> Question | None:
    return next((question for question in service.questions if question.key == key), None)


def _always(part: Part, question: Question) -> bool:
    """Whether the question is answered whenever the fee is due: always, or under the fee's very condition."""
    return not question.optional and (question.when is None or question.when == part.when)


def _measured(service: Service, part: Part, key: str, unknown: Unknown) -> Iterator[str]:
    question = _asked(service, key)
    if isinstance(question, NUMBERS):
        if not _always(part, question):
            yield f"a fee cannot depend on {key!r}: it is not always answered"
    elif question is not None or unknown(key):
        yield f"{service.slug!r} does not ask a number under {key!r}"


def _choice(service: Service, part: ChoiceFee, unknown: Unknown) -> Iterator[str]:
    """Whatever the person answers has an amount, and every case is one of the answers."""
    question = _asked(service, part.by)
    if not isinstance(question, ChoiceQuestion | YesNoQuestion):
        if question is not None or unknown(part.by):
            yield f"{service.slug!r} does not ask a choice under {part.by!r}"
        return
    if not _always(part, question):
        yield f"a fee cannot depend on {part.by!r}: it is not always answered"
    options = [option.value for option in question.choices]
    priced = list(chain.from_iterable(case.of for case in part.cases))
    possible = [value for value in options if holds(part.when, {part.by: value}) or not _decides(part, question)]
    yield from (f"the answer {value!r} to {part.by!r} has no amount" for value in possible if value not in priced)
    yield from (f"{part.by!r} has no answer {value!r}" for value in priced if value not in options)


def _decides(part: ChoiceFee, question: Question) -> bool:
    """Whether the fee's condition looks at nothing but the choice itself."""
    return part.when is not None and all(fact.questions == (question.key,) for fact in facts(part.when))


def _dated(service: Service, key: str, unknown: Unknown) -> Iterator[str]:
    question = _asked(service, key)
    if question is None:
        if unknown(key):
            yield f"{service.slug!r} does not ask a day under {key!r}"
    elif not isinstance(question, DateQuestion):
        yield f"time is counted from a day; {key!r} is {question.kind}"

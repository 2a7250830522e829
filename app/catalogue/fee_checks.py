"""Whether every answer a service can get leads to one lawful amount: the questions behind a fee, its bounds. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from app.catalogue import fitting
from app.catalogue.amounts import NoFee, PerUnitFee, SizeFee, YearlyFee
from app.catalogue.charges import ChoiceFee, Fee, OrdinanceFee, Part, SeveralFees
from app.catalogue.conditions import Condition, facts, holds
from app.catalogue.kinds import ChoiceQuestion, Question, YesNoQuestion
from app.catalogue.measures import DateQuestion
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Service
from app.core.money import baht

Unknown = Callable[[str], bool]
"""Whether a question that the service does not ask is really nowhere (one that did not load was blamed already)."""
Misfits = Callable[[Condition | None], Iterator[str]]


def mistakes(service: Service, fee: Fee, unknown: Unknown, misfits: Misfits) -> Iterator[str]:
    """What keeps this fee from being worked out for some answers of this service."""
    for part in parts(fee):
        asked: dict[str, Question] = {question.key: question for question in service.questions}
        group = asked.get(part.for_each or "")
        if isinstance(group, GroupQuestion):
            asked |= group.cells
            yield from fitting.misfits(part.when, asked)
        else:
            yield from misfits(part.when)
            if part.for_each and (group is not None or unknown(part.for_each)):
                yield f"{service.slug!r} does not ask a group under {part.for_each!r}"
        about = _About(service.slug, part, asked, unknown)
        yield from about.mistakes()


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


@dataclass(frozen=True)
class _About:
    """One fee of a service, and the questions it may look at."""

    slug: str
    part: Part
    asked: Mapping[str, Question]
    unknown: Unknown

    def mistakes(self) -> Iterator[str]:
        for simple in _simple(self.part):
            for key in _measures(simple):
                yield from self._measured(key)
        if isinstance(self.part, ChoiceFee):
            yield from self._choice(self.part)
        for day in filter(None, (self.part.late.since if self.part.late else None, self.part.first_year_from)):
            yield from self._dated(day)

    def _always(self, question: Question) -> bool:
        """Whether it is answered whenever the fee is due: always, or under the fee's very condition."""
        return not question.optional and (question.when is None or question.when == self.part.when)

    def _measured(self, key: str) -> Iterator[str]:
        question = self.asked.get(key)
        if isinstance(question, fitting.NUMBERS):
            if not self._always(question):
                yield f"a fee cannot depend on {key!r}: it is not always answered"
        elif question is not None or self.unknown(key):
            yield f"{self.slug!r} does not ask a number under {key!r}"

    def _choice(self, part: ChoiceFee) -> Iterator[str]:
        """Whatever the person answers has an amount, and every case is one of the answers."""
        question = self.asked.get(part.by)
        if not isinstance(question, ChoiceQuestion | YesNoQuestion):
            if question is not None or self.unknown(part.by):
                yield f"{self.slug!r} does not ask a choice under {part.by!r}"
            return
        if not self._always(question):
            yield f"a fee cannot depend on {part.by!r}: it is not always answered"
        options = [option.value for option in question.choices]
        priced = list(chain.from_iterable(case.of for case in part.cases))
        decides = part.when is not None and all(fact.questions == (part.by,) for fact in facts(part.when))
        possible = [value for value in options if not decides or holds(part.when, {part.by: value})]
        yield from (f"the answer {value!r} to {part.by!r} has no amount" for value in possible if value not in priced)
        yield from (f"{part.by!r} has no answer {value!r}" for value in priced if value not in options)

    def _dated(self, key: str) -> Iterator[str]:
        question = self.asked.get(key)
        if question is None:
            if self.unknown(key):
                yield f"{self.slug!r} does not ask a day under {key!r}"
        elif not isinstance(question, DateQuestion):
            yield f"time is counted from a day; {key!r} is {question.kind}"

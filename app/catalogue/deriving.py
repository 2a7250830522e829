"""An answer that mostly follows from an earlier one: put into the box, with what it follows from, and freely changed.

Nothing is kept until the person has seen the page and sent it: then it is their answer.
"""

from typing import Annotated, Self

from pydantic import Field, JsonValue, model_validator

from app.catalogue.conditions import Answers, Condition, facts, holds
from app.catalogue.formulas import Formula, needs, worth
from app.catalogue.texts import Data, Key, Words, plain_number


class Rule(Data):
    """One way to an answer: a fixed one, another answer as it is, or a formula over earlier answers."""

    when: Condition | None = None
    value: Words | None = None
    same: Annotated[Key | None, Field(alias="from")] = None
    formula: Formula | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.value, self.same, self.formula)) != 1:
            raise ValueError("give exactly one of value, from, formula")
        if self.value is not None and self.when is None:
            raise ValueError("a value without `when` follows from nothing")
        return self

    @property
    def looks_at(self) -> tuple[str, ...]:
        """The questions it follows from, each once."""
        keys = [key for fact in facts(self.when) for key in fact.questions]
        keys += [self.same] if self.same else []
        keys += [key for _group, key, _what in needs(self.formula)] if self.formula is not None else []
        return tuple(dict.fromkeys(keys))

    def answer(self, said: Answers) -> JsonValue:
        """What follows from these answers; None when nothing does."""
        if not holds(self.when, said):
            return None
        if self.value is not None:
            return self.value
        if self.same is not None:
            return said.get(self.same)
        found = worth(self.formula, said) if self.formula is not None else None
        return None if found is None else plain_number(found)

"""Every kind of question: one class each, paired with one template of the same name."""

from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from app.catalogue.addresses import AddressQuestion
from app.catalogue.cells import AnyCell
from app.catalogue.identifiers import CitizenIdQuestion, JuristicIdQuestion
from app.catalogue.measures import DateQuestion, DecimalQuestion, IntegerQuestion, MoneyQuestion
from app.catalogue.options import ChoiceQuestion, MultiChoiceQuestion, Option, YesNoQuestion
from app.catalogue.reckoning import ComputedQuestion
from app.catalogue.rows import GroupQuestion
from app.catalogue.writing import EmailQuestion, LongTextQuestion, PhoneQuestion, TextQuestion

__all__ = [
    "QUESTION",
    "AddressQuestion",
    "ChoiceQuestion",
    "CitizenIdQuestion",
    "ComputedQuestion",
    "DateQuestion",
    "DecimalQuestion",
    "EmailQuestion",
    "GroupQuestion",
    "IntegerQuestion",
    "JuristicIdQuestion",
    "LongTextQuestion",
    "MoneyQuestion",
    "MultiChoiceQuestion",
    "Option",
    "PhoneQuestion",
    "Question",
    "TextQuestion",
    "YesNoQuestion",
]

Question = Annotated[AnyCell | GroupQuestion | ComputedQuestion, Field(discriminator="kind")]

QUESTION: Final[TypeAdapter[Question]] = TypeAdapter(Question)
"""Reads one question from data."""

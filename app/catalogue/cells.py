"""The kinds of question that have one answer: what can stand alone, and in a row of a group."""

from typing import Annotated

from pydantic import Field

from app.catalogue.accounts import BankAccountQuestion
from app.catalogue.addresses import AddressQuestion
from app.catalogue.identifiers import CitizenIdQuestion, JuristicIdQuestion, TsicQuestion
from app.catalogue.measures import DateQuestion, DecimalQuestion, IntegerQuestion, MoneyQuestion
from app.catalogue.options import ChoiceQuestion, MultiChoiceQuestion, YesNoQuestion
from app.catalogue.positions import PositionQuestion
from app.catalogue.times import TimeQuestion
from app.catalogue.writing import EmailQuestion, LongTextQuestion, PhoneQuestion, TextQuestion

AnyCell = (
    TextQuestion
    | LongTextQuestion
    | IntegerQuestion
    | DecimalQuestion
    | MoneyQuestion
    | DateQuestion
    | ChoiceQuestion
    | MultiChoiceQuestion
    | YesNoQuestion
    | PhoneQuestion
    | EmailQuestion
    | CitizenIdQuestion
    | JuristicIdQuestion
    | TsicQuestion
    | AddressQuestion
    | TimeQuestion
    | PositionQuestion
    | BankAccountQuestion
)

Cell = Annotated[AnyCell, Field(discriminator="kind")]

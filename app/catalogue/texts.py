"""The smallest pieces of catalogue data: a text in two languages, a key, an amount, the frozen model of all."""

import re
from decimal import Decimal, InvalidOperation
from string import Formatter
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

NBSP: Final = "\u00a0"
"""No-break space: keeps a number and its unit on one line."""


class Data(BaseModel):
    """Catalogue data: never changed after loading, and a misspelt field is a mistake, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=False)


def _plain_placeholders(text: str) -> str:
    """A text may hold {key} and nothing cleverer: str.format could otherwise walk into Python objects."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"braces do not match ({error}); write {{{{ for a brace") from None
    for _, name, spec, conversion in parts:
        if name is not None and (spec or conversion or not re.fullmatch(r"[a-z][a-z0-9_]*", name)):
            raise ValueError(f"{{{name}}} is not the key of a value")
    return text


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_plain_placeholders)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,79}$")]


class Text(Data):
    """One text a person reads, in Thai (the source) and in English."""

    th: Words
    en: Words

    def to(self, lang: str) -> str:
        """The text in `lang` ("en" is English, anything else Thai)."""
        return self.en if lang == "en" else self.th

    def filled(self, **values: "Text | str") -> "Text":
        """The same text with each {name} replaced in its own language."""
        return Text.model_construct(
            th=self.th.format(**{name: value_in(value, "th") for name, value in values.items()}),
            en=self.en.format(**{name: value_in(value, "en") for name, value in values.items()}),
        )


def value_in(value: Text | str, lang: str) -> str:
    """A text or a word that is the same in every language, as `lang` reads it."""
    return value if isinstance(value, str) else value.to(lang)


def placeholders(text: str) -> tuple[str, ...]:
    """The names in {braces} of a text, in order of appearance."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _satang(amount: object) -> object:
    """Baht as an editor writes it ("1,000" or "12.50") to satang; an integer (from the archive) is satang already."""
    if not isinstance(amount, str):
        return amount
    if not re.fullmatch(r"\d{1,3}(,?\d{3})*(\.\d{1,2})?", amount):
        raise ValueError(f"write an amount in baht such as 100 or 1,250.50, not {amount!r}")
    return int(Decimal(amount.replace(",", "")) * 100)


Satang = Annotated[int, BeforeValidator(_satang)]


def number(value: object) -> Decimal | None:
    """The number an answer stands for (integers and decimals), or None when it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def plain_number(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros: the one form in which it is stored ("120.5", "200")."""
    return format(value.normalize(), "f") if value else "0"


Unit = Literal["working_days", "calendar_days", "minutes"]
_UNITS: Final[dict[str, Text]] = {
    "working_days": Text(th="วันทำการ", en="working days"),
    "calendar_days": Text(th="วัน", en="days"),
    "minutes": Text(th="นาที", en="minutes"),
    "years": Text(th="ปี", en="years"),
}


def amount_of(n: int, unit: str) -> Text:
    """A count with its unit in words: 7 working_days is "7 วันทำการ" / "7 working days"."""
    words = _UNITS[unit]
    english = words.en[:-1] if n == 1 else words.en
    return Text(th=f"{n}{NBSP}{words.th}", en=f"{n}{NBSP}{english}")

"""What the law lets an agency do with a licence it has issued: on which grounds, with how many hands, after a hearing.

Laws stand in `lives.yaml`, and a service names the one it is under (`life`). They are no part of a published version of
a service: an order rests on the law of the day on which it is given.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from app.catalogue.manual import Appeal, Ground
from app.catalogue.reading import entries, valid
from app.catalogue.sheets import Sheet
from app.catalogue.texts import Data, Key, Text

Days = Annotated[int, Field(ge=1, le=3650)]


class Unheard(Data):
    """Why an order may be given without its holder being heard first: what the letter says, and by which law."""

    text: Text
    law: Text
    confirm: bool = False


class Receipt(Data):
    """When a letter counts as received, from which day on there is time to appeal: `days` after its date at the latest.

    What an order says is counted from the day on which it is told, never from the day on which it was signed.
    """

    text: Text
    days: Days
    law: Text
    confirm: bool = False


class Order(Data):
    """One thing that officers may do, and what the law wants for it."""

    grounds: Annotated[tuple[Ground, ...], Field(min_length=1)]
    two_hands: bool = False
    """One officer puts it forward, another signs."""
    hearing_days: Days | None = None
    """How many days the holder has to object before it (Administrative Procedure Act s.30)."""
    unheard: Unheard | None = None
    """Why nobody is heard before it, where it goes against the holder and has no `hearing_days`."""
    longest_days: Days | None = None
    """How long a suspension may last; None: as long as the officer says, or until it is lifted."""


class LifeLaw(Data):
    """The life of the licences of one law. An order that the law does not know is not offered to officers."""

    name: Text
    suspend: Order | None = None
    reinstate: Order | None = None
    revoke: Order | None = None
    amend: Order | None = None
    substitute: Order | None = None
    surrender: Ground
    """On what the holder gives a licence back."""
    hearing_law: Text
    receipt: Receipt
    appeal: Appeal

    @model_validator(mode="after")
    def _heard(self) -> Self:
        for name in ("suspend", "revoke"):
            order: Order | None = getattr(self, name)
            if order is not None and (order.hearing_days is None) == (order.unheard is None):
                raise ValueError(f"{name}: say either hearing_days, or in unheard why its holder is not heard first")
        return self

    @property
    def orders(self) -> Mapping[str, Order]:
        """The orders that the law knows, by name."""
        named = ("suspend", "reinstate", "revoke", "amend", "substitute")
        return {name: order for name in named if (order := getattr(self, name)) is not None}


GENERAL = "general"
"""What a service is under that names no law: administrative law."""


def of(opened: Callable[[Path], Sheet], path: Path, named: Mapping[str, tuple[Key, Sheet]]) -> Mapping[str, LifeLaw]:
    """The law of each service by its slug, from `lives.yaml` and what services name; mistakes are blamed.

    In a catalogue without that file no officer may do anything with an issued licence.
    """
    if not path.exists():
        return {}
    sheet = opened(path)
    tree: dict[str, Any] = dict(entries(sheet, sheet.tree, ()))
    laws = {key: law for key, entry in tree.items() if (law := valid(sheet, (key,), LifeLaw, entry)) is not None}
    for key, home in named.values():
        if key not in tree:
            home.blame(("life",), f"there is no law {key!r} in {sheet.file}")
    return {slug: laws[key] for slug, (key, _) in named.items() if key in laws}

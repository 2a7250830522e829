"""From the plain text of a sheet to models, with every mistake told where it stands."""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from app.catalogue.sheets import Sheet, Where

M = TypeVar("M", bound=BaseModel)


def entries(sheet: Sheet, tree: Any, where: Where) -> Iterator[tuple[str, Any]]:
    """The key → mapping entries of a mapping; anything else is blamed."""
    if tree is None and sheet.mistakes:
        return
    if not isinstance(tree, dict):
        sheet.blame(where, "must be a list of key: entry")
        return
    for key, entry in tree.items():
        if isinstance(entry, dict):
            yield key, entry
        else:
            sheet.blame((*where, key), "must be an entry with fields, not a single value")


def valid(sheet: Sheet, where: Where, make: type[M] | TypeAdapter[Any], data: Any, under: Sheet | None = None) -> Any:
    """The data as a model, or None with every mistake blamed: on `under` where only that sheet says it."""
    try:
        return make.validate_python(data) if isinstance(make, TypeAdapter) else make.model_validate(data)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False):
            said = {"extra_forbidden": _unknown(one["loc"]), "missing": "this field is missing"}.get(
                one["type"], one["msg"]
            )
            loc = (*where, *one["loc"])
            place = loc[: 2 if loc[:1] == ("manual",) else 1]
            taken = under is not None and place in under.lines and place not in sheet.lines
            (under if under is not None and taken else sheet).blame(loc, said.removeprefix("Value error, "))
        return None


def _unknown(loc: tuple[int | str, ...]) -> str:
    """An unknown field; one that is no word is the rest of a text that was cut at a comma."""
    whole = re.fullmatch(r"[a-z][a-z0-9_]*", str(loc[-1] if loc else ""))
    return "unknown field" if whole else "unknown field: put a text that has a comma inside {…} in quotes"

"""Looking into PDF objects that may or may not be there."""

from typing import Any

from pikepdf import Array, Dictionary, Object


def inside(start: Object, *keys: str) -> Any:
    """What is found by following `keys` from a dictionary or stream, or None where one is missing."""
    found: Any = start
    for key in keys:
        try:
            found = found.get(key)  # None for what is no dictionary; asking first what it is costs ten times as much
        except AttributeError:  # numbers and truth values are Python's own
            return None
    return found


def each(start: Object, *keys: str) -> list[Any]:
    """The items of the array found by following `keys`; none where it is missing; one that stands without an array."""
    found = inside(start, *keys)
    if found is None:
        return []
    return list(found) if isinstance(found, Array) else [found]


def names(start: Object, *keys: str) -> list[str]:
    """The keys of the dictionary found by following `keys`."""
    found = inside(start, *keys)
    return list(found.keys()) if isinstance(found, Dictionary) else []

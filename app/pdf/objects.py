"""Looking into PDF objects that may or may not be there, whoever read them: pikepdf, or `own_files`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Object, Stream

from app.pdf.own_files import Part


@dataclass(frozen=True)
class Opened:
    """A file as rules look at it: catalogue, trailer, pages in their order."""

    root: Any
    trailer: Any
    pages: Sequence[Any]


def inside(start: Object | Part, *keys: str) -> Any:
    """What is found by following `keys` from a dictionary or stream, or None where one is missing."""
    found: Any = start
    for key in keys:
        try:
            found = found.get(key)  # None for what is no dictionary; asking first what it is costs ten times as much
        except AttributeError:  # numbers and truth values are Python's own
            return None
    return found


def each(start: Object | Part, *keys: str) -> list[Any]:
    """The items of the array found by following `keys`; none where it is missing; one that stands without an array."""
    found = inside(start, *keys)
    if found is None:
        return []
    return list(found) if isinstance(found, Array | list | tuple) else [found]


def names(start: Object | Part, *keys: str) -> list[str]:
    """The keys of the dictionary found by following `keys`."""
    found = inside(start, *keys)
    return list(found.keys()) if isinstance(found, Dictionary | Part) else []


def is_stream(found: Any) -> bool:
    """Whether there is a stream."""
    return found.is_stream if isinstance(found, Part) else isinstance(found, Stream)

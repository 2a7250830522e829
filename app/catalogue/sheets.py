"""YAML as plain text: `no` stays "no", `0105` stays "0105", a repeated key is a mistake, every line number is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.pdf import characters

_LOADER: Any = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader

Where = tuple[str | int, ...]
"""A place inside a file: ("fee", "rows", 1)."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to mend in the catalogue, and where it stands."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        """The mistake as one line: "services/x.yaml:12: fee.rows.1: …"."""
        return f"{self.file}:{self.line}: {self.path + ': ' if self.path else ''}{self.message}"


@dataclass
class Sheet:
    """One file: its content as dicts, lists and strings, the line of each place, and the mistakes found so far."""

    file: str
    tree: Any = None
    lines: dict[Where, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def blame(self, where: Where, message: str) -> None:
        """Record a mistake at the nearest place that exists (schema positions the file does not have are skipped)."""
        known: Where = ()
        for step in where:
            if (*known, step) in self.lines:
                known = (*known, step)
        path = known if where[-1:] in ((), known[-1:]) else (*known, where[-1])
        self.mistakes.append(Mistake(self.file, self.lines.get(known, 1), ".".join(map(str, path)), message))


def read_sheet(path: Path, root: Path) -> Sheet:
    """The file as a sheet; what is wrong with its YAML is among its mistakes, and its tree is None if it is none."""
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        return Sheet(file, mistakes=[Mistake(file, 1, "", f"cannot be read: {error.strerror}")])
    except UnicodeDecodeError:
        return Sheet(file, mistakes=[Mistake(file, 1, "", "is not UTF-8 text")])
    known = _parsed(file, text)
    return Sheet(file, known.tree, known.lines, [*known.mistakes])


@lru_cache(maxsize=64)
def _parsed(file: str, text: str) -> Sheet:
    """The text as a sheet, nothing else known: read anew only when it changed."""
    sheet = Sheet(file)
    try:
        events = yaml.parse(text, Loader=_LOADER)
        nodes = (event for event in events if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent))
        first = next(nodes)
        if isinstance(first, yaml.StreamEndEvent):
            sheet.blame((), "is empty")
        else:
            sheet.tree = _build(sheet, nodes, first, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        sheet.mistakes.append(Mistake(file, mark.line + 1 if mark else 1, "", f"not YAML: {error.problem}"))
        sheet.tree = None
    return sheet


def _build(sheet: Sheet, events: Iterator[Any], event: Any, where: Where) -> Any:
    sheet.lines.setdefault(where, _line(event))
    if isinstance(event, yaml.AliasEvent):
        sheet.blame(where, "aliases (*name) are not used here: write it out")
        return ""
    if getattr(event, "tag", None) not in (None, "!"):
        sheet.blame(where, f"tags ({event.tag}) are not used here: every value is text")
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(sheet, events, where)
    if isinstance(event, yaml.SequenceStartEvent):
        found: list[Any] = []
        for item in events:
            if isinstance(item, yaml.SequenceEndEvent):
                break
            found.append(_build(sheet, events, item, (*where, len(found))))
        return found
    if not isinstance(event, yaml.ScalarEvent):
        return None
    if lacking := characters.missing(event.value):
        sheet.blame(where, f"documents cannot show {characters.named(lacking)}: any text here may come to stand on one")
    return event.value


def _mapping(sheet: Sheet, events: Iterator[Any], where: Where) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        if not isinstance(key, yaml.ScalarEvent):
            _build(sheet, events, key, where)
            sheet.blame(where, f"line {_line(key)}: a key must be one word")
            _build(sheet, events, next(events), (*where, "?"))
            continue
        place = (*where, key.value)
        if key.value in found:
            sheet.mistakes.append(
                Mistake(
                    sheet.file,
                    _line(key),
                    ".".join(map(str, place)),
                    f"the key {key.value!r} stands twice (first in line {sheet.lines[place]})",
                )
            )
        sheet.lines.setdefault(place, _line(key))
        found[key.value] = _build(sheet, events, next(events), place)
    return found


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1

"""The kind of question that is answered row by row: directors, staff, signs, rooms.

Pure. A group travels as flat form fields: its own field `key` lists the rows' ids in order, and `key.row.question` (or
`key.row.question.part`) holds what was typed. So a page may show one row, a list of all, or the whole table, and every
way reads the same. The value is the list of rows, each with its id under "row" and one value per visible question.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, JsonValue
from typing_extensions import override

from app.catalogue.asking import Asking, Fields, Reading, Refused, named
from app.catalogue.cells import Cell
from app.catalogue.conditions import facts, holds
from app.catalogue.texts import NBSP, Text

ROW: Final = "row"
"""Under this name a row of the value carries its id."""
ROW_ID: Final = re.compile(r"[a-z0-9]{1,12}")
MOST_ROWS: Final = 200
"""No group may ask for more rows than this."""


def _with_keys(written: Any) -> Any:
    """Questions as an editor writes them (`key: question`) become the list they are archived as."""
    if not isinstance(written, dict):
        return written
    return [{"key": key, **one} if isinstance(one, dict) else one for key, one in written.items()]


@dataclass(frozen=True)
class RowReading:
    """What came of reading one row: each visible question's reading, by its key in the row."""

    id: str
    number: int
    """Its place, from 1."""
    readings: Mapping[str, Reading]

    @property
    def wrong(self) -> dict[str, Reading]:
        """The readings with a problem, in reading order."""
        return {key: reading for key, reading in self.readings.items() if reading.problem}

    @property
    def value(self) -> dict[str, JsonValue]:
        """The row as it is stored, without what is empty or wrong."""
        said = {key: reading.value for key, reading in self.readings.items()}
        return {ROW: self.id, **{key: value for key, value in said.items() if value is not None}}


@dataclass(frozen=True)
class RowLine:
    """A row in a list: its id, its place from 1, its answers in one line, and what is to be mended in it."""

    id: str
    number: int
    text: str
    problem: Text | None = None


class GroupQuestion(Asking):
    """Rows of the same questions, at least `min` (1, unless it is optional) and at most `max` of them."""

    kind: Literal["group"]
    each: Text
    """What one row is called, as a noun: "ป้าย" / "sign"."""
    questions: Annotated[
        tuple[Cell, ...],
        BeforeValidator(_with_keys, json_schema_input_type=dict[str, Any] | tuple[Cell, ...]),
        Field(min_length=1, max_length=20),
    ]
    """What is asked in every row. A condition may look at earlier questions of the same row."""
    lowest: Annotated[int, Field(alias="min", ge=0, le=MOST_ROWS)] = 1
    highest: Annotated[int, Field(alias="max", ge=1, le=MOST_ROWS)] = 100

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """The questions of a row, by key."""
        return {cell.key: cell for cell in self.questions}

    # — Reading ———————————————————————————————————————————————————————————————————————————————————————————————————

    def ids(self, fields: Fields) -> list[str]:
        """The rows in order: those the group's own field lists, then any other that has something typed."""
        listed = " ".join(fields.get(self.key, ())).split()
        prefix = f"{self.key}."
        met = (name[len(prefix) :].partition(".")[0] for name in fields if name.startswith(prefix))
        return [row for row in dict.fromkeys((*listed, *met)) if ROW_ID.fullmatch(row)][: 2 * MOST_ROWS]

    def rows(self, fields: Fields) -> list[RowReading]:
        """Every row, read."""
        typed: dict[str, dict[str, Sequence[str]]] = {row: {} for row in self.ids(fields)}
        for name, texts in fields.items():
            group, _, rest = name.partition(".")
            row, _, cell = rest.partition(".")
            if group == self.key and cell and row in typed:
                typed[row][cell] = texts
        return [self.read_row(row, number, said) for number, (row, said) in enumerate(typed.items(), 1)]

    def read_row(self, row: str, number: int, fields: Fields) -> RowReading:
        """One row from its own fields, named without group and row; a question whose condition fails is not read."""
        readings: dict[str, Reading] = {}
        said: dict[str, JsonValue] = {}
        for cell in self.questions:
            if holds(cell.when, said):
                reading = readings[cell.key] = cell.read(fields)
                if reading.value is not None:
                    said[cell.key] = reading.value
        return RowReading(row, number, readings)

    @override
    def read(self, fields: Fields) -> Reading:
        rows = self.rows(fields)
        raw = {self.key: " ".join(row.id for row in rows)} if rows or self.key in fields else {}
        for row in rows:
            for reading in row.readings.values():
                raw |= {self.name_of(row.id, name): text for name, text in reading.raw.items()}
        wrong = next((row for row in rows if row.wrong), None)
        if wrong is not None:
            first = next(iter(wrong.wrong.values()))
            said = _IN_ROW.filled(each=self.each, number=str(wrong.number), problem=first.problem or "")
            return Reading(None, said, raw, f"{self.key}.{wrong.id}")
        problem = self._how_many(len(rows))
        value: JsonValue = [row.value for row in rows] if rows and problem is None else None
        return Reading(value, problem, raw, self.key)

    def read_with(self, value: Sequence[Any], raw: Mapping[str, str], row: RowReading) -> Reading:
        """The same as reading `raw`, when all rows but this one read as they stand in `value`."""
        rows = [row.value if one[ROW] == row.id else one for one in value]
        rows += [] if any(one[ROW] == row.id for one in value) else [row.value]
        problem = self._how_many(len(rows))
        return Reading(None if problem else rows, problem, dict(raw), self.key)

    def name_of(self, row: str, name: str) -> str:
        """The name a row's field has in the whole form."""
        return f"{self.key}.{row}.{name}"

    def _how_many(self, count: int) -> Text | None:
        if not count and (self.optional or not self.lowest):
            return None
        if count < self.lowest or not count:
            return self.nothing_said()
        return self.too_many(count) if count > self.highest else None

    def too_many(self, count: int) -> Text:
        """What to do about more rows than fit."""
        return _TOO_MANY.filled(each=named(self.each), most=str(self.highest), count=str(count))

    @override
    def parse(self, typed: Mapping[str, str], raw: Mapping[str, str]) -> JsonValue:
        raise Refused(self.nothing_said())  # rows are read by `read`

    # — Storing and showing ———————————————————————————————————————————————————————————————————————————————————————

    @override
    def fill(self, value: JsonValue) -> dict[str, str]:
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        named_rows = {str(row.get(ROW) or number): row for number, row in enumerate(rows, 1)}
        filled = {self.key: " ".join(named_rows)}
        for row_id, row in named_rows.items():
            for cell in self.questions:
                if cell.key in row:
                    filled |= {self.name_of(row_id, name): text for name, text in cell.fill(row[cell.key]).items()}
        return filled

    @override
    def show(self, value: JsonValue, lang: str) -> str:
        """One line per row, numbered when there are several."""
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        lines = (self.show_row(row, lang) for row in rows)
        return "\n".join(f"{number}.{NBSP}{line}" for number, line in enumerate(lines, 1))

    def lines(self, value: JsonValue, raw: Mapping[str, str], lang: str) -> list[RowLine]:
        """Every row in one line: from the value, else (some row does not fit yet) from what was typed."""
        if isinstance(value, list):
            rows = [row for row in value if isinstance(row, dict)]
            return [RowLine(str(row.get(ROW) or n), n, self.show_row(row, lang)) for n, row in enumerate(rows, 1)]
        read = self.rows({name: (text,) for name, text in raw.items()})
        return [
            RowLine(row.id, row.number, self.show_row(row.value, lang), next(iter(row.wrong.values())).problem)
            if row.wrong
            else RowLine(row.id, row.number, self.show_row(row.value, lang))
            for row in read
        ]

    def in_row(self, row: RowLine) -> Text:
        """What is to be mended in a row, with the row named: "ป้ายที่ 2: …"."""
        return _IN_ROW.filled(each=self.each, number=str(row.number), problem=row.problem or "")

    def show_row(self, row: Mapping[str, JsonValue], lang: str) -> str:
        """A row in one line: its first answer as it is, the others with their names."""
        shown = [(cell, cell.show(row.get(cell.key), lang).replace("\n", " ")) for cell in self.questions]
        said = [text if cell is self.questions[0] else f"{cell.name.to(lang)} {text}" for cell, text in shown if text]
        return " · ".join(said)

    @override
    def nothing_said(self) -> Text:
        least = max(self.lowest, 1)
        rule = Text(th="เพิ่ม{each}อย่างน้อย {least} รายการ", en="Add at least {least} {each}")
        return rule.filled(each=named(self.each), least=str(least))

    # — The editor's mistakes —————————————————————————————————————————————————————————————————————————————————————

    @override
    def mistakes(self) -> Iterator[str]:
        yield from super().mistakes()
        if self.lowest > self.highest:
            yield f"min {self.lowest} is above max {self.highest}"
        if self.example or self.autocomplete:
            yield "examples and autocomplete belong to the questions of the row"
        earlier: list[str] = []
        for cell in self.questions:
            yield from (f"{cell.key}: {said}" for said in cell.mistakes())
            if cell.key in {ROW, *earlier}:
                yield f"{cell.key}: this name is taken"
            if cell.prefill or cell.given:
                yield f"{cell.key}: a registry fills the whole group or nothing of it"
            if (cell.personal and not self.personal) or (cell.sensitive and not self.sensitive):
                yield f"{cell.key} is personal (or sensitive): say so of the group too"
            for fact in facts(cell.when):
                if not set(fact.questions) <= set(earlier):
                    yield f"{cell.key}: points at {fact.question!r}, which no earlier question of the row is"
            earlier.append(cell.key)


_IN_ROW: Final = Text(th="{each}ที่ {number}: {problem}", en="{each} {number}: {problem}")
_TOO_MANY: Final = Text(
    th="เอา{each}ออกให้เหลือไม่เกิน {most} รายการ ตอนนี้มี {count} รายการ",
    en="Keep at most {most} rows ({each}); there are {count} now",
)

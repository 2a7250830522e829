"""Where a row of a repeating group stands, and the addresses around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.catalogue.cells import AnyCell
from app.catalogue.rows import ROW_ID, GroupQuestion
from app.core.errors import NotFound

NEW, MORE = "new", "more"


@dataclass(frozen=True)
class Place:
    """A group where it stands: what its boxes hold, the address of its list, and the one its rows stand under."""

    question: GroupQuestion
    raw: Mapping[str, str]
    list: str
    rows: str
    token: str
    query: str = ""
    """What every address here carries on: "?back=check" or nothing."""
    ask: str = ""
    """Where the agency is asked about this page; "" where nobody can be."""
    saved_at: datetime | None = None
    """When anything beside it was kept last."""

    def boxes(self, cell: AnyCell, row: str) -> set[str]:
        """The names of one question's boxes in a row."""
        return {self.question.name_of(row, field) for field in cell.fields}

    def row(self, name: str) -> str:
        """The address of a row, or of a new one."""
        more = self.query.replace("?", "&", 1) if "?" in name else self.query
        return f"{self.rows}/{name}{more}"


def row_id(row: str, given: str) -> str:
    """The id in the address, or the one that a new row brought along, so that sending it twice adds it once."""
    found = given if row == NEW else row
    if found == NEW or not ROW_ID.fullmatch(found):
        raise NotFound
    return found

"""The table walked: every row as every visitor, with real ids of a real case; what came back and what it changed."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import func, select

from app.applications.form_models import SingleForm, Upload
from app.applications.models import Application
from app.core import jobs
from app.core.events import Event
from app.privacy.models import AccessLog, Consent
from tests.access.cases import Cases, file
from tests.access.cast import Cast, Visitor, Who
from tests.access.table import ROWS, Row

UUIDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{64}")
TIMES = re.compile(r"<time.*?</time>|\d{4}-\d\d-\d\dT[\d:.+]+")
SAFE = frozenset({"GET", "HEAD"})
REFUSALS = frozenset({401, 403, 404})
Written = tuple[object, ...]


@dataclass(frozen=True)
class Cell:
    """One answer: what one visitor got for one row, and whether anything was written for it."""

    row: Row
    who: Who
    url: str
    status: int
    headers: httpx2.Headers
    text: str
    unknown: str | None
    """The answer to the same request about a thing that does not exist, when this one was "not found"."""
    wrote: bool

    @property
    def name(self) -> str:
        """How a failing test speaks of it."""
        return f"{self.row.method} {self.row.path} {dict(self.row.also)} at {self.row.at} by {self.who}"


@dataclass
class Walked:
    """Every cell, in the order walked."""

    cells: list[Cell] = field(default_factory=list)

    def granted(self) -> list[Cell]:
        """What was answered with a page or a redirect after an act."""
        return [cell for cell in self.cells if cell.row.gets[cell.who] in {200, 204, 302, 303}]

    def denied(self) -> list[Cell]:
        """What the table refuses to this visitor, whatever the state of the case."""
        return [cell for cell in self.cells if cell.row.gets[cell.who] in REFUSALS]


@dataclass(frozen=True)
class Tokenless:
    """What became of an act sent by somebody who may do it, but without a form token that was drawn for them."""

    row: Row
    who: Who
    sent: str
    status: int
    text: str
    acted: bool

    @property
    def name(self) -> str:
        """How a failing test speaks of it."""
        return f"{self.row.path} {dict(self.row.also)} by {self.who} with {self.sent}"


def without_tokens(cast: Cast, made: Cases) -> list[Tokenless]:
    """Every act that asks for a form token, by whom it is granted to: with none, with another's, with another act's."""
    found = []
    for row in ROWS:
        for who in Who:
            if row.token and row.gets[who] in {200, 303, 422}:
                others = () if who is Who.ELSEWHERE else ("another's",)  # whose token is their own
                found += [_tokenless(cast, made, row, who, sent) for sent in ("", *others, "another act's")]
    return found


def _tokenless(cast: Cast, made: Cases, row: Row, who: Who, sent: str) -> Tokenless:
    ids = _ids(cast, made, row)
    purpose = row.token.format_map(ids)
    tokens = {
        "": "",
        "another's": cast.form_token(cast[Who.ELSEWHERE], purpose),
        "another act's": cast.form_token(cast[who], "topic"),
    }
    body = _body(cast, row, cast[who], ids)
    body["data"]["token"] = tokens[sent]
    before = _acts(cast)
    answer = cast[who].ask(row.method, _with(row, row.path.format_map(ids)), **body)
    return Tokenless(row, who, sent or "none", answer.status_code, answer.text, _acts(cast) != before)


def walk_the_table(cast: Cast, made: Cases) -> Walked:
    """Try every row as everybody, in the order of the table and of `Who`."""
    walked, written = Walked(), None
    for row in ROWS:
        for who in Who:
            cell, written = _cell(cast, made, row, who, written)
            walked.cells.append(cell)
    return walked


def _cell(cast: Cast, made: Cases, row: Row, who: Who, written: Written | None) -> tuple[Cell, Written | None]:
    """The cell, and what is written after it when it is a refusal: before the next one nothing else happens.

    `written` is what the refusal before this cell left.
    """
    opens_session = row.own_session or "{session_id}" in row.path
    visitor = cast.visitor(who) if row.own_session else cast[who]
    ids = _ids(cast, made, row)
    url, body = row.path.format_map(ids), _body(cast, row, visitor, ids)
    refused = row.gets[who] in REFUSALS
    before = _settled(cast) if refused and (written is None or opens_session) else written
    answer = visitor.ask(row.method, _with(row, url), **body)
    after = _written(cast) if refused else None
    wrote = refused and after != before
    unknown = None
    if answer.status_code == 404 and "{" in row.path:
        strange = visitor.ask(
            row.method, _with(row, row.path.format_map(_strange(ids))), **_body(cast, row, visitor, ids)
        )
        unknown = neutral(strange.text) if strange.status_code == 404 else f"{strange.status_code}"
    if row.own_session:
        visitor.client.close()
    text = answer.text if answer.headers.get("content-type", "").startswith("text/html") else ""
    return Cell(row, who, url, answer.status_code, answer.headers, text, unknown, wrote), after


def neutral(page: str) -> str:
    """A page without the ids that were in its address, and without the moment it was drawn."""
    return TIMES.sub("", UUIDS.sub("…", page))


def _with(row: Row, url: str) -> str:
    return f"{url}?{row.query}" if row.query else url


def _ids(cast: Cast, made: Cases, row: Row) -> dict[str, str]:
    ids = made.at[row.at] | dict(row.also)
    if "{session_id}" in row.path:
        extra = cast.visitor(Who.OWNER)
        extra.client.close()
        ids["session_id"] = str(extra.session_id)
    if "application_id" in ids:
        with cast.database.transaction() as db:
            revision = select(Application.revision).where(Application.id == UUID(ids["application_id"]))
            ids["revision"] = str(db.scalar(revision))
    return ids


def _strange(ids: Mapping[str, str]) -> dict[str, str]:
    """The same names for things that nobody has."""
    return {
        name: str(uuid4())
        if UUIDS.fullmatch(value) and len(value) == 36
        else "0" * 64
        if UUIDS.fullmatch(value)
        else value
        for name, value in ids.items()
    }


def _body(cast: Cast, row: Row, visitor: Visitor, ids: Mapping[str, str]) -> dict[str, Any]:
    if row.method in SAFE:
        return {}
    data = {name: value.format_map(ids) if value.startswith("{") else value for name, value in row.send.items()}
    if row.token:
        data["token"] = cast.form_token(visitor, row.token.format_map(ids))
    return {"data": data} | ({"files": {"file": file(ids["key"])}} if row.file else {})


_COUNTS = [select(func.count()).select_from(model).scalar_subquery() for model in (Event, Consent, Upload)]
_REVISIONS = select(func.coalesce(func.sum(Application.revision), 0)).scalar_subquery()
_LOOKS = select(func.count()).select_from(AccessLog).scalar_subquery()
_SAVED = select(func.max(SingleForm.updated_at)).scalar_subquery()


def _acts(cast: Cast) -> Written:
    """How much there is of everything that an act leaves behind."""
    with cast.database.transaction() as db:
        return tuple(db.execute(select(*_COUNTS, _REVISIONS)).one())


def _settled(cast: Cast) -> Written:
    """What is written once nothing that was granted before is still being worked on."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with cast.database.transaction() as db:
            if not jobs.waiting(db):
                break
        time.sleep(0.02)
    return _written(cast)


def _written(cast: Cast) -> Written:
    """The same with looks and saved answers."""
    with cast.database.transaction() as db:
        return tuple(db.execute(select(*_COUNTS, _REVISIONS, _LOOKS, _SAVED)).one())

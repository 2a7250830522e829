"""Everything held about me, in one place: rows for machines, the same to read, and my files (PDPA s.30 and 31)."""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, BinaryIO, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import holdings as of_applications
from app.billing import holdings as of_billing
from app.core import holdings, jobs
from app.core.errors import NotFound
from app.core.events import SYSTEM, Actor, record
from app.core.failpoints import reach
from app.core.holdings import Holding
from app.core.i18n import gettext, speaking
from app.core.money import baht
from app.core.thai import date_short, moment_short
from app.engagement import holdings as of_engagement
from app.identity import holdings as of_identity
from app.identity import people
from app.licences import holdings as of_licences
from app.notices import holdings as of_notices
from app.papers import holdings as of_papers
from app.pdf import issued
from app.privacy import copies, copy_document
from app.privacy import holdings as of_privacy
from app.privacy.copies import File
from app.privacy.copy_document import Section
from app.privacy.models import DataCopy
from app.stories.house import House
from app.stories.sealing import unsigned

HELD = (
    *of_identity.HELD,
    *of_applications.HELD,
    *of_billing.HELD,
    *of_licences.HELD,
    *of_notices.HELD,
    *of_papers.HELD,
    *of_engagement.HELD,
    *of_privacy.HELD,
)
NOT_HELD = (*of_identity.NOT_HELD, *of_applications.NOT_HELD, *of_privacy.NOT_HELD)

LETTERS = ("decision_letters", "case_letters", "licence_letters")
JSON, PDF, ZIP = "data.json", "data.pdf", "files.zip"
LONGEST = 400
"""Characters of one cell in the document to read; the whole of it stands in the machine-readable file."""

Rows = Sequence[Mapping[str, Any]]


def ask(db: Session, person_id: UUID, language: str, actor: Actor, now: datetime) -> UUID:
    """Put a copy in line, once however often it is pressed."""
    copy_id = copies.ask(db, person_id, language, now)
    if copies.ready(db, copy_id):
        return copy_id
    jobs.enqueue(db, "copy_data", once=f"copy:{copy_id}", copy_id=str(copy_id))
    record(db, f"person:{person_id}", "copy.asked", actor, now, subject=person_id)
    return copy_id


@dataclass(frozen=True)
class _Gathered:
    """What one person's copy is made of, read in one transaction."""

    person_id: UUID
    name: str
    language: str
    held: tuple[tuple[Holding, Rows], ...]
    files: tuple[tuple[str, str], ...]
    """(name in the archive, digest)."""


def make(house: House, copy_id: UUID) -> None:
    """Job: read, draw and pack outside any transaction, then offer. Run again after a crash it is made anew."""
    now = house.clock.now()
    with house.database.transaction() as db:
        row = db.get(DataCopy, copy_id)
        if row is None or row.ready_at is not None or row.gone_at is not None:
            return
        found = _gather(db, house, row.person_id, row.language)
    made = [
        _stored(house, JSON, "application/json", _for_machines(found, now)),
        _stored(house, PDF, "application/pdf", _to_read(house, found, copy_id, now)),
        *_packed(house, found, copy_id),
    ]
    reach("copy.stored")
    with house.database.transaction() as db:
        if copies.finish(db, copy_id, made, now):
            record(db, f"person:{found.person_id}", "copy.made", SYSTEM, now, subject=found.person_id)
        else:
            copies.doom(db, [file.digest for file in made], now)


def take(db: Session, house: House, person_id: UUID, copy_id: UUID, name: str, actor: Actor, now: datetime) -> bytes:
    """One file of my copy; every download is written down."""
    file = copies.take(db, person_id, copy_id, name, now)
    record(db, f"person:{person_id}", "copy.taken", actor, now, subject=person_id, file=name)
    return house.files.read(file.digest)


def expire(house: House) -> None:
    """By the clock: copies past their days are gone."""
    with house.database.transaction() as db:
        copies.expire(db, house.clock.now())


# — Reading ————————————————————————————————————————————————————————————————————————————————————————————————————————


def _gather(db: Session, house: House, person_id: UUID, language: str) -> _Gathered:
    held = tuple(
        (holding, [_opened(house, holding, row) for row in rows])
        for holding, rows in holdings.of_person(db, HELD, person_id)
    )
    person = people.profile(db, house.keyring, person_id)
    return _Gathered(person_id, person.name, language, held, tuple(_newest(db, dict(_by_table(held)))))


def _opened(house: House, holding: Holding, row: dict[str, Any]) -> dict[str, Any]:
    place = f"{holding.table}.{{}}/{row.get('id')}"
    return row | {
        name: house.keyring.open(row[name], place.format(name)) for name in holding.sealed if row.get(name) is not None
    }


def _by_table(held: Sequence[tuple[Holding, Rows]]) -> Iterator[tuple[str, Rows]]:
    for holding, rows in held:
        yield holding.table, rows


def _newest(db: Session, rows: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    """My files as I would download them now: receipts with the proof that was added since."""
    for name, digest in _files(rows):
        yield name, issued.newest(db, digest)


def _files(rows: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    """My files, in folders named as I know them."""
    references = {form["id"]: form["reference"] for form in rows["single_forms"]}
    for form in rows["single_forms"]:
        if form["receipt_digest"]:
            yield f"{form['reference']}/submission.pdf", form["receipt_digest"]
    for upload in rows["uploads"]:
        if upload["state"] == "clean" and upload["digest"]:
            name = f"{str(upload['id'])[-8:]}-{upload['filename'].replace('/', '_')}"
            yield f"{references[upload['single_form_id']]}/documents/{upload['document_key']}-{name}", upload["digest"]
    yield from _papers(rows)
    numbers = {licence["id"]: licence["number"] for licence in rows["licences"]}
    for document in rows["licence_documents"]:
        name = f"{_plain(numbers[document['licence_id']])}-{document['form']}"
        if document["digest"]:
            yield f"licences/{name}.pdf", document["digest"]


def _papers(rows: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    """What agencies wrote to me and asked of me: bills, receipts, and every letter as it is handed out now."""
    folders = {"bills": "bills", "receipts": "receipts", **dict.fromkeys(LETTERS, "letters")}
    for table, folder in folders.items():
        for row in rows[table]:
            drawn = row.get("countersigned_digest") or row["file_digest"]
            if drawn:
                yield f"{folder}/{row['agency_code']}-{_plain(row['number'])}.pdf", drawn


def _plain(number: str) -> str:
    return number.replace("/", "-").replace(" ", "-")


# — Writing ————————————————————————————————————————————————————————————————————————————————————————————————————————


def _stored(house: House, name: str, media_type: str, data: bytes) -> File:
    return File(name, media_type, len(data), house.files.put(data))


def _for_machines(found: _Gathered, now: datetime) -> bytes:
    body = {
        "about": "everything held about one person (PDPA B.E. 2562 s.30, 31)",
        "made_at": now.isoformat(),
        "not_included": {holding.table: dict(holding.withheld) for holding, _ in found.held if holding.withheld},
        "tables_not_included": {elsewhere.table: elsewhere.why for elsewhere in NOT_HELD},
        "files": [{"name": name, "sha256": digest} for name, digest in found.files],
        "data": {holding.table: list(rows) for holding, rows in found.held},
    }
    return json.dumps(body, ensure_ascii=False, indent=1, default=_machine).encode()


def _machine(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)


def _to_read(house: House, found: _Gathered, copy_id: UUID, now: datetime) -> bytes:
    with speaking(found.language):
        sections = [_section(house, holding, rows, found.language) for holding, rows in found.held]
        says = copy_document.document(str(copy_id), found.name, sections, now, found.language)
    return unsigned(house, says, now).data


def _section(house: House, holding: Holding, rows: Rows, lang: str) -> Section:
    shown = tuple(holding.shown)
    said = [tuple(_cell(house, holding.table, name, row, lang) for name in shown if name in row) for row in rows]
    labels = tuple(gettext(holding.shown[name]) for name in shown if not rows or name in rows[0])
    return Section(gettext(holding.title), labels, said)


def _cell(house: House, table: str, name: str, row: Mapping[str, Any], lang: str) -> str:
    value, catalogue = row[name], house.catalogue
    question = catalogue.questions.get(row["key"]) if table == "answers" else None
    if question is not None and value is not None and name in {"key", "value"}:
        return question.name.to(lang) if name == "key" else question.show(value, lang)[:LONGEST]
    if name == "service_slug" and value in catalogue.services:
        return catalogue.services[value].short_name.to(lang)
    if name == "agency_code" and value in catalogue.agencies:
        return catalogue.agencies[value].name.to(lang)
    return "-" if value is None or value == "" else _words(name, value, lang)[:LONGEST]


def _words(name: str, value: object, lang: str) -> str:
    match value:
        case bool():
            said = gettext("ใช่") if value else gettext("ไม่ใช่")
        case datetime():
            said = moment_short(value, lang)
        case date():
            said = date_short(value, lang)
        case int() if name.endswith("satang"):
            said = baht(value)
        case {"th": str(thai), "en": str(english)}:
            said = english if lang == "en" else thai
        case list():
            said = ", ".join(_words(name, item, lang) for item in value)
        case dict():
            said = json.dumps(value, ensure_ascii=False)
        case Enum():
            said = str(value.value)
        case _:
            said = f"{str(value)[:32]} {str(value)[32:]}" if "digest" in name else str(value)
    return said


def _packed(house: House, found: _Gathered, copy_id: UUID) -> Iterator[File]:
    """My files in one archive; none when I have none."""
    if not found.files:
        return
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            archive.comment = str(copy_id).encode()  # its own bytes: another copy never shares this file
            for name, digest in found.files:
                _pack(house, archive, name, digest)
        size = target.tell()
        target.seek(0)
        yield File(ZIP, "application/zip", size, house.files.put(cast("BinaryIO", target)))


def _pack(house: House, archive: zipfile.ZipFile, name: str, digest: str) -> None:
    try:
        archive.writestr(name, house.files.read(digest))
    except NotFound:  # erased at the end of its period while this copy was being made
        return

"""What a person says of a document beside the file: which of several it is, and on which day it was issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.applications.form_models import Upload
from app.applications.inspection import Problem
from app.catalogue.schema import Document
from app.core.i18n import lang
from app.core.thai import date_long, parse_date

PARTS = ("variant", "day", "month", "year")
"""The boxes of the form, by what they hold."""

WHICH = "เลือกว่าใช้เอกสารใด แล้วเลือกไฟล์อีกครั้ง"
WHEN = "ใส่วันที่ออกเอกสารเป็นวัน เดือน ปี พ.ศ. ตามที่เขียนในเอกสาร แล้วเลือกไฟล์อีกครั้ง"
NOT_YET = "วันที่ออกเอกสาร %(day)s ยังมาไม่ถึง ดูวันที่ในเอกสารอีกครั้ง แล้วเลือกไฟล์"
TOO_OLD = "เอกสารนี้ออกเมื่อ %(day)s เกิน %(limit)s แล้ว ขอฉบับใหม่ที่ออกตั้งแต่ %(since)s แล้วเลือกไฟล์"


@dataclass(frozen=True)
class Claim:
    """The key of the alternative ("" where there is none), and the day of issue (None where nobody asks)."""

    variant: str = ""
    issued_on: date | None = None


def claim(document: Document, said: Mapping[str, str], today: date) -> Claim | Problem:
    """What was said of a file, or what to mend of it."""
    variant = said.get("variant", "")
    if document.alternatives and variant not in {one.key for one in document.alternatives}:
        return Problem(WHICH)
    if document.issued_within is None:
        return Claim(variant if document.alternatives else "")
    try:
        issued = parse_date(*(said.get(part, "") for part in ("day", "month", "year")))
    except ValueError:
        return Problem(WHEN)
    if issued > today:
        return Problem(NOT_YET, {"day": date_long(issued, lang())})
    return too_old(document, issued, today) or Claim(variant if document.alternatives else "", issued)


def too_old(document: Document, issued: date | None, today: date) -> Problem | None:
    """Why a document of that day of issue cannot be handed in today; None when it can."""
    limit = document.issued_within
    if limit is None or issued is None or issued >= limit.since(today):
        return None
    values = {
        "day": date_long(issued, lang()),
        "limit": limit.words.to(lang()),
        "since": date_long(limit.since(today), lang()),
    }
    return Problem(TOO_OLD, values)


def fits(document: Document | None, upload: Upload, today: date) -> bool:
    """Whether a file that was handed in once may be handed in again: its day of issue is known and recent enough."""
    if document is None or document.issued_within is None:
        return True
    return upload.issued_on is not None and too_old(document, upload.issued_on, today) is None

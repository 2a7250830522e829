"""A stored file goes only when nothing refers to it: files are named by their content and may have many owners."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.applications.case_letters import CaseLetter
from app.applications.form_models import SingleForm, Upload
from app.applications.models import DecisionLetter
from app.applications.refiling import Filing
from app.billing.models import Bill, Receipt
from app.core.failpoints import reach
from app.licences.models import LicenceDocument, LicenceLetter
from app.pdf.issued import IssuedFile
from app.privacy import copies
from app.privacy.models import DataCopy
from app.stories.house import House

GRACE = timedelta(hours=1)
"""Between letting a file go and removing it: whoever just stored the same content has long referred to it by then."""

FILES: tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...] = (
    Upload.digest,
    SingleForm.receipt_digest,
    Filing.receipt_digest,
    Receipt.file_digest,
    LicenceDocument.digest,
    DecisionLetter.file_digest,
    CaseLetter.file_digest,
    CaseLetter.countersigned_digest,
    Bill.file_digest,
    IssuedFile.digest,
    LicenceLetter.file_digest,
)
"""Columns that name a stored file."""


def referred(db: Session, digest: str) -> bool:
    """Whether anything still needs this file."""
    named: list[ColumnElement[bool]] = [exists().where(column == digest) for column in FILES]
    named.append(exists().where(Upload.previews.contains([digest])))
    named.append(exists().where(DataCopy.files.contains([{"digest": digest}])))
    return bool(db.execute(select(or_(*named))).scalar_one())


def sweep(house: House) -> int:
    """By the clock: remove what was let go and is needed by nobody; how many. Each file is one short transaction."""
    removed, before = 0, house.clock.now() - GRACE
    with house.database.transaction() as db:
        waiting = copies.doomed(db, before)
    for digest in waiting:
        with house.database.transaction() as db:
            if not copies.locked(db, digest, before):
                continue
            if not referred(db, digest):
                removed += house.files.remove(digest, stored_before=before)
                reach("disposal.removed")
            copies.settled(db, digest)
    return removed

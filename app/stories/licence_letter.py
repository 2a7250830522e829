"""A letter to a licence's holder: numbered with the act, drawn and sealed by a job, told in the inbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import jobs
from app.core.events import SYSTEM, record
from app.core.failpoints import reach
from app.licences import matters, notice
from app.licences.models import Licence, LicenceLetter, Matter, Says
from app.notices import inbox
from app.pdf import issued, letter_data
from app.stories.house import House
from app.stories.sealing import sealed, stored


def send(
    db: Session, licence: Licence, matter: Matter, says: Says, kind: str, content: Mapping[str, Any], now: datetime
) -> LicenceLetter:
    """Number the letter, have it drawn, and tell the holder that it is there. `kind` chooses the words of the inbox."""
    made = matters.letter(db, licence, matter, says, content, now)
    jobs.enqueue(db, "draw_licence_letter", letter_id=str(made.id))
    href = f"/licences/{licence.id}/letters/{made.id}"
    inbox.tell(db, licence.applicant_id, kind, now, href=href, number=licence.number)
    return made


def draw(house: House, letter_id: UUID) -> None:
    """Job: the file of a letter, in the words that were confirmed. One file, however often it runs."""
    now = house.clock.now()
    with house.database.transaction() as db:
        row = db.get_one(LicenceLetter, letter_id)
        if row.file_digest is not None:
            return
        base = house.settings.base_url
        kind, told = f"licence-{row.says}", notice.again(row.content)
        says = notice.document(str(row.id), row.number, told, kind=kind, schema_url=letter_data.place(base))
        agency_code = row.agency_code
    form = stored(house, sealed(house, agency_code, says, now), now, signed=True)
    reach("letter.stored")
    with house.database.transaction() as db:
        db.info["failpoint"] = "letter"
        locked = db.get_one(LicenceLetter, letter_id, with_for_update=True, populate_existing=True)
        if locked.file_digest is not None:
            return
        locked.file_digest = form.digest
        of = matters.stream(locked.licence_id)
        record(
            db, of, "licence.letter", SYSTEM, now, subject=locked.licence_id, number=locked.number, sha256=form.digest
        )
        issued.keep(db, form, "letter", of, now)

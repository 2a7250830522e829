"""Documents of a form: one in use for each, none overwritten, none trusted before it was looked through."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications import uploads
from app.applications.form_models import SingleForm, Upload, UploadState
from app.core.db import Database, new_id
from app.core.errors import NotFound
from tests.world import make_application, make_form, make_notice, make_officer

MAP, LEASE = "site_map", "lease"


def put(db: Session, form: SingleForm, key: str, now: datetime, **other: Any) -> Upload:
    facts: dict[str, Any] = {"filename": "แผนที่.pdf", "media_type": "application/pdf", "size": 1200, "digest": "a" * 64}
    return uploads.put(db, form.id, key, person_id=form.started_by, now=now, **facts | other)


def test_a_file_that_arrived_is_in_use_for_its_document_but_not_trusted_yet(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    upload = put(db, form, MAP, now)
    assert uploads.of_form(db, form.id) == {MAP: upload}
    assert (upload.state, upload.uploaded_by, upload.uploaded_at) == (UploadState.CHECKING, form.started_by, now)
    assert uploads.waiting(db) == {"a" * 64}


def test_a_new_file_takes_the_place_of_the_former_which_stays_on_record(db: Session, now: datetime) -> None:
    form, later = make_form(db, now), now + timedelta(minutes=1)
    former, lease = put(db, form, MAP, now), put(db, form, LEASE, now)
    newer = put(db, form, MAP, later, digest="b" * 64)
    assert uploads.of_form(db, form.id) == {MAP: newer, LEASE: lease}
    assert (former.removed_at, uploads.one(db, former.id).digest) == (later, "a" * 64)
    assert uploads.count(db, form.id) == 3


def test_the_files_of_another_form_are_not_touched(db: Session, now: datetime) -> None:
    mine, other = make_form(db, now), make_form(db, now)
    theirs = put(db, other, MAP, now)
    put(db, mine, MAP, now)
    assert (uploads.of_form(db, other.id), theirs.removed_at) == ({MAP: theirs}, None)


def test_the_database_itself_allows_one_file_in_use_per_document(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    former = put(db, form, MAP, now)
    put(db, form, MAP, now)
    former.removed_at = None
    with pytest.raises(IntegrityError, match="uq_uploads_one_in_use"):
        db.flush()


def test_a_file_taken_out_is_no_longer_in_use_and_its_place_is_free(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    uploads.remove(put(db, form, MAP, now), now)
    db.flush()
    assert uploads.of_form(db, form.id) == {}
    again = put(db, form, MAP, now)
    assert uploads.of_form(db, form.id) == {MAP: again}
    assert uploads.count(db, form.id) == 2


def test_a_file_given_for_a_deficiency_notice_does_not_replace_the_one_that_was_sent(
    db: Session, now: datetime
) -> None:
    application, officer = make_application(db, now), make_officer(db, now)
    form = db.get_one(SingleForm, application.single_form_id)
    sent = put(db, form, MAP, now)
    first, second = make_notice(db, application, officer, now, date(2026, 12, 4), [MAP, LEASE])
    blurred = put(db, form, MAP, now, item_id=first.id)
    sharp = put(db, form, MAP, now, item_id=first.id)
    assert uploads.of_form(db, form.id) == {MAP: sent}
    assert uploads.of_items(db, [first.id, second.id]) == {first.id: sharp}
    assert (blurred.removed_at, sent.removed_at) == (now, None)


def test_a_sound_file_is_kept_in_its_cleaned_form_with_pictures_of_its_pages(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    upload = put(db, form, MAP, now)
    cleaned: dict[str, Any] = {"media_type": "application/pdf", "digest": "c" * 64, "size": 900, "pages": 2}
    uploads.judged(upload, **cleaned, previews=["d" * 64, "e" * 64])
    db.flush()
    assert (upload.state, upload.problem, upload.previews) == (UploadState.CLEAN, None, ["d" * 64, "e" * 64])
    assert uploads.waiting(db) == set()
    assert uploads.frozen(upload) == {
        "key": MAP,
        "upload": str(upload.id),
        "filename": "แผนที่.pdf",
        "sha256": "c" * 64,
        "at": now.isoformat(),
        **{name: cleaned[name] for name in ("media_type", "size", "pages")},
    }


def test_an_unusable_file_keeps_the_reason_for_the_person(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    upload = put(db, form, MAP, now)
    uploads.refused(upload, "ไฟล์นี้มีรหัสผ่าน", {"name": "แผนที่.pdf"})
    db.flush()
    assert upload.state is UploadState.REFUSED
    assert upload.problem == {"message": "ไฟล์นี้มีรหัสผ่าน", "values": {"name": "แผนที่.pdf"}}
    assert uploads.waiting(db) == set()


def test_an_upload_that_does_not_exist_is_not_found(db: Session) -> None:
    for lock in (False, True):
        with pytest.raises(NotFound):
            uploads.one(db, new_id(), lock=lock)


def test_many_may_fill_the_quarantine_together_and_who_empties_it_waits_for_them(database: Database) -> None:
    def empty() -> None:
        with database.transaction() as db:
            uploads.at_quarantine(db, alone=True)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as one, database.transaction() as two:
            uploads.at_quarantine(one)
            uploads.at_quarantine(two)
            emptying = pool.submit(empty)
            with pytest.raises(TimeoutError):
                emptying.result(timeout=0.2)
        emptying.result(timeout=60)

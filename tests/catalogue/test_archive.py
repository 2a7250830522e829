"""The archive: what was published stays as it was, whoever loads it and whatever the files say later."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.catalogue import archive
from app.catalogue.archive import ServiceVersion, body_of, digest_of, publish
from app.catalogue.loader import CatalogueError, load
from app.catalogue.schema import Catalogue, Service
from app.core.db import Database
from app.core.errors import NotFound
from tests.catalogue.world import LICENCE, NOTIFICATION, Copy, notification, real

SERVICE = f"services/{NOTIFICATION}.yaml"
HINT = "hint: {th: ตามที่จะเขียนบนป้าย, en: As it will be written on the sign}"


def changed(folder: Path, *, version: str) -> Catalogue:
    """The catalogue after somebody edited a hint in the shared dictionary."""
    copy = Copy.at(folder)
    copy.change("questions.yaml", HINT, "hint: {th: ชื่อใหม่, en: A new hint}")
    copy.change(SERVICE, 'version: "1"', f'version: "{version}"')
    copy.change(f"services/{LICENCE}.yaml", 'version: "1"', f'version: "{version}"')
    return load(copy.folder)


def test_every_version_is_published_once(db: Session, now: datetime) -> None:
    assert publish(db, real(), now) == [(LICENCE, 1), (NOTIFICATION, 1)]
    assert publish(db, real(), now) == []


def test_a_published_service_comes_back_whole(db: Session, now: datetime) -> None:
    publish(db, real(), now)
    archived = archive.service(db, NOTIFICATION, 1)

    assert archived == notification()
    assert archived is archive.service(db, NOTIFICATION, 1)


def test_a_changed_question_under_the_same_version_is_refused_for_every_service_that_asks_it(
    db: Session, now: datetime, tmp_path: Path
) -> None:
    publish(db, real(), now)
    with pytest.raises(CatalogueError) as refused:
        publish(db, changed(tmp_path / "new", version="1"), now)

    assert [mistake.file for mistake in refused.value.mistakes] == [f"services/{LICENCE}.yaml", SERVICE]
    assert "published versions are frozen; raise `version`" in str(refused.value)


def test_a_new_version_stands_beside_the_old_one(db: Session, now: datetime, tmp_path: Path) -> None:
    publish(db, real(), now)
    assert publish(db, changed(tmp_path / "new", version="2"), now) == [(LICENCE, 2), (NOTIFICATION, 2)]
    hints = [archive.service(db, NOTIFICATION, version).topics[1].questions[0].hint for version in (1, 2)]

    assert [hint.en for hint in hints if hint] == ["As it will be written on the sign", "A new hint"]


def test_a_version_that_was_never_published_is_not_found(db: Session) -> None:
    with pytest.raises(NotFound):
        archive.service(db, NOTIFICATION, 7)


def test_two_processes_may_publish_at_once(database: Database, now: datetime) -> None:
    def once(_: int) -> list[tuple[str, int]]:
        with database.transaction() as db:
            return publish(db, real(), now)

    with ThreadPoolExecutor(2) as pool:
        added = [pair for result in pool.map(once, range(2)) for pair in result]
    assert sorted(added) == [(LICENCE, 1), (NOTIFICATION, 1)]


def test_a_body_that_was_tampered_with_is_never_served(owner_url: str, database: Database, now: datetime) -> None:
    with database.transaction() as db:
        publish(db, changed_in_memory(), now)
    body = {**body_of(changed_in_memory().services[NOTIFICATION]), "code": "FOOD-FORGED"}
    with closing(Database(owner_url, role="owner")) as door, door.transaction() as owner:
        owner.execute(update(ServiceVersion).where(ServiceVersion.slug == NOTIFICATION).values(body=body))
    with database.transaction() as db, pytest.raises(ValueError, match="no longer has its digest"):
        archive.service(db, NOTIFICATION, 99)


def changed_in_memory() -> Catalogue:
    """Content nobody has parsed from the archive before in this run."""
    service = notification().model_copy(update={"version": 99})
    return Catalogue(**{**vars(real()), "services": {NOTIFICATION: service}})


def test_the_digest_does_not_depend_on_what_is_left_at_its_default() -> None:
    body = body_of(notification())

    assert digest_of(body) == digest_of(body_of(Service.model_validate(body)))
    assert "min_ial" not in body
    assert "sensitive" not in body["topics"][0]["questions"][0]

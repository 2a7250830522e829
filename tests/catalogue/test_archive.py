"""The archive: what was published stays as it was, whoever loads it and whatever the files say later."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.catalogue import archive
from app.catalogue.archive import ServiceVersion, body_of, digest_of, publish
from app.catalogue.loader import load
from app.catalogue.schema import Catalogue, Service
from app.catalogue.shelf import CatalogueError
from app.core.db import Database
from app.core.errors import NotFound
from tests.catalogue.world import NOTIFICATION, Copy, notification, real

HINT = "hint: {th: ตามที่จะเขียนบนป้าย, en: As it will be written on the sign}"


VERSIONS = {service.slug: service.version for service in real().services.values()}
ASKS_A_NAME = {slug for slug, s in real().services.items() if any(q.key == "shop_name" for q in s.questions)}


def changed(folder: Path, *, raised_by: int) -> Catalogue:
    """The catalogue after somebody edited a hint in the shared dictionary."""
    copy = Copy.at(folder)
    copy.change("questions.yaml", HINT, "hint: {th: ชื่อใหม่, en: A new hint}")
    for slug in ASKS_A_NAME:
        old = VERSIONS[slug]
        copy.change(f"services/{slug}.yaml", f'version: "{old}"', f'version: "{old + raised_by}"')
    return load(copy.folder)


def test_every_version_is_published_once(db: Session, now: datetime) -> None:
    assert dict(publish(db, real(), now)) == VERSIONS
    assert publish(db, real(), now) == []


def test_a_published_service_comes_back_whole(db: Session, now: datetime) -> None:
    publish(db, real(), now)
    for slug, version in VERSIONS.items():
        archived = archive.service(db, slug, version)

        assert archived == real().services[slug]
        assert archived is archive.service(db, slug, version)


def test_a_changed_question_under_the_same_version_is_refused_for_every_service_that_asks_it(
    db: Session, now: datetime, tmp_path: Path
) -> None:
    publish(db, real(), now)
    with pytest.raises(CatalogueError) as refused:
        publish(db, changed(tmp_path / "new", raised_by=0), now)

    assert {mistake.file for mistake in refused.value.mistakes} == {f"services/{slug}.yaml" for slug in ASKS_A_NAME}
    assert "published versions are frozen; raise `version`" in str(refused.value)


def test_a_new_version_stands_beside_the_old_one(db: Session, now: datetime, tmp_path: Path) -> None:
    publish(db, real(), now)
    added = publish(db, changed(tmp_path / "new", raised_by=1), now)
    first = VERSIONS[NOTIFICATION]
    both = [archive.service(db, NOTIFICATION, version).questions for version in (first, first + 1)]
    hints = [next(q.hint for q in questions if q.key == "shop_name") for questions in both]

    assert dict(added) == {slug: VERSIONS[slug] + 1 for slug in ASKS_A_NAME}
    assert [hint.en for hint in hints if hint] == ["As it will be written on the sign", "A new hint"]


def test_a_version_that_was_never_published_is_not_found(db: Session) -> None:
    with pytest.raises(NotFound):
        archive.service(db, NOTIFICATION, 98)


def test_two_processes_may_publish_at_once(database: Database, now: datetime) -> None:
    def once(_: int) -> list[tuple[str, int]]:
        with database.transaction() as db:
            return publish(db, real(), now)

    with ThreadPoolExecutor(2) as pool:
        added = [pair for result in pool.map(once, range(2)) for pair in result]
    assert sorted(added) == sorted(VERSIONS.items())


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
    return replace(real(), services={NOTIFICATION: service})


def test_the_digest_does_not_depend_on_what_is_left_at_its_default() -> None:
    body = body_of(notification())

    assert digest_of(body) == digest_of(body_of(Service.model_validate(body)))
    assert "min_ial" not in body
    assert "sensitive" not in body["topics"][0]["questions"][0]

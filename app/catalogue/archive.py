"""Published versions, kept for ever: an application is shown and judged by the version it was filed under (Act s.7)."""

import hashlib
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, String, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.catalogue.schema import Catalogue, Service
from app.catalogue.sheets import Mistake
from app.catalogue.shelf import CatalogueError
from app.core.db import Base
from app.core.errors import NotFound
from app.core.events import canonical


class ServiceVersion(Base):
    """One published version of a service. Rows are only ever added."""

    __tablename__ = "service_versions"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]


_DIGEST = select(ServiceVersion.sha256).where(
    ServiceVersion.slug == bindparam("slug"), ServiceVersion.version == bindparam("version")
)
_BODY = select(ServiceVersion.body).where(
    ServiceVersion.slug == bindparam("slug"), ServiceVersion.version == bindparam("version")
)

_PARSED: Final[dict[str, Service]] = {}
"""Versions by digest: the same digest is the same content, whichever database it was read from."""


def body_of(service: Service) -> dict[str, Any]:
    """The service as JSON. Defaults are left out, so that a field added to the schema later changes no digest."""
    return service.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def digest_of(body: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a body."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def publish(db: Session, catalogue: Catalogue, now: datetime) -> list[tuple[str, int]]:
    """Archive every version that is new, in the caller's transaction; return those (slug, version).

    Two processes may publish at once. Raises CatalogueError when a version that was published before now reads
    differently: whoever filed under it relies on it.
    """
    added: list[tuple[str, int]] = []
    changed: list[Mistake] = []
    for service in catalogue.services.values():
        body = body_of(service)
        row = {"slug": service.slug, "version": service.version, "sha256": digest_of(body), "body": body}
        new = db.execute(
            insert(ServiceVersion)
            .values(**row, published_at=now)
            .on_conflict_do_nothing()
            .returning(ServiceVersion.version)
        ).first()
        if new:
            added.append((service.slug, service.version))
        elif digest_in(db, service.slug, service.version) != row["sha256"]:
            said = f"version {service.version} reads differently now: published versions are frozen; raise `version`"
            changed.append(Mistake(f"services/{service.slug}.yaml", 1, "version", said))
    if changed:
        raise CatalogueError(changed)
    return added


def digest_in(db: Session, slug: str, version: int) -> str:
    """The digest under which a version is archived. Raises NotFound for one that was never published."""
    found = db.execute(_DIGEST, {"slug": slug, "version": version}).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def service(db: Session, slug: str, version: int) -> Service:
    """A published version, complete with its questions and documents.

    Parsed once per content: what the archive holds never changes. Raises NotFound for a version never published.
    """
    digest = digest_in(db, slug, version)
    if digest not in _PARSED:
        body = db.execute(_BODY, {"slug": slug, "version": version}).scalar_one()
        if digest_of(body) != digest:
            raise ValueError(f"the archived {slug} version {version} no longer has its digest")
        _PARSED[digest] = Service.model_validate(body)
    return _PARSED[digest]

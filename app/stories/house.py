"""What stories work with, gathered once at start-up and passed in: no globals, no look-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.billing.bank import Bank
from app.catalogue import archive, merging
from app.catalogue.merging import Form
from app.catalogue.schema import Agency, Catalogue, Service
from app.core.clock import Clock
from app.core.db import Database
from app.core.files import FileStore, LocalFiles
from app.core.secrets import Keyring
from app.pdf.proving import PRESSES, Presses
from app.pdf.revocation import Revocation
from app.pdf.signing import Signer
from app.pdf.standing import Standing
from app.pdf.timestamping import Timestamper
from app.registries.gdx import Gdx
from app.settings import Settings

SHAPES = 256
"""How many combinations of services are kept in memory, the oldest going first."""


@dataclass(frozen=True)
class House:
    """The rooms' shared things."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    clock: Clock
    files: FileStore
    quarantine: LocalFiles
    keyring: Keyring
    registry: Gdx
    bank: Bank
    signers: Mapping[str, Signer]
    standing: Standing
    timestamper: Timestamper
    revocation: Revocation
    trust_roots: bytes
    _versions: dict[tuple[str, int], Service] = field(default_factory=dict)
    _shapes: dict[frozenset[tuple[str, int]], Form] = field(default_factory=dict)
    presses: Presses = PRESSES

    def service(self, db: Session, slug: str, version: int) -> Service:
        """The service as it was when the application was filed (Act s.7), from memory or the archive."""
        current = self.catalogue.services.get(slug)
        if current is not None and current.version == version:
            return current
        if (slug, version) not in self._versions:
            self._versions[slug, version] = archive.service(db, slug, version)
        return self._versions[slug, version]

    def shape(self, services: Sequence[Service]) -> Form:
        """The one form of these services, from memory: published versions do not change."""
        key = frozenset((service.slug, service.version) for service in services)
        found = self._shapes.get(key)
        if found is None:
            if len(self._shapes) >= SHAPES:
                self._shapes.pop(next(iter(self._shapes)), None)
            found = self._shapes[key] = merging.merge(self.catalogue, services)
        return found

    def agency(self, code: str) -> Agency:
        """An agency by its code."""
        return self.catalogue.agencies[code]

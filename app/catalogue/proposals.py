"""Services that are being written or rewritten: each tried in the catalogue before anybody files under it."""

from dataclasses import dataclass
from pathlib import Path

from app.catalogue import loader
from app.catalogue.schema import Catalogue, Service
from app.catalogue.sheets import Mistake


@dataclass(frozen=True)
class Proposal:
    """A service in the folder `drafts`: the whole catalogue as it would be with it, and what keeps it from that."""

    slug: str
    catalogue: Catalogue
    mistakes: tuple[Mistake, ...]

    @property
    def service(self) -> Service | None:
        """The service as proposed; None when its file does not make one."""
        return self.catalogue.services.get(self.slug)


def of_folder(folder: Path) -> list[Proposal]:
    """Every service that is being written or rewritten (drafts/<slug>.yaml), each tried in the catalogue by itself."""
    root = Path(folder)
    return [one(root, path.stem) for path in sorted((root / "drafts").glob("*.yaml"))]


def one(folder: Path, slug: str) -> Proposal:
    """One of them."""
    catalogue, mistakes = loader.read(Path(folder), slug)
    return Proposal(slug, catalogue, tuple(mistakes))

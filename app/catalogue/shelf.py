"""What is being loaded: the good entries so far, and the sheets with every mistake found on them."""

from dataclasses import dataclass, field
from pathlib import Path

from app.catalogue.agencies import Agency
from app.catalogue.charges import Ordinance
from app.catalogue.finding import Finding
from app.catalogue.kinds import Question
from app.catalogue.registries import Registry
from app.catalogue.schema import Bundle, Document
from app.catalogue.sheets import Mistake, Sheet, Where, read_sheet
from app.catalogue.written import ServiceFile, TopicTitle


class CatalogueError(ValueError):
    """The catalogue cannot be used; `mistakes` holds all that was found, sorted by file and line."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass
class Shelf:
    """Good entries by key, and the sheets with their mistakes.

    `homes` knows every key ever named, also of entries that are wrong, so that one mistake does not cause ten.
    """

    root: Path
    sheets: dict[str, Sheet] = field(default_factory=dict)
    titles: dict[str, TopicTitle] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    registries: dict[str, Registry] = field(default_factory=dict)
    ordinances: dict[str, Ordinance] = field(default_factory=dict)
    bundles: dict[str, Bundle] = field(default_factory=dict)
    files: dict[str, ServiceFile] = field(default_factory=dict)
    finding: Finding = field(default_factory=Finding)
    quiz: dict[str, Question] = field(default_factory=dict)
    defaults: Sheet = field(default_factory=lambda: Sheet("defaults.yaml", {}))
    homes: dict[str, tuple[Sheet, Where]] = field(default_factory=dict)

    def open(self, path: Path) -> Sheet:
        """Read a file of the folder as a sheet, and keep it for its mistakes."""
        sheet = read_sheet(path, self.root)
        self.sheets[sheet.file] = sheet
        return sheet

    def home(self, name: str, sheet: Sheet, where: Where) -> bool:
        """Claim "kind:key" for the place where it is defined; False when it stands elsewhere already."""
        if name in self.homes:
            kind, _, key = name.partition(":")
            sheet.blame(where, f"the {kind} {key!r} is already defined in {self.homes[name][0].file}")
            return False
        self.homes[name] = (sheet, where)
        return True

"""From a folder of YAML to one Catalogue, or to every mistake in every file at once: a bad catalogue never starts."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel

from app.catalogue import checks, guides, lives, quiz_checks, registry_checks
from app.catalogue.agencies import Agency
from app.catalogue.charges import Ordinance
from app.catalogue.finding import Finding
from app.catalogue.kinds import QUESTION
from app.catalogue.quiz import Plainer, Quiz
from app.catalogue.reading import entries, valid
from app.catalogue.registries import Registry
from app.catalogue.schema import Bundle, Catalogue, Document, DocumentUse, Service, ServiceFacts, Topic
from app.catalogue.sheets import Mistake, Sheet, Where
from app.catalogue.shelf import CatalogueError, Shelf
from app.catalogue.written import ServiceFile, TopicTitle

M = TypeVar("M", bound=BaseModel)


def load(folder: Path) -> Catalogue:
    """Read the whole catalogue. Raises CatalogueError with every mistake in every file.

    The same files give the same Catalogue, which nothing changes: reading them all takes a third of a second.
    """
    root = Path(folder)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return _load(root, tuple((path, hashlib.sha256(path.read_bytes()).digest()) for path in files))


@lru_cache(maxsize=2)
def _load(root: Path, files: tuple[tuple[Path, bytes], ...]) -> Catalogue:
    del files
    catalogue, mistakes = read(root)
    if mistakes:
        raise CatalogueError(mistakes)
    return catalogue


def check(folder: Path) -> list[str]:
    """Every mistake of a catalogue folder, one line each; empty when it is good."""
    return [str(mistake) for mistake in sorted(read(Path(folder))[1])]


def read(root: Path, draft: str = "") -> tuple[Catalogue, list[Mistake]]:
    """The catalogue of a folder; with `draft`, with that file of `drafts` in its place; and every mistake."""
    shelf = Shelf(root)
    _keyed(shelf, shelf.open(root / "agencies.yaml"), "agency", "code", Agency, shelf.agencies)
    _registries(shelf)
    sheet = shelf.open(root / "questions.yaml")
    _topics(shelf, sheet, sheet.tree, ())
    sheet = shelf.open(root / "documents.yaml")
    _keyed(shelf, sheet, "document", "key", Document, shelf.documents)
    if (root / "defaults.yaml").exists():
        shelf.defaults = shelf.open(root / "defaults.yaml")
    services = {path.stem: path for path in _files(shelf, "services")}
    if draft:
        services[draft] = root / "drafts" / f"{draft}.yaml"
    for slug in sorted(services):
        _service_file(shelf, slug, shelf.open(services[slug]))
    for path in _files(shelf, "authorities"):
        _ordinance(shelf, path.stem, shelf.open(path))
    _keyed(shelf, shelf.open(root / "bundles.yaml"), "bundle", "key", Bundle, shelf.bundles)
    _bundles(shelf)
    _finding(shelf)
    named = {slug: (file.life, shelf.homes[f"service:{slug}"][0]) for slug, file in shelf.files.items()}
    shown = {slug: (file.guide, shelf.homes[f"service:{slug}"][0]) for slug, file in shelf.files.items()}
    resolved = {slug: service for slug in sorted(shelf.files) if (service := _resolve(shelf, slug))}
    catalogue = Catalogue(
        services=MappingProxyType(resolved),
        agencies=MappingProxyType(shelf.agencies),
        questions=MappingProxyType(shelf.questions),
        documents=MappingProxyType(shelf.documents),
        ordinances=MappingProxyType(shelf.ordinances),
        bundles=MappingProxyType(shelf.bundles),
        order=MappingProxyType(_order(shelf)),
        finding=shelf.finding,
        quiz=_quiz(shelf),
        registries=MappingProxyType(shelf.registries),
        guides=MappingProxyType(guides.of(root, shown)),
        lives=lives.of(shelf.open, root / "lives.yaml", named),
    )
    known = {*shelf.homes}
    rules = (checks.mistakes, quiz_checks.mistakes, registry_checks.mistakes)
    for name, where, message in chain.from_iterable(rule(catalogue, known) for rule in rules):
        sheet, home = shelf.homes[name]
        sheet.blame((*home, *where), message)
    mistakes = {mistake for sheet in shelf.sheets.values() for mistake in sheet.mistakes}
    return catalogue, sorted(mistakes)


def _files(shelf: Shelf, folder: str) -> Iterator[Path]:
    for path in sorted((shelf.root / folder).glob("*")):
        if path.suffix == ".yaml":
            yield path
        else:
            sheet = Sheet(path.relative_to(shelf.root).as_posix())
            sheet.blame((), "only files that end in .yaml belong here")
            shelf.sheets[sheet.file] = sheet


def _keyed(
    shelf: Shelf, sheet: Sheet, kind: str, name: str, make: type[M], into: dict[str, M], where: Where = ()
) -> None:
    """Entries by key at a place of a sheet, each a thing of its own that knows its key as `name`."""
    tree = sheet.tree[where[0]] if where else sheet.tree
    for key, entry in entries(sheet, tree, where):
        if shelf.home(f"{kind}:{key}", sheet, (*where, key)):
            made = valid(sheet, (*where, key), make, {name: key, **entry})
            if made:
                into[key] = made


def _registries(shelf: Shelf) -> None:
    path = shelf.root / "registries.yaml"
    if path.exists():
        _keyed(shelf, shelf.open(path), "registry", "key", Registry, shelf.registries)


def _topics(shelf: Shelf, sheet: Sheet, tree: Any, where: Where) -> None:
    """Topics with their questions; a service may add questions to a shared topic by its key, without a title."""
    for key, entry in entries(sheet, tree, where):
        place = (*where, key)
        rest = {name: value for name, value in entry.items() if name != "questions"}
        if (rest or f"topic:{key}" not in shelf.homes) and shelf.home(f"topic:{key}", sheet, place):
            title = valid(sheet, place, TopicTitle, rest)
            if title:
                shelf.titles[key] = title
        members = shelf.members.setdefault(key, [])
        for name, question in entries(sheet, entry.get("questions"), (*place, "questions")):
            at = (*place, "questions", name)
            if shelf.home(f"question:{name}", sheet, at):
                members.append(name)
                found = valid(sheet, at, QUESTION, {"key": name, **question})
                if found:
                    shelf.questions[name] = found


def _service_file(shelf: Shelf, slug: str, sheet: Sheet) -> None:
    shelf.home(f"service:{slug}", sheet, ())
    if sheet.tree is None:
        return
    tree = sheet.tree if isinstance(sheet.tree, dict) else {}
    written = _over(shelf.defaults.tree, tree) if tree else sheet.tree
    found: ServiceFile | None = valid(sheet, (), ServiceFile, written, shelf.defaults)
    if "topics" in tree:
        _topics(shelf, sheet, tree["topics"], ("topics",))
    if "own_documents" in tree:
        _keyed(shelf, sheet, "document", "key", Document, shelf.documents, ("own_documents",))
    if found:
        shelf.files[slug] = found


def _over(defaults: Any, tree: dict[str, Any]) -> dict[str, Any]:
    """A service with what the defaults say where it is silent; in its manual, part by part."""
    if not isinstance(defaults, dict):
        return tree
    both = {**defaults, **tree}
    theirs, mine = defaults.get("manual"), tree.get("manual")
    if isinstance(theirs, dict) and isinstance(mine, dict):
        both["manual"] = {**theirs, **mine}
    return both


def _ordinance(shelf: Shelf, code: str, sheet: Sheet) -> None:
    shelf.home(f"ordinance:{code}", sheet, ())
    found: Ordinance | None = valid(sheet, (), Ordinance, sheet.tree) if sheet.tree is not None else None
    if found and found.agency != code:
        sheet.blame(("agency",), f"the file is named {code!r}: file name and agency must agree")
    elif found:
        shelf.ordinances[code] = found


def _bundles(shelf: Shelf) -> None:
    for slug, written in shelf.files.items():
        _join(shelf, slug, written)


def _join(shelf: Shelf, slug: str, written: ServiceFile) -> None:
    """Put a service into the bundles it names itself."""
    for place, key in enumerate(written.bundles):
        bundle = shelf.bundles.get(key)
        if f"bundle:{key}" not in shelf.homes:
            shelf.homes[f"service:{slug}"][0].blame(("bundles", place), f"there is no bundle {key!r}")
        elif bundle and slug not in bundle.services:
            shelf.bundles[key] = bundle.model_copy(update={"services": (*bundle.services, slug)})


def _finding(shelf: Shelf) -> None:
    path = shelf.root / "finding.yaml"
    if path.exists():
        sheet = shelf.open(path)
        shelf.finding = valid(sheet, (), Finding, sheet.tree) or Finding()


def _quiz(shelf: Shelf) -> Quiz:
    """The questions of quiz.yaml, then those that services bring along; and every service's rule."""
    path = shelf.root / "quiz.yaml"
    if path.exists():
        sheet = shelf.open(path)
        _quiz_questions(shelf, sheet, sheet.tree, ())
    written = {slug: file.quiz for slug, file in sorted(shelf.files.items()) if file.quiz}
    for slug, rule in written.items():
        if rule.questions:
            _quiz_questions(shelf, shelf.homes[f"service:{slug}"][0], rule.questions, ("quiz", "questions"))
    return Quiz(MappingProxyType(shelf.quiz), MappingProxyType(written), frozenset(shelf.quiz) & shelf.questions.keys())


def _quiz_questions(shelf: Shelf, sheet: Sheet, tree: Any, where: Where) -> None:
    """Questions in full; or, without a kind, the form's question of that key, perhaps in plainer words."""
    for key, entry in entries(sheet, tree, where):
        if not shelf.home(f"quiz:{key}", sheet, (*where, key)):
            continue
        if "kind" in entry:
            found = valid(sheet, (*where, key), QUESTION, {"key": key, **entry})
            if found and shelf.home(f"question:{key}", sheet, (*where, key)):
                shelf.quiz[key] = found
        elif key in shelf.questions:
            plainer = valid(sheet, (*where, key), Plainer, entry)
            if plainer:
                shelf.quiz[key] = plainer.of(shelf.questions[key])
        elif f"question:{key}" not in shelf.homes:
            sheet.blame((*where, key), "the form has no such question: give its kind, label and choices")


def _resolve(shelf: Shelf, slug: str) -> Service | None:
    """The service with its questions and documents written out, in the catalogue's reading order."""
    written, sheet = shelf.files[slug], shelf.homes[f"service:{slug}"][0]
    wanted: dict[str, int] = {}
    for place, named in enumerate(written.asks):
        topic, star, _ = named.partition(".")
        if star and topic not in shelf.members:
            sheet.blame(("asks", place), f"there is no topic {topic!r}")
        for key in shelf.members.get(topic, ()) if star else (named,):
            if f"question:{key}" not in shelf.homes:
                sheet.blame(("asks", place), f"there is no question {key!r}")
            elif key in wanted:
                sheet.blame(("asks", place), f"the question {key!r} is asked twice")
            wanted[key] = place
    uses: dict[str, DocumentUse] = {}
    for place, use in enumerate(written.documents):
        if f"document:{use.document}" not in shelf.homes:
            sheet.blame(("documents", place, "document"), f"there is no document {use.document!r}")
        elif use.document in uses:
            sheet.blame(("documents", place, "document"), f"the document {use.document!r} is asked twice")
        elif use.document in shelf.documents:
            uses[use.document] = DocumentUse(document=shelf.documents[use.document], when=use.when, note=use.note)
    topics = [
        Topic(key=topic, title=shelf.titles[topic].title, lead=shelf.titles[topic].lead, questions=asked)
        for topic, members in shelf.members.items()
        if (asked := tuple(shelf.questions[key] for key in members if key in wanted and key in shelf.questions))
        and topic in shelf.titles
    ]
    rest = {name: getattr(written, name) for name in ServiceFacts.model_fields}
    in_order = tuple(uses[key] for key in shelf.documents if key in uses)
    service: Service | None = valid(
        sheet, (), Service, {**rest, "slug": slug, "topics": tuple(topics), "documents": in_order}
    )
    return service


def _order(shelf: Shelf) -> dict[str, int]:
    names = [f"topic:{key}" for key in shelf.members]
    names += [f"question:{key}" for members in shelf.members.values() for key in members]
    names += [f"document:{key}" for key in shelf.documents]
    return {name: place for place, name in enumerate(names)}

"""Judges the structure tree: every piece of content has its place in it, headings, tables and figures are complete."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.pdf.objects import Opened, each, inside

_HEADING = re.compile(r"/H([1-6])\Z")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_ROLES = {f"/{role}" for role in (
    *("Document", "Part", "Sect", "Div", "P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"),
    *("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Caption", "Span", "Figure", "Form"),
)}  # fmt: skip
"""Standard roles (ISO 32000-1, 14.8.4) that our documents use; there is no role map to explain others."""
_KIDS = {
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/TR": {"/TH", "/TD"},
    "/L": {"/LI", "/Caption"},
    "/LI": {"/Lbl", "/LBody"},
}
_PARENTS = {
    "/TR": ("/Table", "/THead", "/TBody", "/TFoot"),
    "/TH": ("/TR",),
    "/TD": ("/TR",),
    "/LI": ("/L",),
    "/Lbl": ("/LI",),
    "/LBody": ("/LI",),
}


@dataclass(slots=True, eq=False)
class _Element:
    """One element as it is read: what stands in it, and the content that is its own (page object, number)."""

    part: Any
    tag: str
    kids: list["_Element"] = field(default_factory=list)
    content: list[tuple[tuple[int, int], int]] = field(default_factory=list)
    objects: list[Any] = field(default_factory=list)

    def walk(self) -> Iterator["_Element"]:
        """It and all below it, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


def structure_problems(file: Opened) -> list[str]:
    """What is wrong with the structure tree and with the way content refers to it."""
    root = file.root.get("/StructTreeRoot")
    if root is None:
        return ["no structure tree"]
    top, problems = root.get("/K"), list[str]()
    if inside(top, "/S") != "/Document":
        return ["the structure tree does not begin with a Document"]
    elements = list(_read(top, root, "", problems).walk())
    return [
        *problems,
        *_headings(elements),
        *(problem for element in elements for problem in _element(element)),
        *_parent_tree(file, root, elements),
    ]


def _read(part: Any, parent: Any, over: str, problems: list[str]) -> _Element:
    """An element and all below it, found to stand where they may and to know where they stand."""
    made = _Element(part, str(part.get("/S")))
    problems += _place(made.tag, over)
    if inside(part, "/P") is None or part.get("/P").objgen != parent.objgen:
        problems.append(f"{made.tag} does not know what it stands in")
    for kid in each(part, "/K"):
        if isinstance(kid, int):
            made.content.append((part.get("/Pg").objgen, kid))
        elif kid.get("/S") is not None:
            made.kids.append(_read(kid, part, made.tag, problems))
        elif kid.get("/Type") == "/OBJR":
            made.objects.append(kid.get("/Obj"))
        elif (number := kid.get("/MCID")) is not None:
            made.content.append((kid.get("/Pg").objgen, number))
    return made


def _headings(elements: list[_Element]) -> Iterator[str]:
    level = 0
    for element in elements:
        if match := _HEADING.match(element.tag):
            if int(match[1]) > level + 1:
                yield f"heading of level {match[1]} follows one of level {level}"
            level = int(match[1])


def _element(element: _Element) -> Iterator[str]:
    tag, part = element.tag, element.part
    if "/Lang" in part and not _LANGUAGE.fullmatch(str(part.get("/Lang"))):
        yield f"{tag} is in a language that has no code"
    if tag in ("/Figure", "/Form") and not str(part.get("/Alt") or ""):
        yield f"{tag} has no alternative text"
    if tag == "/Figure":
        box = [float(edge) for edge in each(part, "/A", "/BBox")]
        if not box or box[0] >= box[2] or box[1] >= box[3]:
            yield "a figure has no box"
    if tag == "/TH" and inside(part, "/A", "/Scope") is None:
        yield "a header cell has no scope"
    if tag == "/Table":
        widths = {sum(inside(cell.part, "/A", "/ColSpan") or 1 for cell in row.kids) for row in element.kids}
        if len(widths) > 1:
            yield f"a table has rows of {sorted(widths)} cells"
        yield from _headers(element.kids)


def _place(tag: str, parent: str) -> Iterator[str]:
    if tag not in _ROLES:
        yield f"{tag} is no standard role"
    if tag in _PARENTS and parent not in _PARENTS[tag]:
        yield f"{tag} stands in {parent or 'the root'}"
    elif parent in _KIDS and tag not in _KIDS[parent]:
        yield f"{parent} holds {tag}"


def _headers(rows: list[_Element]) -> Iterator[str]:
    """PDF/UA-1, 7.5: each cell has a header in its row or above it."""
    above = bool(rows) and all(inside(cell.part, "/A", "/Scope") == "/Column" for cell in rows[0].kids)
    for number, row in enumerate(rows, 1):
        if not above and not any(inside(cell.part, "/A", "/Scope") == "/Row" for cell in row.kids):
            yield f"the cells of row {number} of a table have no header"


def _parent_tree(file: Opened, root: Any, elements: list[_Element]) -> Iterator[str]:
    """Every content of an element is found again through the parent tree, and the other way round."""
    numbers = each(root, "/ParentTree", "/Nums")
    tree = dict(zip(numbers[::2], numbers[1::2], strict=True))
    rows = {
        page.objgen: [owner.objgen for owner in tree.get(inside(page, "/StructParents"), ())] for page in file.pages
    }
    held: list[tuple[tuple[int, int], int]] = []
    for element in elements:
        mine = element.part.objgen
        if any(tree[thing.get("/StructParent")].objgen != mine for thing in element.objects):
            yield "the parent tree leads an annotation to another element"
        for page, number in element.content:
            owners = rows[page]
            held.append((page, number))
            if number >= len(owners) or owners[number] != mine:
                yield f"the parent tree does not lead content {number} back to its {element.tag}"
    yield from _order(held)
    lost = {(page, number) for page, owners in rows.items() for number in range(len(owners))}.difference(held)
    for page, number in sorted(lost):
        yield f"content {number} of page object {page[0]} belongs to no element"


def _order(held: list[tuple[tuple[int, int], int]]) -> Iterator[str]:
    """What is read aloud follows the tree: on every page that is the order in which it is drawn."""
    last: dict[tuple[int, int], int] = {}
    for sheet, number in held:
        if number <= last.get(sheet, -1):
            yield f"content {number} is read in another order than it is drawn"
        last[sheet] = number

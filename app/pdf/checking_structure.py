"""Judges the structure tree: every piece of content has its place in it, headings, tables and figures are complete."""

import re
from collections.abc import Iterator

from pikepdf import Dictionary, Object, Pdf

from app.pdf.objects import each, inside

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


def structure_problems(document: Pdf) -> list[str]:
    """What is wrong with the structure tree and with the way content refers to it."""
    root = document.Root.get("/StructTreeRoot")
    if root is None:
        return ["no structure tree"]
    top = root.get("/K")
    elements = list(_walk(top)) if isinstance(top, Dictionary) else []
    if not elements or str(elements[0].S) != "/Document":
        return ["the structure tree does not begin with a Document"]
    return [
        *_headings(elements),
        *(problem for element in elements for problem in _element(element)),
        *_parent_tree(document, root, elements),
    ]


def _walk(element: Object) -> Iterator[Object]:
    yield element
    for kid in _elements(element):
        yield from _walk(kid)


def _headings(elements: list[Object]) -> Iterator[str]:
    level = 0
    for element in elements:
        if match := _HEADING.match(str(element.S)):
            if int(match[1]) > level + 1:
                yield f"heading of level {match[1]} follows one of level {level}"
            level = int(match[1])


def _element(element: Object) -> Iterator[str]:
    tag = str(element.S)
    yield from _place(tag, str(inside(element, "/P", "/S") or ""))
    if "/Lang" in element and not _LANGUAGE.fullmatch(str(element.Lang)):
        yield f"{tag} is in a language that has no code"
    if tag in ("/Figure", "/Form") and not str(inside(element, "/Alt") or ""):
        yield f"{tag} has no alternative text"
    if tag == "/Figure":
        box = [float(edge) for edge in each(element, "/A", "/BBox")]
        if not box or box[0] >= box[2] or box[1] >= box[3]:
            yield "a figure has no box"
    if tag == "/TH" and inside(element, "/A", "/Scope") is None:
        yield "a header cell has no scope"
    if tag == "/Table":
        widths = {sum(inside(cell, "/A", "/ColSpan") or 1 for cell in _elements(row)) for row in _elements(element)}
        if len(widths) > 1:
            yield f"a table has rows of {sorted(widths)} cells"
        yield from _headers(_elements(element))


def _place(tag: str, parent: str) -> Iterator[str]:
    if tag not in _ROLES:
        yield f"{tag} is no standard role"
    if tag in _PARENTS and parent not in _PARENTS[tag]:
        yield f"{tag} stands in {parent or 'the root'}"
    elif parent in _KIDS and tag not in _KIDS[parent]:
        yield f"{parent} holds {tag}"


def _headers(rows: list[Object]) -> Iterator[str]:
    """PDF/UA-1, 7.5: each cell has a header in its row or above it."""
    above = bool(rows) and all(inside(cell, "/A", "/Scope") == "/Column" for cell in _elements(rows[0]))
    for number, row in enumerate(rows, 1):
        cells = _elements(row)
        if not above and not any(inside(cell, "/A", "/Scope") == "/Row" for cell in cells):
            yield f"the cells of row {number} of a table have no header"


def _elements(element: Object) -> list[Object]:
    """The elements directly below one."""
    return [kid for kid in each(element, "/K") if inside(kid, "/S") is not None]


def _parent_tree(document: Pdf, root: Object, elements: list[Object]) -> Iterator[str]:
    """Every content of an element is found again through the parent tree, and the other way round."""
    numbers = each(root, "/ParentTree", "/Nums")
    tree = dict(zip(numbers[::2], numbers[1::2], strict=True))
    rows = {page.obj.objgen: list(tree.get(inside(page.obj, "/StructParents"), [])) for page in document.pages}
    held: list[tuple[tuple[int, int], int]] = []
    for element in elements:
        for kid in each(element, "/K"):
            if inside(kid, "/Type") == "/OBJR":
                if tree[kid.Obj.StructParent].objgen != element.objgen:
                    yield "the parent tree leads an annotation to another element"
            elif isinstance(kid, int) or inside(kid, "/MCID") is not None:
                number, page = (kid, element.Pg) if isinstance(kid, int) else (kid.MCID, kid.Pg)
                owners = rows[page.objgen]
                held.append((page.objgen, number))
                if number >= len(owners) or owners[number].objgen != element.objgen:
                    yield f"the parent tree does not lead content {number} back to its {element.S}"
    yield from _order(held)
    lost = {(sheet, number) for sheet, owners in rows.items() for number in range(len(owners))}.difference(held)
    for sheet, number in sorted(lost):
        yield f"content {number} of page object {sheet[0]} belongs to no element"


def _order(held: list[tuple[tuple[int, int], int]]) -> Iterator[str]:
    """What is read aloud follows the tree: on every page that is the order in which it is drawn."""
    last: dict[tuple[int, int], int] = {}
    for sheet, number in held:
        if number <= last.get(sheet, -1):
            yield f"content {number} is read in another order than it is drawn"
        last[sheet] = number

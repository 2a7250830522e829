"""Makes the file: pages, fonts, structure tree, attached files and metadata as PDF/A-3a (ISO 19005-3) and PDF/UA-1.

Nothing of ReportLab's own file is used, only the page contents it wrote; so there is no unembedded Helvetica, no
wrong stream length and no untagged page to mend afterwards.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String
from PIL import ImageCms

from app.pdf.metadata import PRODUCER, xmp
from app.pdf.objects import each
from app.pdf.ornaments import Stamp, stamps
from app.pdf.sheet import HEIGHT, WIDTH, Sheet
from app.pdf.structure import Content, Element
from app.pdf.typeface import Typeface
from app.pdf.whole import Attachment, Document, SignatureField

SRGB = "sRGB IEC61966-2.1"
PRINT_AND_LOCKED = 4 | 128
_SYMBOLIC = 4
"""Font flag "symbolic": glyphs are found by number, not through an encoding."""


def assemble(
    document: Document, now: datetime, sheets: Sequence[Sheet], root: Element, faces: Mapping[str, Typeface]
) -> bytes:
    """The finished file. The same document, moment and fonts give the same bytes."""
    pdf = pikepdf.new()
    moment = String(now.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'"))
    pages = _pages(pdf, sheets, faces)
    tree = _Tree(pdf, pages)
    document_element = tree.write(root)
    if document.signature:
        tree.parents.append(_signature_field(pdf, document.signature, pages[0], document_element, len(pages)))
    _catalog(pdf, document)
    pdf.Root.StructTreeRoot = tree.root(document_element)
    _attach(pdf, document.attachments, moment)
    metadata = Stream(pdf, xmp(document, now))
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = pdf.make_indirect(metadata)
    info = Dictionary(
        Title=String(document.title),
        Producer=String(PRODUCER),
        Creator=String(PRODUCER),
        CreationDate=moment,
        ModDate=moment,
    )
    if document.author:
        info.Author = String(document.author)
    if document.subject:
        info.Subject = String(document.subject)
    pdf.trailer.Info = pdf.make_indirect(info)
    out = io.BytesIO()
    pdf.save(
        out,
        force_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return out.getvalue()


def _pages(pdf: pikepdf.Pdf, sheets: Sequence[Sheet], faces: Mapping[str, Typeface]) -> list[Object]:
    fonts = Dictionary()
    for weight, face in faces.items():
        codes = frozenset().union(*(sheet.codes[weight] for sheet in sheets))
        if codes:
            fonts[f"/{weight}"] = _font(pdf, face, codes)
    used = sorted(frozenset().union(*(sheet.stamps for sheet in sheets)))
    drawings = Dictionary({f"/{name}": _form(pdf, stamps()[name]) for name in used})
    resources = pdf.make_indirect(Dictionary(Font=fonts, XObject=drawings))
    pages: list[Object] = []
    for sheet in sheets:
        page = pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, WIDTH, HEIGHT]),
                Resources=resources,
                Contents=pdf.make_indirect(Stream(pdf, sheet.content())),
                StructParents=sheet.number,
                Tabs=Name.S,
            )
        )
        pdf.pages.append(pikepdf.Page(page))
        pages.append(page)
    return pages


def _form(pdf: pikepdf.Pdf, stamp: Stamp) -> Object:
    form = Stream(pdf, stamp.operators)
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox, form.Resources = Array(stamp.box), Dictionary()
    return pdf.make_indirect(form)


def _font(pdf: pikepdf.Pdf, face: Typeface, codes: frozenset[int]) -> Object:
    """A Type 0 font over the TrueType program, cut to `codes` (ISO 32000-1, 9.7)."""
    program, metrics = face.program(codes), face.metrics
    name = Name(f"/{program.name}")
    file = Stream(pdf, program.data)
    file.Length1 = len(program.data)
    widths = Array()
    for code, width in program.widths:
        widths.append(code)
        widths.append(Array([width]))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=_SYMBOLIC,
        FontBBox=Array(metrics.box),
        ItalicAngle=0,
        Ascent=metrics.ascent,
        Descent=metrics.descent,
        CapHeight=metrics.cap_height,
        StemV=metrics.stem,
        FontFile2=pdf.make_indirect(file),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=0,
        W=widths,
        CIDToGIDMap=pdf.make_indirect(Stream(pdf, face.code_to_glyph)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, program.to_unicode)),
        )
    )


class _Tree:
    """Writes the structure tree and the parent tree that leads from marked content back to it."""

    def __init__(self, pdf: pikepdf.Pdf, pages: Sequence[Object]) -> None:
        self._pdf = pdf
        self._pages = pages
        self._owners: list[dict[int, Object]] = [{} for _ in pages]
        self.parents: list[Object] = []

    def write(self, element: Element, parent: Object | None = None) -> Object:
        """The element and everything below it as PDF objects."""
        made = self._pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.tag}")))
        if parent is not None:
            made.P = parent
        _describe(made, element)
        contents = [kid for kid in element.kids if isinstance(kid, Content)]
        home = contents[0].page if contents else None
        if home is not None:
            made.Pg = self._pages[home]
        kids = Array()
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(self.write(kid, made))
                continue
            self._owners[kid.page][kid.number] = made
            if kid.page == home:
                kids.append(kid.number)
            else:
                kids.append(Dictionary(Type=Name.MCR, Pg=self._pages[kid.page], MCID=kid.number))
        if len(kids):
            made.K = kids[0] if len(kids) == 1 else kids
        return made

    def root(self, document_element: Object) -> Object:
        """The structure tree root over the Document element."""
        numbers = Array()
        for page, owners in enumerate(self._owners):
            numbers.append(page)
            numbers.append(self._pdf.make_indirect(Array([owners[n] for n in range(len(owners))])))
        for number, parent in enumerate(self.parents, len(self._pages)):
            numbers.append(number)
            numbers.append(parent)
        root = self._pdf.make_indirect(
            Dictionary(
                Type=Name.StructTreeRoot,
                K=document_element,
                ParentTree=self._pdf.make_indirect(Dictionary(Nums=numbers)),
                ParentTreeNextKey=len(self._pages) + len(self.parents),
            )
        )
        document_element.P = root
        return root


def _describe(made: Object, element: Element) -> None:
    if element.alt:
        made.Alt = String(element.alt)
    if element.language:
        made.Lang = String(element.language)
    if element.box:
        box = Array([round(edge, 2) for edge in element.box])
        made.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=box)
    if element.scope:
        made.A = Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}"))
        if element.span > 1:
            made.A.ColSpan = element.span


def _signature_field(
    pdf: pikepdf.Pdf, field: SignatureField, page: Object, document_element: Object, number: int
) -> Object:
    """An invisible field: made here, tagged, so that signing later only fills it in."""
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(field.name),
            TU=String(field.description),
            Rect=Array([0, 0, 0, 0]),
            F=PRINT_AND_LOCKED,
            P=page,
            StructParent=number,
        )
    )
    page.Annots = Array([widget])
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([widget]), SigFlags=0))
    form = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=document_element,
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
            Alt=String(field.description),
        )
    )
    document_element.K = Array([*each(document_element, "/K"), form])
    return form


def _catalog(pdf: pikepdf.Pdf, document: Document) -> None:
    root = pdf.Root
    root.MarkInfo = Dictionary(Marked=True)
    root.Lang = String(document.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    profile = Stream(pdf, srgb_profile())
    profile.N = 3
    profile.Alternate = Name.DeviceRGB
    root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String(SRGB),
                Info=String(SRGB),
                RegistryName=String("http://www.color.org"),
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )


@cache
def srgb_profile() -> bytes:
    """LittleCMS's sRGB profile with its date of making left out, so that files come out alike."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2010, 7.2: bytes 16–19 name the colour space, 24–35 hold the date
    if bytes(data[16:20]) != b"RGB ":
        message = "the sRGB profile is not an RGB profile"
        raise ValueError(message)
    data[24:36] = bytes.fromhex("07d000010001000000000000")
    return bytes(data)


def _attach(pdf: pikepdf.Pdf, attachments: Sequence[Attachment], moment: String) -> None:
    if not attachments:
        return
    names, files = Array(), Array()
    for attachment in sorted(attachments, key=lambda a: a.name):
        embedded = Stream(pdf, attachment.data)
        embedded.Type, embedded.Subtype = Name.EmbeddedFile, Name(f"/{attachment.mime}")
        digest = hashlib.md5(attachment.data, usedforsecurity=False).digest()
        embedded.Params = Dictionary(Size=len(attachment.data), ModDate=moment, CheckSum=String(digest))
        stream = pdf.make_indirect(embedded)
        file = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=String(attachment.name),
                UF=String(attachment.name),
                Desc=String(attachment.description),
                AFRelationship=Name(f"/{attachment.relationship}"),
                EF=Dictionary(F=stream, UF=stream),
            )
        )
        names.extend([String(attachment.name), file])
        files.append(file)
    pdf.Root.AF = files
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))

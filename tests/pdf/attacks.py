"""Everything that has been done to signed documents to make them say something else, each as a function of bytes.

After Mladenov et al. 2019 (universal forgery, incremental saving, wrapping), Mainka et al. 2021 (shadow attacks),
Rohlmann et al. 2021 (certified documents), and what people simply do to files.
"""

import asyncio
import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from app.pdf.documents import render
from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, Authority

Attack = Callable[[bytes], bytes]


def updated(pdf: bytes, act: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """One more revision behind the file."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    act(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page(writer: IncrementalPdfFileWriter) -> DictionaryObject:
    """The first page, as it stands in a new revision."""
    found = writer.root["/Pages"]["/Kids"].raw_get(0)
    writer.mark_update(found.reference)
    return found.get_object()


def flipped(place: float) -> Attack:
    """One bit somewhere, given as a part of the length."""

    def act(pdf: bytes) -> bytes:
        at = int(len(pdf) * place)
        return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]

    return act


def white_paper(writer: IncrementalPdfFileWriter) -> None:
    page(writer)[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=b"1 1 1 rg 0 0 600 900 re f"))


def _annotation(writer: IncrementalPdfFileWriter, **more: object) -> DictionaryObject:
    box = ArrayObject(NumberObject(n) for n in (50, 50, 500, 700))
    look = StreamObject(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): box,
            }
        ),
        stream_data=b"1 1 1 rg 50 50 450 650 re f",
    )
    entries = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject("/FreeText"),
        "/Rect": box,
        "/F": NumberObject(4),
        "/Contents": TextStringObject("ต่ออายุแล้ว"),
        "/AP": DictionaryObject({NameObject("/N"): writer.add_object(look)}),
        **more,
    }
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def overlay(writer: IncrementalPdfFileWriter) -> None:
    mine = page(writer)
    mine[NameObject("/Annots")] = ArrayObject([*mine.get("/Annots", ()), writer.add_object(_annotation(writer))])


def form_field(writer: IncrementalPdfFileWriter) -> None:
    """A text field whose appearance covers the page: allowed in some certified documents, not in ours."""
    field = writer.add_object(
        _annotation(
            writer, **{"/Subtype": NameObject("/Widget"), "/FT": NameObject("/Tx"), "/T": TextStringObject("x")}
        )
    )
    mine, form = page(writer), writer.root["/AcroForm"]
    mine[NameObject("/Annots")] = ArrayObject([*mine.get("/Annots", ()), field])
    form[NameObject("/Fields")] = ArrayObject([*form["/Fields"], field])
    writer.update_container(form)
    writer.update_root()


def shadow_hide(writer: IncrementalPdfFileWriter) -> None:
    """What lay over the content is taken away: the page's drawing shrinks to its first half."""
    mine = page(writer)
    contents = mine["/Contents"]
    streams = contents if isinstance(contents, ArrayObject) else [contents]
    drawn = b"\n".join(stream.get_object().data for stream in streams)
    mine[NameObject("/Contents")] = writer.add_object(StreamObject(stream_data=drawn[: len(drawn) // 2]))


def shadow_replace(writer: IncrementalPdfFileWriter) -> None:
    """The words stay and their font changes, so that other letters are read."""
    fonts = page(writer)["/Resources"]["/Font"]
    for name in fonts:
        font = fonts[name]
        font[NameObject("/BaseFont")] = NameObject("/Helvetica")
        writer.update_container(font)


def prepared(pdf: bytes) -> bytes:
    """An unsigned document made for the attack below: its words were others once, and that drawing is still in it."""
    true: list[bytes] = []

    def evil(writer: IncrementalPdfFileWriter) -> None:
        contents = _drawing(writer)
        true.append(contents.data)
        contents._data = b"BT /F0 40 Tf 50 700 Td (forged) Tj ET"  # noqa: SLF001 - the library has no other way
        contents._encoded_data = None  # noqa: SLF001
        contents.pop("/Filter", None)
        writer.update_container(contents)

    def good(writer: IncrementalPdfFileWriter) -> None:
        contents = _drawing(writer)
        contents._data, contents._encoded_data = true[0], None  # noqa: SLF001
        writer.update_container(contents)

    return updated(updated(pdf, evil), good)


def _drawing(writer: IncrementalPdfFileWriter) -> StreamObject:
    contents = writer.root["/Pages"]["/Kids"][0]["/Contents"]
    found = contents[0] if isinstance(contents, ArrayObject) else contents
    assert isinstance(found, StreamObject)
    return found


def shadow_hide_and_replace(pdf: bytes) -> bytes:
    """Nothing but a cross-reference table is appended: the page's drawing is once more the one before the last."""
    reader = PdfFileReader(io.BytesIO(pdf))
    contents = reader.root["/Pages"]["/Kids"][0].raw_get("/Contents")
    number = (contents[0] if isinstance(contents, ArrayObject) else contents).reference.idnum
    found = [match.start() for match in re.finditer(rb"\b%d 0 obj\b" % number, pdf)]
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    table = (
        f"xref\n{number} 1\n{found[-2] if len(found) > 1 else found[0] + 1:010d} 00000 n \n"
        f"trailer\n<</Size {reader.trailer['/Size']}/Root {reader.root_ref.idnum} 0 R/Prev {start}>>\n"
    )
    return pdf + table.encode() + f"startxref\n{len(pdf)}\n%%EOF\n".encode()


def catalog_replaced(pdf: bytes) -> bytes:
    """A second document behind the first, whose root is another: signature wrapping's simplest form."""
    other = io.BytesIO()
    with pikepdf.new() as new:
        new.add_blank_page()
        new.save(other)
    return pdf + other.getvalue()


def one_more_signature(signer: Signer) -> Attack:
    def act(pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        meta = PdfSignatureMetadata(field_name="Sig2", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        try:
            out = PdfSigner(meta, signer, new_field_spec=SigFieldSpec("Sig2")).sign_pdf(writer)
        except Exception:  # noqa: BLE001 - the library itself refuses: the attacker has another
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            del writer.root["/Perms"]
            writer.update_root()
            out = PdfSigner(meta, signer, new_field_spec=SigFieldSpec("Sig2")).sign_pdf(writer)
        return bytes(out.getvalue())

    return act


def dictionary(find: bytes, put: bytes) -> Attack:
    """The signature's dictionary says something else, in as many bytes; the first that matches is the author's."""

    def act(pdf: bytes) -> bytes:
        found = re.search(find, pdf)
        assert found is not None, find
        return pdf[: found.start()] + put.ljust(len(found[0]))[: len(found[0])] + pdf[found.end() :]

    return act


CONTENTS, RANGE = rb"/Contents ?<[0-9A-Fa-f]{999,}>", rb"/ByteRange ?\[[^\]]+\]"

UNIVERSAL: Mapping[str, Attack] = {
    "no contents": dictionary(CONTENTS, b""),
    "contents null": dictionary(CONTENTS, b"/Contents null"),
    "contents empty": dictionary(CONTENTS, b"/Contents <>"),
    "contents zero": dictionary(CONTENTS, b"/Contents <00>"),
    "contents a reference to nothing": dictionary(CONTENTS, b"/Contents 99999 0 R"),
    "no range": dictionary(RANGE, b""),
    "range null": dictionary(RANGE, b"/ByteRange null"),
    "range empty": dictionary(RANGE, b"/ByteRange []"),
    "range of nothing": dictionary(RANGE, b"/ByteRange [0 0 0 0]"),
    "range of the beginning": dictionary(RANGE, b"/ByteRange [0 10 0 0]"),
    "range negative": dictionary(RANGE, b"/ByteRange [0 -1 0 -1]"),
    "range of three": dictionary(RANGE, b"/ByteRange [0 1 2]"),
    "range of words": dictionary(RANGE, b"/ByteRange [/a /b /c /d]"),
    "other subfilter": dictionary(rb"/SubFilter ?/ETSI.CAdES.detached", b"/SubFilter /adbe.x509.rsa_sha1"),
    "no subfilter": dictionary(rb"/SubFilter ?/ETSI.CAdES.detached", b""),
    "no certification": dictionary(rb"/TransformMethod ?/DocMDP", b"/TransformMethod /None"),
}


def message(change: Callable[[cms.SignedData], None]) -> Attack:
    """The signature's own message is rebuilt with a change, in the place it has."""

    def act(pdf: bytes) -> bytes:
        found = re.search(rb"/Contents ?<([0-9A-Fa-f]{999,})>", pdf)
        assert found is not None
        info = cms.ContentInfo.load(bytes.fromhex(found[1].decode()))
        change(info["content"])
        told = info.dump().hex().upper().encode()
        return pdf[: found.start(1)] + told.ljust(len(found[1]), b"0")[: len(found[1])] + pdf[found.end(1) :]

    return act


def no_certificates(signed: cms.SignedData) -> None:
    signed["certificates"] = []


def no_stamp(signed: cms.SignedData) -> None:
    signed["signer_infos"][0]["unsigned_attrs"] = None


def namesake(signer: Signer) -> Callable[[cms.SignedData], None]:
    """Another certificate of the same name and serial number in the place of the true one."""

    def change(signed: cms.SignedData) -> None:
        own = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
        kept = [one for one in signed["certificates"] if one.chosen.serial_number != own]
        true = next(one.chosen for one in signed["certificates"] if one.chosen.serial_number == own)
        assert signer.signing_cert is not None
        forged = signer.signing_cert.copy()
        for name in ("serial_number", "issuer", "subject"):
            forged["tbs_certificate"][name] = true["tbs_certificate"][name]
        signed["certificates"] = [*kept, cms.CertificateChoices("certificate", forged)]

    return change


def resaved(pdf: bytes) -> bytes:
    """Opened and saved by a program that means no harm."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out)
    return out.getvalue()


def signed_by(signer: Signer, timestamper: Timestamper) -> Attack:
    """A document like it, certified and time-stamped as it should be, with another key."""

    def act(pdf: bytes) -> bytes:
        del pdf
        now = datetime.now(UTC)
        drawn = render(samples.licence(holder="นายปลอม ตัวอย่าง"), now)
        return sign(drawn, signer, timestamper, now=now, reason="ออกเอกสาร", location="นครราชสีมา")

    return act


def stamped_after(change: Callable[[IncrementalPdfFileWriter], None], timestamper: Timestamper) -> Attack:
    """A change, and over it a true time-stamp of a true authority: anybody can have one."""

    def act(pdf: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        change(writer)
        return bytes(asyncio.run(PdfTimeStamper(timestamper).async_timestamp_pdf(writer, "sha256")).getvalue())

    return act


def seen_stamp(timestamper: Timestamper) -> Attack:
    """A true time-stamp whose field covers the page with a picture."""

    def act(pdf: bytes) -> bytes:
        first = PdfFileReader(io.BytesIO(stamped_after(lambda _: None, timestamper)(pdf)))
        writer = IncrementalPdfFileWriter(first.stream)
        field = writer.root["/AcroForm"]["/Fields"][-1]
        field[NameObject("/Rect")] = ArrayObject(NumberObject(n) for n in (0, 0, 600, 900))
        field[NameObject("/AP")] = _annotation(writer)["/AP"]
        writer.update_container(field)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return act


def only_a_store(signer: Signer) -> Attack:
    """Certificates are added without a time-stamp: harmless, and yet not what was issued or proved."""

    def store(writer: IncrementalPdfFileWriter) -> None:
        DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=[signer.signing_cert])

    return lambda pdf: updated(pdf, store)


def appended(tail: bytes) -> Attack:
    """Something behind the end."""
    return lambda pdf: pdf + tail


def every(other: Signer, timestamper: Timestamper) -> dict[str, Attack]:
    """All that cryptography alone must see through, by name. `other` is a signer whom everybody trusts."""
    stranger = Signer.from_pkcs12(Authority().issue(), PASSPHRASE)
    return {
        **{f"a bit flipped at {place:.1%}": flipped(place) for place in (0.001, 0.3, 0.6, 0.95, 0.999)},
        **{f"appended: {tail[:6]!r}": appended(tail) for tail in (b"\n", b"%%EOF\n", b"x" * 2000)},
        "a page replaced by saving on": lambda pdf: updated(pdf, white_paper),
        "a paper laid over": lambda pdf: updated(pdf, overlay),
        "a form field laid over": lambda pdf: updated(pdf, form_field),
        "shadow: hide": lambda pdf: updated(pdf, shadow_hide),
        "shadow: replace": lambda pdf: updated(pdf, shadow_replace),
        "shadow: hide and replace": shadow_hide_and_replace,
        "another document behind it": catalog_replaced,
        "a second signature": one_more_signature(stranger),
        "a second signature by another agency": one_more_signature(other),
        **{f"forgery: {name}": attack for name, attack in UNIVERSAL.items()},
        "certificates stripped": message(no_certificates),
        "time-stamp stripped": message(no_stamp),
        "certificate swapped for a namesake's": message(namesake(stranger)),
        "saved anew": resaved,
        "cut short": lambda pdf: pdf[: len(pdf) * 9 // 10],
        "signed by a stranger under the same name": signed_by(stranger, timestamper),
        "changed and time-stamped": stamped_after(white_paper, timestamper),
        "laid over and time-stamped": stamped_after(overlay, timestamper),
        "a time-stamp that is seen": seen_stamp(timestamper),
        "certificates added, nothing stamped": only_a_store(other),
    }

import io
import os
import re
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from app.pdf.checking import check, findings_by_library, own_findings
from app.pdf.objects import each
from app.pdf.own_files import read
from app.pdf.own_pages import own_tokens
from app.pdf.press import Press, Reasons
from app.pdf.signing import Signer
from tests.pdf import samples
from tests.pdf.rewriting import in_our_way

Damage = Callable[[Pdf], object]


@pytest.fixture(scope="module")
def printed(signer: Signer) -> bytes:
    """A signed licence of the press."""
    return Press(signer).signed(samples.licence(), Reasons("ออกเอกสาร", "ที่", "ใคร"), now=samples.NOW)


def damaged(pdf: bytes, damage: Damage) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        damage(document)
        document.save(out, fix_metadata_version=False)
    return out.getvalue()


def font(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.Font["/Regular"]


def drawing(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.XObject["/Seal"]


def swap(stream: pikepdf.Object, old: bytes, new: bytes) -> None:
    data = stream.read_bytes()
    assert old in data
    stream.write(data.replace(old, new, 1))


def figure(pdf: Pdf) -> pikepdf.Object:
    return next(e for e in each(pdf.Root.StructTreeRoot.K, "/K") if e.S == "/Figure")


def table(pdf: Pdf) -> pikepdf.Object:
    return next(e for e in each(pdf.Root.StructTreeRoot.K, "/K") if e.S == "/Table")


def header_cells(pdf: Pdf) -> list[pikepdf.Object]:
    return [cell for row in each(table(pdf), "/K") for cell in each(row, "/K") if cell.S == "/TH"]


def show_picture(pdf: Pdf, colours: Name) -> None:
    page = pdf.pages[0]
    page.Resources.XObject["/Photo"] = Stream(
        pdf,
        b"\x00" * 4,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=1,
        Height=1,
        BitsPerComponent=8,
        ColorSpace=colours,
    )
    page.contents_add(b"/Artifact BMC q /Photo Do Q EMC")


DAMAGES: list[tuple[str, Damage, str]] = [
    ("untagged", lambda p: p.Root.__delitem__("/StructTreeRoot"), "no structure tree"),
    ("unmarked", lambda p: p.Root.__delitem__("/MarkInfo"), "not marked as tagged"),
    ("no language", lambda p: p.Root.__delitem__("/Lang"), "no language"),
    ("no output intent", lambda p: p.Root.__delitem__("/OutputIntents"), "output intents"),
    ("no metadata", lambda p: p.Root.__delitem__("/Metadata"), "no metadata"),
    (
        "script",
        lambda p: setattr(p.Root, "OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))),
        "JavaScript",
    ),
    ("conformance", lambda p: swap(p.Root.Metadata, b"conformance>A<", b"conformance>B<"), "conformance is B"),
    ("undeclared", lambda p: swap(p.Root.Metadata, b":name>DocumentOID<", b":name>Other<"), "nor described"),
    ("title", lambda p: p.trailer.Info.__setitem__("/Title", String("อื่น")), "title differs"),
    ("text lost", lambda p: font(p).__delitem__("/ToUnicode"), "has no texts"),
    ("private text", lambda p: swap(font(p).ToUnicode, b"<0E01>", b"<E001>"), "has no text"),
    ("not embedded", lambda p: font(p).DescendantFonts[0].FontDescriptor.__delitem__("/FontFile2"), "not embedded"),
    ("widths", lambda p: setattr(font(p).DescendantFonts[0], "W", Array()), "wide"),
    ("no alternative", lambda p: figure(p).__delitem__("/Alt"), "no alternative text"),
    ("no box", lambda p: figure(p).__delitem__("/A"), "no box"),
    (
        "no headers",
        lambda p: [(c.__setitem__("/S", Name.TD), c.__delitem__("/A")) for c in header_cells(p)],
        "have no header",
    ),
    ("ragged table", lambda p: table(p).K[0].__setitem__("/K", table(p).K[0].K[0]), "rows of [1, 2] cells"),
    ("lost content", lambda p: figure(p).__delitem__("/K"), "belongs to no element"),
    ("untagged content", lambda p: p.pages[0].contents_add(b"0 0 9 9 re f"), "paints outside"),
    ("cmyk", lambda p: p.pages[0].contents_add(b"/Artifact BMC 0 0 0 1 k EMC"), "CMYK"),
    ("cmyk in a drawing", lambda p: swap(drawing(p), b"RG", b"K "), "CMYK"),
    ("text in a drawing", lambda p: drawing(p).write(drawing(p).read_bytes() + b" BT (x) Tj ET"), "Tj in a drawing"),
    ("relationship", lambda p: p.Root.AF[0].__delitem__("/AFRelationship"), "relationship"),
    ("not associated", lambda p: p.Root.__delitem__("/AF"), "not associated"),
    ("hidden field", lambda p: setattr(p.pages[0].Annots[0], "F", 2), "not printed or hidden"),
    ("visible field", lambda p: setattr(p.pages[0].Annots[0], "Rect", Array([0, 0, 9, 9])), "no appearance"),
    ("text field", lambda p: setattr(p.Root.AcroForm.Fields[0], "FT", Name.Tx), "not a signature"),
    ("role", lambda p: setattr(figure(p), "S", Name.Ornament), "no standard role"),
    ("strange row", lambda p: setattr(table(p).K[0], "S", Name.P), "/Table holds /P"),
    ("language code", lambda p: setattr(figure(p), "Lang", String("ภาษาไทย")), "has no code"),
    (
        "order",
        lambda p: p.Root.StructTreeRoot.K.__setitem__("/K", Array(reversed(each(p.Root.StructTreeRoot.K, "/K")))),
        "another order",
    ),
    ("mute field", lambda p: p.pages[0].Annots[0].__delitem__("/TU"), "no words to be read aloud"),
    ("layers", lambda p: setattr(p.Root, "OCProperties", Dictionary()), "/OCProperties"),
    ("artifact in content", lambda p: swap(p.pages[0].Contents, b"BDC", b"BDC /Artifact BMC EMC"), "inside content"),
    ("encoding", lambda p: setattr(font(p), "Encoding", Name("/Identity-V")), "encoding of its own"),
    ("cmyk picture", lambda p: show_picture(p, Name.DeviceCMYK), "not in RGB or grey"),
    ("interpolated", lambda p: setattr(p.Root, "X", Stream(p, b"", Interpolate=True)), "interpolated"),
]


@pytest.mark.parametrize(("damage", "word"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_a_damaged_document_is_caught(licence: bytes, damage: Damage, word: str) -> None:
    assert check(licence) == []
    problems = check(damaged(licence, damage))
    assert [problem for problem in problems if word in problem], problems


@pytest.mark.parametrize(("damage", "word"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_damage_in_a_file_written_in_our_way_is_caught_as_by_the_library(
    printed: bytes, damage: Damage, word: str
) -> None:
    whole = in_our_way(printed)
    assert (read(whole) is not None, own_findings(whole)) == (True, [UNCOVERED]), "the signature was of other bytes"
    ours = in_our_way(damaged(printed, damage))
    assert read(ours) is not None or word in {"JavaScript", "interpolated"}, "those are the library's in any case"
    problems = own_findings(ours)
    assert [problem for problem in problems if word in problem], problems
    assert sorted(problems) == sorted(findings_by_library(ours))


UNCOVERED = "the signature Signature1 does not cover the whole file"
WRITTEN_OTHERWISE: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("after the end", lambda pdf: pdf + b"\n"),
    ("before the beginning", lambda pdf: b" " + pdf),
    ("between objects", lambda pdf: pdf.replace(b"\nendobj\n", b"\nendobj\n% hidden\n", 1)),
    ("a stream cut short", lambda pdf: re.sub(rb"/Length (\d+)>>stream", rb"/Length 1>>stream", pdf, count=1)),
    ("a stream of its own size", lambda pdf: pdf.replace(b"stream\n", b"stream\nx", 1)),
    ("an object elsewhere", lambda pdf: pdf.replace(b"\n1 0 obj", b"\n2 0 obj", 1)),
    (
        "an object twice",
        lambda pdf: pdf.replace(b"%\xe2\xe3\xcf\xd3\n", b"%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", 1),
    ),
    ("the table elsewhere", lambda pdf: re.sub(rb"startxref\n\d", b"startxref\n9", pdf)),
    ("a key twice", lambda pdf: pdf.replace(b"/Type/Sig", b"/Type/Sig/Type/Sig", 1)),
    ("a name in disguise", lambda pdf: pdf.replace(b"/Type/Sig", b"/Type/S#69g", 1)),
    ("a text with an escape", lambda pdf: pdf.replace(b"/M(D", b"/M(\\D", 1)),
    ("no brackets", lambda pdf: pdf.replace(b"/Reference[<<", b"/Reference<<<", 1)),
]


@pytest.mark.parametrize("otherwise", [one[1] for one in WRITTEN_OTHERWISE], ids=[one[0] for one in WRITTEN_OTHERWISE])
def test_what_is_not_written_as_the_press_writes_is_never_read_as_if_it_were(
    printed: bytes, otherwise: Callable[[bytes], bytes]
) -> None:
    assert (read(printed) is not None, own_findings(printed)) == (True, [])
    changed = otherwise(printed)
    assert changed != printed
    assert read(changed) is None


@settings(deadline=None, derandomize=True, max_examples=60)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_a_byte_changed_anywhere_is_caught_wherever_the_library_catches_it(
    printed: bytes, place: float, bits: int
) -> None:
    changed = bytearray(printed)
    changed[int(place * len(printed))] ^= bits
    if findings_by_library(bytes(changed)):
        assert own_findings(bytes(changed))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b""),
        (b"EMC", b""),
        (b"/MCID 1>", b"/MCID 2>"),
        (b" rg ", b" k "),
        (b"[<", b"[<FFFE"),
        (b"/P <</MCID 0>> BDC", b"/Artifact BMC"),
    ],
)
def test_a_page_is_judged_alike_in_our_own_notation_and_in_any_other(licence: bytes, old: bytes, new: bytes) -> None:
    def rewritten(pdf: Pdf, *, ours: bool) -> None:
        swap(pdf.pages[0].Contents, old, new)
        data = pdf.pages[0].Contents.read_bytes()
        other = data if ours else data.replace(b"\n", b"\r\n")
        assert (own_tokens(other, frozenset()) is not None) == ours
        pdf.pages[0].Contents.write(other)

    found = [sorted(check(damaged(licence, partial(rewritten, ours=ours)))) for ours in (True, False)]
    assert [len(problems) > 0 for problems in found] == [bool(old)] * 2
    assert [re.sub("^(page 1: ).* paints", r"\1… paints", problem) for problem in found[0]] == [
        re.sub("^(page 1: ).* paints", r"\1… paints", problem) for problem in found[1]
    ]


def test_saving_it_again_without_damage_is_no_fault(licence: bytes) -> None:
    assert check(damaged(licence, lambda _: None)) == []


def test_bytes_after_the_end_are_caught(licence: bytes) -> None:
    assert "something follows the end of the file" in check(licence + b"\n% more")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n%%EOF", b"not a pdf", b"\x00" * 5000])
def test_what_is_no_document_is_one_more_fault_and_no_crash(data: bytes) -> None:
    assert check(data)


def test_a_truncated_document_is_caught(licence: bytes) -> None:
    assert check(licence[: len(licence) // 2])


@pytest.mark.skipif("VERAPDF" not in os.environ, reason="VERAPDF names no veraPDF program")
@pytest.mark.parametrize("flavour", ["3a", "3u", "ua1"])
def test_verapdf_agrees_with_our_check(licence: bytes, signed: bytes, flavour: str, tmp_path: Path) -> None:
    for number, pdf in enumerate((licence, signed)):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(pdf)
        command = [os.environ["VERAPDF"], "--flavour", flavour, "--format", "text", str(file)]
        run = subprocess.run(command, capture_output=True, check=False)
        assert run.stdout.startswith(b"PASS"), run.stdout.decode()

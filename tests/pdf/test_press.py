"""The press and the plain way are twins: the same document comes out of both, and both are genuine."""

import io
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Unavailable
from app.licences import document as licence
from app.licences.document import Content, Field
from app.pdf import blocks
from app.pdf.certificates import UnfitCertificate
from app.pdf.checking import CHECKER, OWN_CHECKER, check
from app.pdf.documents import render
from app.pdf.frozen_signature import FrozenSignature, NotAsExpected
from app.pdf.objects import each
from app.pdf.press import Press, Reasons, printed
from app.pdf.proving import Presses, Unproven, prove, specimen
from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from app.pdf.typeface import MissingGlyph
from app.pdf.validating import examine
from app.pdf.whole import Document
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, Authority, TimeAuthority
from tests.pdf.reading import pdfium_text
from tests.pdf.test_documents import kinds
from tests.pdf.test_thai_text import HOSTILE, NAMES

NOW = samples.NOW
SAYS = Reasons("ออกเอกสาร", "นครราชสีมา", "เทศบาลตำบลตัวอย่าง")


@pytest.fixture(scope="module")
def press(signer: Signer) -> Press:
    return Press(signer)


@pytest.fixture(scope="module")
def roots(authority: Authority, tsa: TimeAuthority) -> list[bytes]:
    return [authority.pem, tsa.root]


def plain(document: Document, signer: Signer, stamper: Timestamper | None = None) -> bytes:
    says = {"reason": SAYS.reason, "location": SAYS.location, "name": SAYS.name}
    return sign(render(document, NOW), signer, stamper, now=NOW, **says)


ADDRESSES = st.builds(
    lambda house, moo, name, code: f"{house} หมู่ที่ {moo} ตำบล{name} อำเภอ{name} {code:05d}",
    st.from_regex(r"[1-9][0-9]{0,3}(/[0-9]{1,3})?", fullmatch=True),
    st.integers(1, 20),
    NAMES,
    st.integers(10_000, 96_000),
)

TEXTS = st.one_of(NAMES, ADDRESSES, st.sampled_from(HOSTILE), st.just("ร้าน & ลูก <สาขา ]]> 1> “ท่าน้ำ” (50%)"))

LICENCES = st.builds(
    Content,
    id=st.uuids(version=4).map(str),
    number=st.builds("{} {}/{}".format, st.sampled_from(["สอ", "อห", "พค."]), st.integers(1, 99_999), st.just(2569)),
    code=st.just("7K3M-Q9ZC-41TWX"),
    title=TEXTS.map(lambda text: f"ใบอนุญาต {text[:60]}"),
    subtitle=st.one_of(st.just(""), TEXTS),
    agency=NAMES,
    signer=NAMES,
    fields=st.lists(st.builds(Field, st.sampled_from(["ผู้รับอนุญาต", "ที่ตั้ง", "น้ำ"]), TEXTS, st.just("Fact")), max_size=30),
    statement=st.lists(TEXTS, min_size=1, max_size=3),
    conditions=st.lists(TEXTS, max_size=12),
    xml_root=st.just("Licence"),
    valid_from=st.dates(date(2026, 1, 1), date(2029, 1, 1)),
    valid_until=st.one_of(st.none(), st.dates(date(2029, 1, 2), date(2040, 1, 1))),
    verify_url=st.from_regex(r"https://judiao\.example\.go\.th/verify/[0-9A-HJKMNP-TV-Z-]{8,15}", fullmatch=True),
    holder=NAMES,
    service=st.just("food-premises-licence"),
    service_version=st.integers(1, 9),
)


def seen(element: pikepdf.Object) -> Any:
    """An element of the structure tree as it is told to somebody who cannot see."""
    kids = [kid if isinstance(kid, int) else "…" if "/S" not in kid else seen(kid) for kid in each(element, "/K")]
    said = [str(element.get(key)) for key in ("/S", "/Alt", "/Lang")]
    about = element.get("/A")
    box = [round(float(edge)) for edge in about.get("/BBox", [])] if about is not None else []
    scope = (str(about.get("/Scope")), int(about.get("/ColSpan", 1))) if about is not None else ()
    return (said, box, scope, kids)


def told(pdf: bytes) -> dict[str, Any]:
    """Everything a file says, without how it is written."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root, info = opened.Root, opened.trailer.Info
        files = each(root, "/AF")
        return {
            "pages": [page.Contents.read_bytes() for page in opened.pages],
            "fonts": [
                (key, str(font.BaseFont), font.ToUnicode.read_bytes(), font.DescendantFonts[0].W.unparse(resolved=True))
                for key, font in opened.pages[0].Resources.Font.items()
            ],
            "tree": seen(root.StructTreeRoot.K),
            "metadata": root.Metadata.read_bytes(),
            "files": [
                (str(f.UF), str(f.Desc), str(f.AFRelationship), str(f.EF.F.Subtype), f.EF.F.read_bytes()) for f in files
            ],
            "info": {key: str(value) for key, value in info.items()},
            "language": str(root.Lang),
        }


# — twins ——————————————————————————————————————————————————————————————————————————————————————————————————————————————


@settings(deadline=None, derandomize=True, max_examples=5)
@given(content=LICENCES)
def test_any_licence_says_the_same_from_both_and_is_genuine_from_both(
    content: Content, press: Press, signer: Signer, timestamper: Timestamper, roots: list[bytes]
) -> None:
    document = licence.document(content)
    fast, slow = press.signed(document, SAYS, timestamper, now=NOW), plain(document, signer, timestamper)
    assert told(fast) == told(slow)
    data = {name: body for name, _, _, _, body in told(fast)["files"]}
    assert data == {licence.XML_NAME: licence.xml(content), licence.JSON_NAME: licence.as_json(content)}
    assert pdfium_text(fast) == pdfium_text(slow)
    for file in (fast, slow):
        assert check(file) == []
        found = examine(file, roots, now=NOW)
        assert (found.genuine, found.signer) == (True, signer.certificate)


@pytest.mark.parametrize("make", [samples.everything, samples.long_table, specimen])
def test_every_kind_of_block_over_many_pages_comes_out_alike(make: Any, press: Press, signer: Signer) -> None:
    document = replace(make(), signature=samples.SIGNATURE)
    fast = press.signed(document, SAYS, now=NOW)
    assert told(fast) == told(plain(document, signer))
    assert check(fast) == []


@pytest.mark.parametrize("make", [samples.receipt, samples.long_table, specimen])
def test_a_document_that_nobody_signs_comes_out_alike(make: Any) -> None:
    document = replace(make(), signature=None)
    fast = printed(document, NOW)
    assert told(fast) == told(render(document, NOW))
    assert check(fast) == []
    with pytest.raises(ValueError, match="is signed when"):
        printed(samples.licence(), NOW)


def test_the_file_is_smaller_and_other_programs_find_no_fault(press: Press, signer: Signer, tmp_path: Path) -> None:
    fast = press.signed(samples.licence(), SAYS, now=NOW)
    assert len(fast) < len(plain(samples.licence(), signer))
    file = tmp_path / "licence.pdf"
    file.write_bytes(fast)
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b"")


def test_the_same_document_and_moment_give_the_same_bytes(press: Press) -> None:
    document = samples.licence()
    assert press.signed(document, SAYS, now=NOW) == press.signed(document, SAYS, now=NOW)


# — signatures —————————————————————————————————————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("kind", ["rsa-2048", "rsa-4096", "p-256"])
def test_every_kind_of_key_signs_with_a_time_stamp(
    kind: str, authority: Authority, timestamper: Timestamper, roots: list[bytes]
) -> None:
    key = rsa.generate_private_key(65537, int(kind[4:])) if kind.startswith("rsa") else None
    signer = Signer.from_pkcs12(authority.issue(key=key), PASSPHRASE)
    file = Press(signer).signed(samples.licence(), SAYS, timestamper, now=NOW)
    found = examine(file, roots, now=NOW)
    assert (found.genuine, found.signer) == (True, signer.certificate)
    assert found.timestamp is not None
    assert (found.timestamp.time, found.timestamp.trusted) == (NOW, True)
    assert check(file) == []


def test_its_signatures_say_why_where_and_in_whose_name(press: Press) -> None:
    with pikepdf.open(io.BytesIO(press.signed(samples.licence(), SAYS, now=NOW))) as pdf:
        value = pdf.Root.AcroForm.Fields[0].V
        assert (str(value.Reason), str(value.Location), str(value.Name)) == (SAYS.reason, SAYS.location, SAYS.name)
        assert str(value.M) == "D:20261120043000+00'00'"


def test_a_flipped_bit_anywhere_is_noticed(press: Press, timestamper: Timestamper, roots: list[bytes]) -> None:
    file = press.signed(samples.licence(), SAYS, timestamper, now=NOW)
    assert examine(file, roots, now=NOW).genuine
    for place in range(97, len(file), len(file) // 12):
        changed = bytearray(file)
        changed[place] ^= 4
        assert not examine(bytes(changed), roots, now=NOW).genuine


def test_nothing_is_printed_for_a_letter_the_fonts_lack_an_ended_certificate_or_without_a_field(press: Press) -> None:
    with pytest.raises(MissingGlyph, match="U\\+674E"):
        press.signed(samples.licence(holder="นาย李"), SAYS, now=NOW)
    with pytest.raises(UnfitCertificate, match="expired"):
        press.signed(samples.licence(), SAYS, now=NOW + timedelta(days=9_000))
    with pytest.raises(ValueError, match="signature field"):
        press.signed(samples.long_table(), SAYS, now=NOW)


def test_a_silent_time_authority_leaves_no_half_signed_file(press: Press) -> None:
    nobody = Timestamper("http://127.0.0.1:9/", timeout=1)
    with pytest.raises(Unavailable):
        press.signed(samples.licence(), SAYS, nobody, now=NOW)


# — proving ————————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_a_press_is_proved_before_it_is_used(press: Press, timestamper: Timestamper, roots: list[bytes]) -> None:
    prove(press, timestamper, roots, NOW)


def test_a_press_whose_key_nobody_vouches_for_is_not_used(
    press: Press, timestamper: Timestamper, tsa: TimeAuthority
) -> None:
    with pytest.raises(Unproven):
        prove(press, timestamper, [Authority("ผู้อื่น").pem, tsa.root], NOW)


class Careless(Press):
    """A press that names the wrong standard: a fault as it might be made when the press is changed."""

    def signed(self, *args: Any, **options: Any) -> bytes:
        """The document, one letter of its metadata wrong."""
        return super().signed(*args, **options).replace(b"conformance>A<", b"conformance>B<")


def test_a_press_that_makes_a_faulty_file_is_not_used(
    signer: Signer, timestamper: Timestamper, roots: list[bytes]
) -> None:
    with pytest.raises(Unproven, match="conformance"):
        prove(Careless(signer), timestamper, roots, NOW)


class Wilful(Signer):
    """A signer that signs over something else the second time."""

    async def signed_attrs(self, *args: Any, **options: Any) -> Any:
        """What is signed over, the digest twice."""
        made = await super().signed_attrs(*args, **options)
        return type(made)([*made, *[a for a in made if a["type"].native == "message_digest"]])


def test_a_signer_whose_messages_cannot_be_put_together_again_is_refused(authority: Authority) -> None:
    signer = Wilful.from_pkcs12(authority.issue(), PASSPHRASE)
    with pytest.raises(NotAsExpected):
        FrozenSignature(signer)


def test_the_first_document_of_a_form_is_judged_in_full_and_a_fault_in_any_later_one_is_still_found() -> None:
    presses, faulty = Presses(), printed(replace(samples.receipt(), signature=None), NOW)
    faulty = faulty.replace(b"conformance>A<", b"conformance>B<")
    one, other = (replace(samples.receipt(), signature=None, author=name) for name in ("น้ำ", "ปั๊ม"))
    assert presses.judges(one, faulty)[1] == CHECKER, "a form that was faulty is not known"
    assert presses.judges(one, printed(one, NOW)) == ([], CHECKER)
    assert presses.judges(other, printed(other, NOW)) == ([], OWN_CHECKER)
    assert presses.judges(other, faulty)[0] != []
    attached = replace(one, attachments=samples.licence().attachments)
    assert presses.judges(attached, printed(attached, NOW)) == ([], CHECKER)


def test_the_specimen_has_every_kind_of_block() -> None:
    assert kinds(specimen()) >= set(get_args(blocks.Block))

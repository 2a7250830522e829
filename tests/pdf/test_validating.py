import asyncio
import gc
import io
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, StreamObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from app.pdf.validating import Examination, examine
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, Authority, TimeAuthority

NOW = samples.NOW


@pytest.fixture
def trust(authority: Authority, tsa: TimeAuthority) -> list[bytes]:
    return [authority.pem, tsa.root]


def test_a_signed_document_is_genuine_and_says_by_whom_and_when(
    signed: bytes, trust: list[bytes], signer: Signer
) -> None:
    found = examine(signed, trust, now=NOW)
    assert found.genuine
    assert (found.signatures, found.coverage, found.modification) == (1, "ENTIRE_FILE", "NONE")
    assert (found.intact, found.trusted, found.certified, found.docmdp_ok) == (True, True, True, True)
    assert found.signer == signer.certificate
    assert found.signed_at == NOW
    assert found.timestamp is not None
    assert (found.timestamp.time, found.timestamp.valid, found.timestamp.trusted) == (NOW, True, True)
    assert "Test Time-Stamping Authority" in found.timestamp.authority


def test_any_flipped_byte_makes_it_not_genuine(signed: bytes, trust: list[bytes]) -> None:
    start = signed.index(b"/Contents <") + 11
    used = len(signed[start : signed.index(b">", start)].rstrip(b"0"))
    places = [8, 200, len(signed) // 3, start - 1, start + used + 50, len(signed) - 3, signed.index(b"/ByteRange") + 15]
    places += [start + i for i in (5, 50, 69, *range(100, used, used // 12))]
    for place in places:
        changed = bytearray(signed)
        changed[place] ^= 1
        assert not examine(bytes(changed), trust, now=NOW).genuine, place


def test_bytes_appended_make_it_not_genuine(signed: bytes, trust: list[bytes]) -> None:
    for tail in (b"\n", b" ", b"\n%%EOF\n", b"hidden"):
        assert not examine(signed + tail, trust, now=NOW).genuine


def test_a_paper_laid_over_it_makes_it_not_genuine(signed: bytes, trust: list[bytes]) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    overlay = writer.add_object(StreamObject(stream_data=b"1 1 1 rg 0 0 600 400 re f"))
    page.get_object()[NameObject("/Contents")] = overlay
    writer.mark_update(page.reference)
    out = io.BytesIO()
    writer.write(out)
    found = examine(out.getvalue(), trust, now=NOW)
    assert not found.genuine
    assert not found.docmdp_ok
    assert found.coverage == "ENTIRE_REVISION"


def test_even_a_harmless_later_revision_makes_it_not_genuine(signed: bytes, trust: list[bytes]) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root[NameObject("/Note")] = DictionaryObject({NameObject("/Text"): TextStringObject("เพิ่มทีหลัง")})
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert not examine(out.getvalue(), trust, now=NOW).genuine


def test_what_hides_behind_the_signature_value_is_found(signed: bytes, trust: list[bytes]) -> None:
    start = signed.index(b"/Contents <") + 11
    end = signed.index(b">", start)
    for hidden in (b"00000000DEADBEEF", b"0" * 12 + b" \n\t "):
        changed = signed[: end - len(hidden)] + hidden + signed[end:]
        assert len(changed) == len(signed)
        assert not examine(changed, trust, now=NOW).genuine
    early_end = signed[: end - 14] + b">/Reason (x) <" + signed[end:]
    assert not examine(early_end, trust, now=NOW).genuine


def test_a_stranger_with_the_same_names_is_not_trusted(licence: bytes, trust: list[bytes]) -> None:
    impostor = Signer.from_pkcs12(Authority().issue(), PASSPHRASE)
    found = examine(sign(licence, impostor, now=NOW, reason="ออกเอกสาร", location="ที่อื่น"), trust, now=NOW)
    assert (found.intact, found.trusted, found.genuine) == (True, False, False)


def test_an_unsigned_document_is_not_genuine(licence: bytes, trust: list[bytes]) -> None:
    found = examine(licence, trust, now=NOW)
    assert (found.genuine, found.signatures) == (False, 0)


def test_a_revoked_signer_is_not_genuine(
    licence: bytes, authority: Authority, trust: list[bytes], timestamper: Timestamper
) -> None:
    signer = Signer.from_pkcs12(authority.issue("ผู้ถูกเพิกถอน"), PASSPHRASE)
    pdf = sign(licence, signer, timestamper, now=NOW, reason="ออกเอกสาร", location="นครราชสีมา")
    serial = int(signer.certificate.serial, 16)
    list_before = authority.revocation_list(serial, NOW - timedelta(days=1))
    assert examine(pdf, trust, now=NOW).genuine
    found = examine(pdf, trust, now=NOW, crls=[list_before])
    assert (found.revoked, found.genuine) == (True, False)


def test_a_document_outlives_its_signers_certificate_by_its_time_stamp(
    signed: bytes, signer: Signer, trust: list[bytes]
) -> None:
    later = signer.certificate.not_after + timedelta(days=365)
    assert examine(signed, trust, now=later).genuine


def test_without_a_time_stamp_it_is_not_signed_as_ours_are(licence: bytes, signer: Signer, trust: list[bytes]) -> None:
    found = examine(sign(licence, signer, now=NOW, reason="ออกเอกสาร", location="นครราชสีมา"), trust, now=NOW)
    assert (found.intact, found.trusted, found.genuine) == (True, True, False)


def test_a_time_stamp_of_an_unknown_authority_is_not_believed(signed: bytes, authority: Authority) -> None:
    found = examine(signed, [authority.pem], now=NOW)
    assert found.timestamp is not None
    assert (found.trusted, found.timestamp.trusted, found.genuine) == (True, False, False)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"\x00" * 10_000, b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n"]
)
def test_whatever_a_stranger_sends_the_answer_is_not_genuine(data: bytes, trust: list[bytes]) -> None:
    found = examine(data, trust, now=NOW)
    assert isinstance(found, Examination)
    assert (found.genuine, bool(found.problem)) == (False, True)


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_asking_from_a_running_event_loop_is_an_error_and_no_verdict(signed: bytes, trust: list[bytes]) -> None:
    async def wrongly() -> Examination:
        return examine(signed, trust, now=NOW)

    with pytest.raises(RuntimeError, match="running event loop"):
        asyncio.run(wrongly())
    gc.collect()

"""What is proved of a file we just signed: its signature, its time-stamp, and who vouches for both."""

import statistics
import time
from datetime import timedelta

import pytest

from app.pdf.confirming import SignatureBroken, confirm
from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from app.pdf.validating import examine
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, UNTIL, Authority, TimeAuthority

NOW = samples.NOW


@pytest.fixture
def roots(authority: Authority, tsa: TimeAuthority) -> list[bytes]:
    return [authority.pem, tsa.root]


def test_it_says_who_signed_who_vouches_for_them_and_when_it_was(
    signed: bytes, roots: list[bytes], signer: Signer
) -> None:
    found = confirm(signed, roots, NOW)

    assert "ผู้ลงนามตัวอย่าง" in found.subject
    assert "CA ทดสอบ" in found.issuer
    assert found.serial == signer.certificate.serial
    assert found.stamped_at == NOW
    assert "Time-Stamping Authority" in found.stamped_by


def test_it_agrees_with_the_judge_of_strangers_files(signed: bytes, roots: list[bytes]) -> None:
    strict = examine(signed, roots, now=NOW)
    found = confirm(signed, roots, NOW)
    assert strict.timestamp is not None
    assert strict.signer is not None
    assert (strict.genuine, strict.timestamp.time, strict.signer.serial) == (True, found.stamped_at, found.serial)


def test_a_changed_byte_breaks_it(signed: bytes, roots: list[bytes]) -> None:
    start = signed.index(b"/Contents <") + 11
    for place in (8, 200, len(signed) // 3, len(signed) - 30, start + 2_400):
        changed = bytearray(signed)
        changed[place] ^= 1
        with pytest.raises(SignatureBroken):
            confirm(bytes(changed), roots, NOW)


def test_bytes_appended_break_it(signed: bytes, roots: list[bytes]) -> None:
    with pytest.raises(SignatureBroken, match="whole file"):
        confirm(signed + b"\n", roots, NOW)


def test_a_certificate_that_nobody_vouches_for_breaks_it(signed: bytes, tsa: TimeAuthority) -> None:
    with pytest.raises(SignatureBroken, match="vouches"):
        confirm(signed, [Authority("ผู้อื่น").pem, tsa.root], NOW)


def test_a_time_stamp_that_nobody_vouches_for_breaks_it(signed: bytes, authority: Authority) -> None:
    with pytest.raises(SignatureBroken, match="vouches"):
        confirm(signed, [authority.pem], NOW)


def test_an_expired_certificate_breaks_it(signed: bytes, roots: list[bytes]) -> None:
    with pytest.raises(SignatureBroken, match="vouches"):
        confirm(signed, roots, UNTIL + timedelta(days=2))


def test_a_signature_without_a_time_stamp_is_not_enough(licence: bytes, signer: Signer, roots: list[bytes]) -> None:
    plain = sign(licence, signer, None, now=NOW, reason="ออกเอกสาร", location="นครราชสีมา")
    with pytest.raises(SignatureBroken, match="time-stamp"):
        confirm(plain, roots, NOW)


def test_a_file_without_a_signature_has_nothing_to_confirm(licence: bytes, roots: list[bytes]) -> None:
    with pytest.raises(SignatureBroken):
        confirm(licence, roots, NOW)


def test_elliptic_keys_are_confirmed_too(
    licence: bytes, authority: Authority, timestamper: Timestamper, roots: list[bytes]
) -> None:
    signer = Signer.from_pkcs12(authority.issue("ผู้ลงนามอีกคน"), PASSPHRASE)
    signed = sign(licence, signer, timestamper, now=NOW, reason="ออกเอกสาร", location="นครราชสีมา")
    assert "ผู้ลงนามอีกคน" in confirm(signed, roots, NOW).subject


def test_it_costs_a_small_part_of_judging_a_strangers_file(signed: bytes, roots: list[bytes]) -> None:
    def spent(what: object) -> float:
        assert callable(what)
        found = []
        for _ in range(5):
            start = time.process_time()
            what()
            found.append(time.process_time() - start)
        return statistics.median(found)

    assert spent(lambda: confirm(signed, roots, NOW)) < spent(lambda: examine(signed, roots, now=NOW)) / 3

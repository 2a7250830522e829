import asyncio
import io
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms, tsp
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.core.errors import Unavailable
from app.pdf.certificates import UnfitCertificate
from app.pdf.checking import check
from app.pdf.documents import render
from app.pdf.keys import FileKey
from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, SERVER_ONLY, UNTIL, Authority, Key, TimeAuthority, usage

NOW = samples.NOW


def put(pdf: bytes, signer: Signer, timestamper: Timestamper | None = None, now: datetime = NOW) -> bytes:
    return sign(pdf, signer, timestamper, now=now, reason="ออกเอกสาร", location="นครราชสีมา")


def test_pyhanko_finds_a_certified_unchanged_time_stamped_document(
    signed: bytes, authority: Authority, tsa: TimeAuthority
) -> None:
    roots = [c for data in (authority.pem, tsa.root) for c in load_certs_from_pemder_data(data)]
    (signature,) = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    status = asyncio.run(async_validate_pdf_signature(signature, ValidationContext(trust_roots=roots, moment=NOW)))
    assert status.bottom_line
    assert status.coverage is not None
    assert status.modification_level is not None
    assert (status.coverage.name, status.modification_level.name) == ("ENTIRE_FILE", "NONE")
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.timestamp == NOW
    assert str(signature.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    assert int(signature.sig_object["/Reference"][0]["/TransformParams"]["/P"]) == 1
    assert signature.sig_object["/M"] == "D:20261120043000Z"


def test_pdfsig_and_qpdf_agree(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed)
    found = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, check=False).stdout.decode()
    assert "Signature is Valid." in found
    assert "Total document signed" in found
    assert subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("sample", [samples.licence, samples.receipt, samples.everything])
def test_a_signed_document_still_passes_our_check(sample: object, signer: Signer, timestamper: Timestamper) -> None:
    assert check(put(render(sample(), NOW), signer, timestamper)) == []  # type: ignore[operator]


def test_signing_leaves_the_metadata_alone(licence: bytes, signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(licence)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert before.trailer.Info == after.trailer.Info


@pytest.mark.parametrize(
    "make",
    [
        lambda: rsa.generate_private_key(65537, 2048),
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: ec.generate_private_key(ec.SECP521R1()),
    ],
    ids=["RSA", "P-256", "P-521"],
)
def test_rsa_and_elliptic_keys_sign_within_the_archival_standard(
    licence: bytes, authority: Authority, make: Callable[[], Key]
) -> None:
    signer = Signer.from_pkcs12(authority.issue(key=make()), PASSPHRASE)
    pdf = put(licence, signer)
    assert check(pdf) == []
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=load_certs_from_pemder_data(authority.pem), moment=NOW)
    assert asyncio.run(async_validate_pdf_signature(signature, context)).bottom_line


def test_the_certificate_is_described_for_the_record(authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "signer.p12"
    file.write_bytes(authority.issue("ตราประทับตัวอย่าง"))
    facts = Signer.from_pkcs12(file, PASSPHRASE).certificate
    assert facts.common_name == "ตราประทับตัวอย่าง"
    assert "CN=CA ทดสอบ" in facts.issuer
    assert facts.not_after == UNTIL
    assert re.fullmatch("[0-9a-f]{64}", facts.fingerprint)
    assert re.fullmatch("[0-9a-f]{16,40}", facts.serial)


def test_a_wrong_passphrase_or_file_is_refused(authority: Authority) -> None:
    for data, passphrase in ((authority.issue(), "ผิด"), (b"not pkcs12", PASSPHRASE)):
        with pytest.raises(UnfitCertificate, match="cannot be opened"):
            Signer.from_pkcs12(data, passphrase)


def test_an_expired_certificate_signs_nothing(licence: bytes, authority: Authority) -> None:
    signer = Signer.from_pkcs12(authority.issue(until=datetime(2026, 1, 1, tzinfo=UTC)), PASSPHRASE)
    with pytest.raises(UnfitCertificate, match="expired on 2026-01-01"):
        put(licence, signer)


def test_a_certificate_that_is_not_yet_valid_signs_nothing(licence: bytes, authority: Authority) -> None:
    signer = Signer.from_pkcs12(authority.issue(since=datetime(2027, 1, 1, tzinfo=UTC)), PASSPHRASE)
    with pytest.raises(UnfitCertificate, match="only from 2027-01-01"):
        put(licence, signer)


def test_a_certificate_for_another_purpose_is_refused(authority: Authority) -> None:
    with pytest.raises(UnfitCertificate, match="does not allow signatures"):
        Signer.from_pkcs12(authority.issue(key_usage=usage(encipherment=True)), PASSPHRASE)
    with pytest.raises(UnfitCertificate, match="extended key usage"):
        Signer.from_pkcs12(authority.issue(purpose=SERVER_ONLY), PASSPHRASE)
    with pytest.raises(UnfitCertificate, match="certification authority"):
        Signer.from_pkcs12(authority.issue(authority=True), PASSPHRASE)


def test_a_weak_or_foreign_key_is_refused(authority: Authority) -> None:
    with pytest.raises(UnfitCertificate, match="1024 bits"):
        Signer.from_pkcs12(authority.issue(key=rsa.generate_private_key(65537, 1024)), PASSPHRASE)  # noqa: S505 - that is the point
    signer = Authority()
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(UnfitCertificate, match="does not belong"):
        Signer(FileKey(key), signer.certify("อื่น", signer.key, NOW, UNTIL, usage(digital_signature=True)), [])


def test_a_document_without_a_field_or_signed_already_is_refused(signed: bytes, signer: Signer) -> None:
    with pytest.raises(ValueError, match="cannot be signed"):
        put(render(samples.long_table(1), NOW), signer)
    with pytest.raises(ValueError, match="cannot be signed"):
        put(signed, signer)
    with pytest.raises(ValueError, match="cannot be signed"):
        put(b"not a pdf", signer)


def test_when_nobody_listens_signing_asks_to_be_tried_again(licence: bytes, signer: Signer) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        with pytest.raises(Unavailable):
            put(licence, signer, Timestamper(f"http://127.0.0.1:{reserved.getsockname()[1]}/"))


def test_when_the_authority_never_answers_signing_gives_up_in_time(licence: bytes, signer: Signer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unavailable):
        put(licence, signer, Timestamper(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.2))


class _Odd(BaseHTTPRequestHandler):
    """An authority that misbehaves in the way its path says."""

    genuine: Timestamper

    def do_POST(self) -> None:
        query = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        body, status, kind = b"", 200, "application/timestamp-reply"
        match self.path:
            case "/garbage":
                body = b"<html>"
            case "/html":
                body, kind = b"<html>", "text/html"
            case "/error":
                status = 500
            case "/refusal":
                refusal = {"status": tsp.PKIStatusInfo({"status": "rejection"})}
                body = tsp.TimeStampResp(refusal).dump()
            case "/another":
                query["message_imprint"]["hashed_message"] = b"\1" * 32
                body = asyncio.run(self.genuine.async_request_tsa_response(query)).dump()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """A test's server does not write into the test's output."""


@pytest.fixture
def odd(timestamper: Timestamper) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Odd", (_Odd,), {"genuine": timestamper}))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/garbage", "/html", "/error", "/refusal", "/another"])
def test_an_authority_that_answers_wrongly_stamps_nothing(path: str, odd: str, licence: bytes, signer: Signer) -> None:
    stamper = Timestamper(odd + path)
    with pytest.raises(Unavailable):
        put(licence, signer, stamper)
    stamper.close()


def test_the_signature_value_and_its_room_are_not_wasted(signed: bytes) -> None:
    (hexadecimal,) = re.findall(rb"<([0-9A-F]{4000,})>", signed)
    content = cms.ContentInfo.load(bytes.fromhex(hexadecimal.decode()))
    assert content["content_type"].native == "signed_data"
    assert len(hexadecimal) < 26_000


def test_keys_that_readers_do_not_know_are_refused(authority: Authority) -> None:
    with pytest.raises(UnfitCertificate, match="no RSA or elliptic-curve key"):
        Signer.from_pkcs12(authority.issue(key=ed25519.Ed25519PrivateKey.generate()), PASSPHRASE)

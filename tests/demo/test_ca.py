"""What the authority hands out is what outside tools accept: pyHanko and its validator, cryptography, openssl."""

import asyncio
import stat
import subprocess
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder, load_certs_from_pemder_data
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from app.demo.ca import Authority
from app.demo.people import agencies
from app.demo.roles import Agency, Both
from tests.demo.world import World

CODE = agencies()[0].code


@pytest.fixture
def signers(world: World) -> Path:
    return Path(world.environment["JUDIAO_SIGNERS"])


def opened(world: World, file: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate, list[x509.Certificate]]:
    passphrase = Path(world.environment["JUDIAO_SIGNERS_PASSPHRASE_FILE"]).read_bytes()
    key, certificate, chain = pkcs12.load_key_and_certificates(file.read_bytes(), passphrase)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate is not None
    return key, certificate, chain


def trusting(world: World, **more: Any) -> ValidationContext:
    root = load_cert_from_pemder(world.environment["JUDIAO_TRUST_ROOTS"])
    return ValidationContext(trust_roots=[root], moment=world.clock.now(), **more)


def as_asn1(certificate: x509.Certificate) -> Any:
    (loaded,) = load_certs_from_pemder_data(certificate.public_bytes(serialization.Encoding.DER))
    return loaded


def test_every_agency_has_a_seal_whose_certificate_names_it(world: World, signers: Path) -> None:
    assert {file.stem for file in signers.glob("*.p12")} == {agency.code for agency in agencies()}
    for agency in agencies():
        key, certificate, _ = opened(world, signers / f"{agency.code}.p12")
        assert key.public_key() == certificate.public_key()
        (organisation,) = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        (identifier,) = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
        assert (organisation.value, name.value) == agency.name
        assert identifier.value == f"NTRTH-{agency.biller_id[:13]}"


def test_the_chain_in_the_p12_leads_to_the_root_with_revocation_asked_for_over_http(
    world: World, signers: Path
) -> None:
    _, certificate, chain = opened(world, signers / f"{CODE}.p12")

    async def validate() -> Any:
        others = [as_asn1(one) for one in chain]
        async with aclosing(
            trusting(world, other_certs=others, allow_fetching=True, revocation_mode="hard-fail")
        ) as all_:
            validator = CertificateValidator(as_asn1(certificate), validation_context=all_)
            return await validator.async_validate_usage({"digital_signature", "non_repudiation"})

    path = asyncio.run(validate())
    assert [step.subject.native["common_name"] for step in path] == [
        "Judiao Demo Root CA", "Judiao Demo Seal CA", "Muang Tuayang Town Municipality",
    ]  # fmt: skip


def test_openssl_agrees_about_the_chain_and_the_revocation_list(world: World, signers: Path, tmp_path: Path) -> None:
    _, certificate, chain = opened(world, signers / f"{CODE}.p12")
    for name, one in {"seal": certificate, **{f"chain{n}": c for n, c in enumerate(chain)}}.items():
        (tmp_path / f"{name}.pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "middle.pem").write_bytes(
        (tmp_path / "chain0.pem").read_bytes() + (tmp_path / "chain1.pem").read_bytes()
    )
    crl = x509.load_der_x509_crl(world.http.get("/ca/demo/crls/seals/latest.crl").content)
    (tmp_path / "crl.pem").write_bytes(crl.public_bytes(serialization.Encoding.PEM))
    command = ["openssl", "verify", "-CAfile", world.environment["JUDIAO_TRUST_ROOTS"], "-untrusted", "middle.pem"]
    command += ["-CRLfile", "crl.pem", "-crl_check", "-attime", str(int(world.clock.now().timestamp())), "seal.pem"]
    verified = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert verified.stdout.strip() == "seal.pem: OK", verified.stderr


def test_the_time_stamp_authority_answers_pyhanko_and_its_token_is_valid(world: World) -> None:
    digest = bytes(range(32))

    async def stamp() -> dict[str, Any]:
        token = await HTTPTimeStamper(world.environment["JUDIAO_TSA_URL"]).async_timestamp(digest, "sha256")
        return dict(await validate_tst_signed_data(token["content"], trusting(world), lambda _: digest))

    world.clock.move(timedelta(days=3))
    status = asyncio.run(stamp())
    named = asyncio.run(HTTPTimeStamper(world.environment["JUDIAO_TSA_URL"]).async_timestamp(digest, "sha256"))
    attributes = {attribute["type"].native for attribute in named["content"]["signer_infos"][0]["signed_attrs"]}
    assert "signing_certificate_v2" in attributes, "by SHA-256 and not by SHA-1"
    assert "signing_certificate" not in attributes
    assert (status["intact"], status["valid"]) == (True, True)
    assert status["signing_cert"].subject.native["common_name"] == "Judiao Demo Time-stamp Authority"
    assert abs(status["timestamp"] - world.clock.now()) < timedelta(minutes=1), "its time is the demonstration's time"


def test_the_responder_says_good_for_a_seal_and_refuses_a_stranger(world: World, signers: Path) -> None:
    _, certificate, chain = opened(world, signers / f"{CODE}.p12")

    def ask(issuer: x509.Certificate) -> ocsp.OCSPResponse:
        request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
        body = request.public_bytes(serialization.Encoding.DER)
        return ocsp.load_der_ocsp_response(world.http.post("/ca/demo/ocsp/seals", content=body).content)

    middle, root = chain
    assert ask(middle).certificate_status is ocsp.OCSPCertStatus.GOOD
    assert ask(root).response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_the_authority_answers_nonsense_without_breaking(world: World) -> None:
    assert world.http.post("/ca/demo/tsa/tsa", content=b"nonsense").status_code == 400
    assert world.http.post("/ca/demo/tsa/tsa", content=b"x" * 20_000).status_code == 413
    assert world.http.post("/ca/demo/tsa/unheard-of", content=b"x").status_code in (400, 404)
    assert world.http.get("/ca/nowhere").status_code == 404
    assert world.http.post("/ca/demo/crls/seals/latest.crl").status_code == 405


def test_keys_and_passphrase_are_for_their_owner_only(signers: Path) -> None:
    secret = [*signers.glob("*.p12"), *(signers.parent / "keys").iterdir(), signers.parent / "passphrase"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in secret} == {0o600}
    assert stat.S_IMODE((signers.parent / "keys").stat().st_mode) == 0o700


def test_the_same_folder_keeps_its_root_and_follows_a_new_port_and_a_new_agency(tmp_path: Path) -> None:
    def prepared(port: int, *agencies: Agency) -> Authority:
        authority = Authority(tmp_path, f"http://localhost:{port}/ca", agencies)
        authority.prepare()
        return authority

    here = prepared(8001, agencies()[0])
    root, seal = here.root_file.read_bytes(), (here.signers / f"{CODE}.p12").read_bytes()
    assert (prepared(8001, agencies()[0]).signers / f"{CODE}.p12").read_bytes() == seal
    moved = prepared(9001, agencies()[0], Agency("newcomer", Both("หน่วยงานใหม่", "Newcomer"), "099456900003901"))
    assert moved.root_file.read_bytes() == root
    certificate = x509.load_pem_x509_certificate((moved.signers / f"{CODE}.pem").read_bytes())
    assert b"http://localhost:9001/ca" in certificate.public_bytes(serialization.Encoding.DER)
    assert (moved.signers / "newcomer.p12").exists()

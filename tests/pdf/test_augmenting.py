"""A licence that outlives the certificates it was signed with: all proof inside, no authority asked, PAdES B-LTA."""

import asyncio
import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import simulate_future_ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.core.errors import Unavailable
from app.pdf.augmenting import Lasting, NotLasting, augment, require_proof
from app.pdf.checking import check
from app.pdf.documents import render
from app.pdf.signing import Signer, sign
from app.pdf.validating import examine
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, Authority, Country, a_country


@pytest.fixture
def elsewhere(run_folder: Path) -> Iterator[Country]:
    """A country of a test's own, whose clock it may move."""
    with a_country(run_folder) as country:
        yield country


def offline(root: bytes) -> PdfSignatureValidationSpec:
    """What an archive asks: revocation is required, and nobody may be asked."""
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(list(load_certs_from_pemder_data(root))),
                revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
            ),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        )
    )


def test_the_file_alone_proves_its_signature_and_what_was_signed_did_not_change(
    issued: bytes, lasting: Lasting, country: Country
) -> None:
    require_proof(lasting.pdf, [country.root], now=country.now() + timedelta(seconds=1))
    assert lasting.pdf.startswith(issued)
    found = examine(lasting.pdf, [country.root], now=country.now())
    assert (found.genuine, found.stamps, found.modification, found.docmdp_ok) == (True, 1, "LTA_UPDATES", True)
    assert found.original == examine(issued, [country.root], now=country.now()).original
    assert lasting.until == datetime(2040, 1, 1, tzinfo=UTC)


def test_without_that_proof_a_signature_does_not_last(issued: bytes, country: Country) -> None:
    with pytest.raises(NotLasting):
        require_proof(issued, [country.root], now=country.now() + timedelta(seconds=1))


def test_it_is_still_an_archive_document_and_small(lasting: Lasting, tmp_path: Path) -> None:
    assert check(lasting.pdf) == []
    assert len(lasting.pdf) < 80_000
    file = tmp_path / "lasting.pdf"
    file.write_bytes(lasting.pdf)
    assert subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False).returncode == 0
    told = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, check=False).stdout.decode()
    assert "Signature is Valid." in told


@pytest.mark.parametrize("year", [2036, 2039, 2042], ids=["later", "signer expired", "time-stamp authority expired"])
def test_pyhanko_believes_it_after_the_certificates_have_expired(lasting: Lasting, country: Country, year: int) -> None:
    (signature,) = PdfFileReader(io.BytesIO(lasting.pdf)).embedded_regular_signatures
    result = asyncio.run(
        simulate_future_ades_lta_validation(signature, offline(country.root), datetime(year, 1, 1, tzinfo=UTC))
    )
    assert result.ades_subindic is AdESPassed.OK


def test_renewed_before_its_time_stamp_ends_it_is_proved_when_its_signer_has_long_expired(elsewhere: Country) -> None:
    issued = elsewhere.sign(render(samples.licence(), elsewhere.now()))
    roots = [elsewhere.root]
    first = augment(issued, elsewhere.timestamper, elsewhere.revocation, roots, now=elsewhere.now())
    elsewhere.clock.move(datetime(2039, 6, 1, tzinfo=UTC) - elsewhere.now())
    assert elsewhere.signers[0].certificate.not_after < elsewhere.now() < first.until
    with pytest.raises(NotLasting):
        require_proof(first.pdf, roots, now=elsewhere.now())

    second = augment(first.pdf, elsewhere.timestamper, elsewhere.revocation, roots, now=elsewhere.now())

    require_proof(second.pdf, roots, now=elsewhere.now() + timedelta(seconds=1))
    assert second.pdf.startswith(first.pdf)
    found = examine(second.pdf, roots, now=elsewhere.now())
    assert (found.genuine, found.stamps) == (True, 2)
    assert check(second.pdf) == []


def test_of_a_burst_only_the_first_asks_about_certificates_that_all_share(elsewhere: Country) -> None:
    """An answer about the signer must be younger than the signature; the lists above it are shared."""
    early = elsewhere.sign(render(samples.licence(), elsewhere.now()))
    late = elsewhere.sign(render(samples.licence(), elsewhere.now()))
    first = augment(late, elsewhere.timestamper, elsewhere.revocation, [elsewhere.root], now=elsewhere.now())
    elsewhere.revocation.close()  # from here on no authority can be asked

    second = augment(early, elsewhere.timestamper, elsewhere.revocation, [elsewhere.root], now=elsewhere.now())

    assert first.until == second.until


def test_when_the_authority_of_the_signer_does_not_answer_it_is_tried_again_later(
    country: Country, authority: Authority, licence: bytes
) -> None:
    signer = Signer.from_pkcs12(authority.issue(), PASSPHRASE)  # its list is at an address that nobody has
    pdf = sign(licence, signer, country.timestamper, now=country.now(), reason="ออกเอกสาร", location="ที่อื่น")
    with pytest.raises(Unavailable):
        augment(pdf, country.timestamper, country.revocation, [country.root, authority.pem], now=country.now())


@pytest.mark.parametrize("data", [b"", b"no pdf"], ids=["nothing", "no PDF"])
def test_what_is_not_signed_cannot_be_made_to_last(data: bytes, country: Country) -> None:
    with pytest.raises(ValueError, match="not a signed document"):
        augment(data, country.timestamper, country.revocation, [country.root], now=country.now())


def test_an_unsigned_document_cannot_be_made_to_last(country: Country) -> None:
    unsigned = render(samples.licence(), country.now())
    with pytest.raises(ValueError, match="not a signed document"):
        augment(unsigned, country.timestamper, country.revocation, [country.root], now=country.now())

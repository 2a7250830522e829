"""One authority, one signer, one time-stamping authority and one signed document for all tests of this room."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.pdf.documents import render
from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, Authority, TimeAuthority, time_authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def signer(authority: Authority) -> Signer:
    return Signer.from_pkcs12(authority.issue(key=rsa.generate_private_key(65537, 2048)), PASSPHRASE)


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path_factory.mktemp("tsa"), samples.NOW) as running:
        yield running


@pytest.fixture(scope="session")
def timestamper(tsa: TimeAuthority) -> Iterator[Timestamper]:
    stamper = Timestamper(tsa.url)
    yield stamper
    stamper.close()


@pytest.fixture(scope="session")
def licence() -> bytes:
    return render(samples.licence(), samples.NOW)


@pytest.fixture(scope="session")
def signed(licence: bytes, signer: Signer, timestamper: Timestamper) -> bytes:
    return sign(licence, signer, timestamper, now=samples.NOW, reason="ออกเอกสาร", location="นครราชสีมา")

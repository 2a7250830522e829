"""Every paper of every service, as a citizen gets it: sound, readable aloud, letter by letter, with its data inside."""

import io
import json
import os
import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path

import httpx2
import pikepdf
import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from sqlalchemy import select

from app.catalogue.schema import Service
from app.catalogue.wording import shown_answers
from app.licences import service as licences
from app.licences.document import JSON_NAME, XML_NAME
from app.pdf.characters import spelled
from app.pdf.checking import check
from app.pdf.issued import IssuedFile
from app.stories import lasting
from tests.catalogue.world import real
from tests.pdf.reading import bare, poppler_text
from tests.stories import every_paper
from tests.stories.every_paper import FILENAME, Sent
from tests.stories.world import World

SERVICES = [*real().services.values()]
LETTERS = ("letter", "deficiency", "deficiency of both", "delay")
MOST_BYTES = 80_000
"""Of a licence with all its proof inside and without a photograph."""


@pytest.fixture(scope="module")
def papers(shared: World) -> "Papers":
    """What every service gives, each played once and kept for the tests of this file."""
    return Papers(shared)


class Papers:
    """The papers of each service, made when they are first asked for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.of = cache(self._of)

    def _of(self, slug: str) -> tuple[Sent, dict[str, bytes]]:
        house = self._world.house
        one = every_paper.sent(house, house.catalogue.services[slug])
        found = {"submission": every_paper.receipt_of_sending(house, one)}
        return one, found | every_paper.before_deciding(house, one) | every_paper.drawn(house, one)

    def sealed(self, slug: str) -> tuple[Sent, dict[str, bytes]]:
        """The same, sealed by the jobs after officers decided and the money came."""
        house = self._world.house
        one = every_paper.sent(house, house.catalogue.services[slug], seed=2)
        other = every_paper.sent(house, one.service, seed=3)
        return one, every_paper.granted(self._world, one) | {"letter": every_paper.refused(self._world, other)}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_every_paper_of_a_service_is_without_fault_and_says_everything_letter_by_letter(
    service: Service, papers: Papers, shared: World
) -> None:
    one, found = papers.of(service.slug)
    costs = any(line.satang for line in every_paper.quoted(shared.house, one).lines)
    assert set(found) >= {
        *("blank th", "blank en", "submission", "letter", "deficiency", "deficiency of both", "delay"),
        *(("bill", "receipt") if costs else ()),
        *(("draft", "licence") if service.licence else ()),
    }
    assert {kind: faults for kind, pdf in found.items() if (faults := check(pdf))} == {}
    read = ("submission", "letter", "deficiency", "both", "delay", "licence", "blank th", "blank en", "signed")
    texts = {kind: bare(poppler_text(pdf, "-raw")) for kind, pdf in found.items() if kind.endswith(read)}
    answers = shown_answers(service, one.said, "th")
    given = {question.key for question in service.questions if question.given}
    lost = {key: words for key, words in answers.items() if key not in given and bare(words) not in texts["submission"]}
    assert lost == {}
    if service.documents:
        assert bare(spelled(FILENAME)) in texts["submission"]
    assert bare(service.grounds[0].text.th) in texts["letter"]
    assert {kind for kind in LETTERS if bare(every_paper.WHY) not in texts[kind]} == set()
    for lang in ("th", "en"):
        assert [d for d in service.declarations if bare(d.to(lang)) not in texts[f"blank {lang}"]] == []
    assert all(bare(every_paper.NAME) in text for kind, text in texts.items() if kind.endswith(" signed"))
    if service.licence:
        data = attached(found["licence"])
        values = {str(fact["value"]) for fact in json.loads(data[JSON_NAME])["Facts"].values()}
        assert [value for value in values if bare(value) not in texts["licence"]] == []


@pytest.mark.parametrize("service", [s for s in SERVICES if s.licence], ids=lambda service: service.slug)
def test_the_data_in_a_licence_keeps_the_schemas_that_anybody_can_fetch(
    service: Service, papers: Papers, shared: World
) -> None:
    _, found = papers.of(service.slug)
    data = attached(found["licence"])
    document, twin = etree.fromstring(data[XML_NAME]), json.loads(data[JSON_NAME])
    (where,) = document.xpath("@*[local-name()='schemaLocation']")
    schema = etree.XMLSchema(etree.fromstring(fetched(shared, where.split()[1])))
    assert schema.validate(document), schema.error_log
    assert list(Draft202012Validator(json.loads(fetched(shared, twin["$schema"]))).iter_errors(twin)) == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_the_data_in_a_letter_keeps_the_schemas_that_anybody_can_fetch(
    service: Service, papers: Papers, shared: World
) -> None:
    _, found = papers.of(service.slug)
    for kind in LETTERS:
        data = attached(found[kind])
        document, twin = etree.fromstring(data[XML_NAME]), json.loads(data[JSON_NAME])
        (where,) = document.xpath("@*[local-name()='schemaLocation']")
        schema = etree.XMLSchema(etree.fromstring(_schema(shared, where.split()[1])))
        assert schema.validate(document), schema.error_log
        assert list(Draft202012Validator(json.loads(_schema(shared, twin["$schema"]))).iter_errors(twin)) == []
        said = {fact["label"]: fact["value"] for fact in twin["Facts"]}
        assert every_paper.WHY in (*said.values(), *(item["Instruction"] for item in twin["Items"]))


@cache
def _schema(world: World, address: str) -> bytes:
    return fetched(world, address)


def test_sealed_by_their_jobs_other_programs_find_them_good_and_the_largest_stays_small_with_its_proof(
    papers: Papers, shared: World, tmp_path: Path
) -> None:
    """What anybody can ask; veraPDF too, about every paper of every service, where the operator has it (VERAPDF)."""
    slug = max((s.slug for s in SERVICES if s.licence), key=lambda slug: len(papers.of(slug)[1]["licence"]))
    one, found = papers.sealed(slug)
    with shared.house.database.transaction() as db:
        licence = licences.of_application(db, one.application)
        assert licence is not None
    lasting.prove(shared.house, licence.id)
    with shared.house.database.transaction() as db:
        proved = shared.house.files.read(licences.document(db, licence.id).digest)
        bill = select(IssuedFile.kind, IssuedFile.checked).where(IssuedFile.digest == sha256(found["bill"]).hexdigest())
        assert [(row.kind, row.checked["findings"]) for row in db.execute(bill)] == [("bill", [])]
    assert len(found["licence"]) < len(proved) < MOST_BYTES
    for kind, pdf in (found | {"proved": proved}).items():
        assert check(pdf) == []
        file = tmp_path / f"{kind}.pdf"
        file.write_bytes(pdf)
        run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=False)
        assert (run.returncode, run.stderr) == (0, b""), kind
        if kind != "bill":
            told = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, check=False).stdout.decode()
            assert "Signature is Valid." in told, kind
    if "VERAPDF" in os.environ:
        for service in SERVICES:
            for kind, pdf in papers.of(service.slug)[1].items():
                (tmp_path / f"{service.slug} {kind}.pdf").write_bytes(pdf)
        for flavour in ("3a", "ua1"):
            agrees(os.environ["VERAPDF"], flavour, sorted(tmp_path.glob("*.pdf")))


def agrees(program: str, flavour: str, files: list[Path]) -> None:
    """VeraPDF finds what we find: nothing."""
    command = [program, "--flavour", flavour, "--format", "text", *map(str, files)]
    said = subprocess.run(command, capture_output=True, check=False).stdout.decode().splitlines()
    assert [line for line in said if not line.startswith("PASS")] == []
    assert len(said) == len(files)


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files inside a document."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: file.get_file().read_bytes() for name, file in opened.attachments.items()}


def fetched(world: World, address: str) -> bytes:
    """What stands at an address of the portal."""
    assert address.startswith(world.here.url)
    answer = httpx2.get(address, trust_env=False)
    assert answer.status_code == 200, address
    return answer.content

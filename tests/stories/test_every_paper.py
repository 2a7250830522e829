"""Every paper of every service, as a citizen gets it: sound, readable aloud, letter by letter, with its data inside."""

import io
import json
from functools import cache

import httpx2
import pikepdf
import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from app.catalogue.schema import Service
from app.catalogue.wording import shown_answers
from app.licences import service as licences
from app.licences.document import JSON_NAME, XML_NAME
from app.pdf.characters import spelled
from app.pdf.checking import check
from app.stories import lasting
from tests.catalogue.world import real
from tests.pdf.reading import bare, poppler_text
from tests.stories import every_paper
from tests.stories.every_paper import FILENAME, Sent
from tests.stories.world import World

SERVICES = [*real().services.values()]
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
        other = every_paper.sent(house, one.service, seed=2)
        found = {"submission": every_paper.receipt_of_sending(house, one)}
        found |= every_paper.granted(self._world, one)
        return one, found | {"letter": every_paper.refused(self._world, other)}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_every_paper_of_a_service_is_without_fault_and_says_everything_letter_by_letter(
    service: Service, papers: Papers, shared: World
) -> None:
    one, found = papers.of(service.slug)
    costs = any(line.satang for line in every_paper.quoted(shared.house, one).lines)
    assert set(found) == {
        *("submission", "letter"),
        *(("bill", "receipt") if costs else ()),
        *(("licence",) if service.licence else ()),
    }
    assert {kind: faults for kind, pdf in found.items() if (faults := check(pdf))} == {}
    texts = {kind: bare(poppler_text(pdf, "-raw")) for kind, pdf in found.items()}
    answers = shown_answers(service, one.said, "th")
    given = {question.key for question in service.questions if question.given}
    lost = {key: words for key, words in answers.items() if key not in given and bare(words) not in texts["submission"]}
    assert lost == {}
    if service.documents:
        assert bare(spelled(FILENAME)) in texts["submission"]
    assert bare(service.grounds[0].text.th) in texts["letter"]
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


def test_the_largest_licence_stays_small_with_all_its_proof_inside(papers: Papers, shared: World) -> None:
    largest = max((s.slug for s in SERVICES if s.licence), key=lambda slug: len(papers.of(slug)[1]["licence"]))
    one, found = papers.of(largest)
    with shared.house.database.transaction() as db:
        licence = licences.of_application(db, one.application)
        assert licence is not None
    lasting.prove(shared.house, licence.id)
    with shared.house.database.transaction() as db:
        proved = licences.document(db, licence.id)
    assert len(found["licence"]) < proved.size < MOST_BYTES
    assert check(shared.house.files.read(proved.digest)) == []


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

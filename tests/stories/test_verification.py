"""Anybody checks a licence: by its code, by its number, by its file. Nothing that was altered is called genuine."""

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from app.applications.models import Application
from app.core.thai import thai_digits
from app.demo.running import Running
from app.licences import service as licences
from app.licences.life import Action
from app.licences.models import Licence
from app.pdf import augmenting, issued
from app.pdf.documents import render
from app.pdf.issued import IssuedFile
from app.pdf.signing import sign
from app.stories import authenticity, lasting
from tests.pdf import attacks, samples
from tests.stories.world import Case, World
from tests.world import order

UNKNOWN = "ไฟล์นี้ถูกแก้ไข หรือไม่ได้ออกจากจุดเดียว"
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def case(shared: World) -> Case:
    """A licence as its holder has it."""
    return shared.licensed()


@pytest.fixture(scope="module")
def original(case: Case) -> bytes:
    """The file as it was downloaded in the first minute."""
    return case.me.open(f"{case.licence}/licence.pdf").content


@pytest.fixture(scope="module")
def proved(shared: World, case: Case, original: bytes) -> bytes:
    """The file as it is downloaded later, all proof in it."""
    lasting.order(shared.house, timedelta(0))
    shared.when_idle()
    later = case.me.open(f"{case.licence}/licence.pdf").content
    assert later.startswith(original)
    assert later != original
    return later


@pytest.fixture
def http(portal: Running) -> Iterator[httpx2.Client]:
    """A program of somebody's, each time from another place: there are only so many questions a minute."""
    with httpx2.Client(base_url=portal.url, trust_env=False, headers=JSON) as client:
        yield client


def the_licence(world: World, case: Case) -> Licence:
    with world.house.database.transaction() as db:
        found = licences.of_application(db, case.id)
    assert found is not None
    return found


def test_by_its_file_in_both_forms_it_is_genuine_and_the_command_agrees(
    shared: World, original: bytes, proved: bytes
) -> None:
    stranger = shared.stranger()
    for pdf in (original, proved):
        stranger.open("/verify")
        page = stranger.send("/verify/file", {}, ("licence.pdf", pdf))
        assert page.status == 200
        page.must_see("ของจริง และใช้ได้").must_see("ไม่มีอะไรถูกแก้").must_see("เราไม่ได้เก็บไฟล์นี้ไว้")
        assert hashlib.sha256(pdf).hexdigest() in page.words
        assert "มะลิ ตัวอย่าง" not in page.words, "the holder's name is masked"
        answer = authenticity.of_file(shared.house, pdf)
        assert (answer.genuine, answer.kind) == (True, "valid")


def test_proof_that_a_reader_added_by_itself_does_not_make_it_unknown(shared: World, original: bytes) -> None:
    """Any program may add a time-stamp of its own over the file that was issued."""
    house = shared.house
    added = attacks.stamped_after(lambda _: None, house.timestamper)(original)
    answer = authenticity.of_file(house, added)
    assert (answer.genuine, answer.kind) == (True, "valid")


def test_no_attack_is_called_genuine(shared: World, proved: bytes) -> None:
    house = shared.house
    signers = [house.signers[code] for code in sorted(house.signers)]
    made = attacks.every(signers[-1], house.timestamper)
    made |= {f"signed by {n}": attacks.signed_by(signer, house.timestamper) for n, signer in enumerate(signers[:2])}
    attacked = {name: attack(proved) for name, attack in made.items()}
    assert [name for name, pdf in attacked.items() if pdf == proved] == [], "an attack that does nothing proves nothing"
    answers = {name: authenticity.of_file(house, pdf) for name, pdf in attacked.items()}
    fooled = [name for name, answer in answers.items() if answer.genuine or answer.kind != "altered_or_unknown"]
    assert fooled == []


def test_a_true_seal_on_a_paper_that_the_register_does_not_know_is_not_enough(shared: World) -> None:
    """As if an agency's key had been stolen."""
    house, now = shared.house, shared.house.clock.now()
    code = next(iter(house.signers))
    pdf = render(samples.licence(), now)
    sealed = sign(pdf, house.signers[code], house.timestamper, now=now, reason="ออกเอกสาร", location="ที่อื่น")
    answer = authenticity.of_file(house, sealed)
    assert (answer.genuine, answer.finding) == (False, "stranger")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a paper laid over", "ถูกเปลี่ยนหลังลงลายมือชื่อ"),
        ("saved anew", "ถูกเปลี่ยนหลังลงลายมือชื่อ"),
        ("cut short", "อ่านไฟล์นี้เป็น PDF ไม่ได้"),
    ],
)
def test_the_page_says_what_is_wrong_and_what_to_do(shared: World, original: bytes, name: str, words: str) -> None:
    stranger, house = shared.stranger(), shared.house
    attacked = attacks.every(next(iter(house.signers.values())), house.timestamper)[name](original)
    stranger.open("/verify")
    page = stranger.send("/verify/file", {}, ("licence.pdf", attacked))
    assert page.status == 200
    page.must_see(UNKNOWN).must_see(words).must_see("ควรทำอย่างไร")
    assert not page.sees("ของจริง")


def test_a_receipt_is_known_too_and_a_photograph_is_not(shared: World, case: Case) -> None:
    receipt = case.me.open(f"{case.bill}/receipt.pdf").content
    assert authenticity.of_file(shared.house, receipt).genuine
    assert not authenticity.of_file(shared.house, b"\xff\xd8\xff\xe0 a photograph").genuine


def test_a_receipt_lasts_like_a_licence_and_every_form_of_it_is_known(shared: World, case: Case, proved: bytes) -> None:
    assert proved, "the same job has seen to the receipt"
    house, later = shared.house, case.me.open(f"{case.bill}/receipt.pdf").content
    with house.database.transaction() as db:
        newest = issued.known(db, hashlib.sha256(later).hexdigest())
        assert newest is not None
        assert (newest.edition, newest.kind, newest.checked["findings"]) == (2, "receipt", [])
        assert newest.checked["signature"]["profile"] == augmenting.LEVEL
        assert newest.proved_until is not None
        assert issued.that_are_due(db, house.clock.now(), 9, timedelta(0)) == []
        assert newest.first in issued.that_are_due(db, newest.proved_until - timedelta(days=100), 9)
    first = house.files.read(newest.first)
    assert later.startswith(first)
    augmenting.require_proof(later, [house.trust_roots], now=house.clock.now() + timedelta(seconds=1))
    added = attacks.stamped_after(lambda _: None, house.timestamper)(first)
    for pdf in (first, later, added):
        answer = authenticity.of_file(house, pdf)
        assert (answer.genuine, answer.words) == (True, "ของจริง เป็นใบเสร็จรับเงิน")
    for name in ("a paper laid over", "saved anew", "cut short"):
        attacked = attacks.every(next(iter(house.signers.values())), house.timestamper)[name](later)
        assert not authenticity.of_file(house, attacked).genuine


def test_what_was_found_about_every_file_that_left_the_house_is_kept(shared: World, case: Case) -> None:
    rows = shared.rows(select(IssuedFile.kind, IssuedFile.seal, IssuedFile.checked).where(IssuedFile.edition == 1))
    seals = {row.kind: bool(row.seal) for row in rows}
    assert case.licence
    assert seals == {"submission": False, "receipt": True}
    for row in rows:
        assert (row.checked["profile"], row.checked["findings"]) == ("PDF/A-3a", [])
        assert row.checked["checker"].startswith("judiao.pdf.checking")
        assert ("signature" in row.checked) == seals[row.kind]


def test_without_a_file_the_page_asks_for_one(shared: World) -> None:
    stranger = shared.stranger()
    stranger.open("/verify")
    page = stranger.send("/verify/file", {}, ("", b""))
    assert page.status == 422
    page.must_see("เลือกไฟล์ PDF ที่ต้องการตรวจก่อน")


def test_a_program_gets_data_for_a_file_and_for_a_code(
    shared: World, case: Case, proved: bytes, http: httpx2.Client
) -> None:
    number = the_licence(shared, case).number
    told = http.post("/verify/file", files={"file": ("x.pdf", proved)}).json()
    assert (told["genuine"], told["outcome"], told["licence"]["number"]) == (True, "valid", number)
    assert hashlib.sha256(proved).hexdigest() in told["licence"]["sha256_of_every_form"]
    plain = http.post("/verify/file", content=proved, headers={"Content-Type": "application/pdf"}).json()
    assert plain == told
    odd = http.post("/verify/file", files={"file": ("x.pdf", proved + b"x")}).json()
    assert (odd["genuine"], odd["outcome"], odd["finding"]) == (False, "altered_or_unknown", "changed")
    assert http.post("/verify/file").status_code == 422


def test_by_its_number_and_the_end_of_its_code_however_they_are_typed(shared: World, case: Case) -> None:
    licence, stranger = the_licence(shared, case), shared.stranger()
    end = licences.written(licence.code).rpartition("-")[2]
    for number in (licence.number, thai_digits(licence.number), licence.number.replace(" ", "").replace("/", "-")):
        stranger.open("/verify").press("ตรวจเลขที่", {"number": number, "code": end.lower()}).must_see("ของจริง และใช้ได้")


def test_a_number_without_its_random_part_tells_nothing(shared: World, case: Case) -> None:
    licence, stranger = the_licence(shared, case), shared.stranger()
    page = stranger.open("/verify").press("ตรวจเลขที่", {"number": licence.number, "code": ""})
    assert page.status == 422
    page.must_see("5 ตัวท้าย")
    page = stranger.open("/verify").press("ตรวจเลขที่", {"number": licence.number, "code": "00000"})
    assert page.status == 404
    page.must_see("ไม่พบเลขที่และรหัสคู่นี้")


def test_whoever_does_not_want_to_ask_us_reads_how(shared: World, case: Case) -> None:
    page = shared.stranger().open("/verify").follow("วิธีตรวจลายมือชื่อด้วยโปรแกรมอ่าน PDF")
    application = shared.rows(Application.__table__.select().where(Application.id == case.id))[0]
    seal = shared.house.signers[application.agency_code].certificate
    assert seal.fingerprint in page.words
    assert page.links(r"/verify/root\.pem")
    root = shared.stranger().open("/verify/root.pem").content
    assert root == shared.house.trust_roots


def test_a_suspended_licence_is_open_data_without_a_person_and_goes_when_it_is_reinstated(
    shared: World, case: Case, original: bytes, proved: bytes, http: httpx2.Client
) -> None:
    licence, house = the_licence(shared, case), shared.house

    def ordered(action: Action) -> None:
        with house.database.transaction() as db:
            order(db, licence, action, house.clock.now())

    ordered(Action.SUSPEND)
    (row,) = http.get("/open-data/licences-not-valid.json").json()["licences"]
    assert (row["number"], row["status"]) == (licence.number, "suspended")
    assert row["sha256"] == [hashlib.sha256(pdf).hexdigest() for pdf in (original, proved)]
    assert "มะลิ" not in str(row)
    assert licence.code not in str(row)
    table = list(csv.DictReader(io.StringIO(http.get("/open-data/licences-not-valid.csv").text.removeprefix("\ufeff"))))
    assert [line["sha256"] for line in table] == row["sha256"]
    answer = authenticity.of_file(house, original)
    assert (answer.genuine, answer.kind) == (True, "suspended")

    ordered(Action.REINSTATE)
    assert http.get("/open-data/licences-not-valid.json").json()["licences"] == []

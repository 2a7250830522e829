"""What is not yours is not there: the page for it is the page for what never was, whoever asks and however."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.applications.models import Application
from app.demo import walk
from app.demo.browsing import Browser
from tests.applications.hostile_pdfs import pdf
from tests.stories.world import Case, World, token_of

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def hers(shared: World) -> Case:
    """Everything mali has: a form, an application that was returned once, a bill, a receipt, a licence."""
    case = shared.returned()
    walk.mend(case.me, case.form)
    return shared.licensed(case)


@pytest.fixture(scope="module")
def places(shared: World, hers: Case) -> list[str]:
    """The addresses of everything that is hers and of the pages she was on."""
    (row,) = shared.rows(select(Application.documents).where(Application.id == hers.id))
    first, mended = row.documents[0], next(d for d in row.documents if d.get("mended"))
    file = f"{hers.form}/files/{first['upload']}"
    new = f"{hers.mine}/deficiency/files/{mended['upload']}"
    own = [
        hers.form, f"{hers.form}/notice", f"{hers.form}/topics/shop", f"{hers.form}/documents", f"{hers.form}/check",
        f"{hers.form}/confirmation", f"{hers.form}/receipt.pdf", f"{hers.form}/track", file, f"{file}/pages/1",
        f"{hers.mine}/deficiency", new, f"{new}/pages/1", hers.bill, f"{hers.bill}/bill.pdf", f"{hers.bill}/receipt.pdf",
        hers.licence, f"{hers.licence}/licence.pdf", f"{hers.licence}/licence.json",
    ]  # fmt: skip
    for place in own:
        assert hers.me.open(place).status == 200, place
    return own


def nobodys(address: str) -> str:
    """The same address with ids that were never given out."""
    return ID.sub(lambda _: str(uuid4()), address)


def page(browser: Browser, address: str) -> tuple[int, str]:
    """Status and words of an address."""
    browser.open(address)
    return browser.status, browser.words


def test_another_citizen_finds_nothing_of_hers_and_cannot_tell_it_from_nothing_at_all(
    shared: World, places: list[str]
) -> None:
    him = shared.citizen("tasi")

    for place in places:
        assert page(him, place) == page(him, nobodys(place)), place
        assert him.status == 404, place
        him.must_see("ไม่พบหน้านี้").must_see("หรือเรื่องนี้เป็นของบัญชีอื่น")


def test_another_citizen_can_do_nothing_with_what_is_hers(shared: World, hers: Case) -> None:
    him = shared.citizen("tasi")
    mine = walk.start_form(him, fetch=False)
    token = token_of(him.open(f"{mine}/topics/shop"))
    (before,) = shared.rows(select(Application.revision, Application.answers).where(Application.id == hers.id))
    for act in (
        f"{hers.form}/topics/shop", f"{hers.form}/topics/applicant/correct", f"{hers.form}/submit", f"{hers.form}/notice",
        f"{hers.form}/documents/premises_plan/remove", f"{hers.mine}/withdraw", f"{hers.mine}/deficiency",
        f"{hers.mine}/deficiency/documents/premises_photos/remove",
    ):  # fmt: skip
        assert him.send(act, {"token": token, "shop_name": "ของเขา"}).status == 404, act
    for place in (f"{hers.form}/documents/premises_plan", f"{hers.mine}/deficiency/documents/premises_photos"):
        assert him.send(place, {"token": token}, ("a.pdf", pdf())).status == 404, place

    assert shared.rows(select(Application.revision, Application.answers).where(Application.id == hers.id)) == [before]


def test_an_officer_of_another_agency_finds_neither_the_case_nor_its_documents(shared: World, hers: Case) -> None:
    stranger = shared.officer("hok")

    for place in ("", "/documents", "/documents/premises_plan", "/files/premises_plan", "/files/premises_plan/pages/1",
                  "/check", "/decide", "/decide/approve"):  # fmt: skip
        address = f"{hers.desk}{place}"
        assert page(stranger, address) == page(stranger, nobodys(address)), address
        assert stranger.status == 404, address
    for act in ("/take", "/release", "/notes", "/check", "/decide/approve"):
        said = [
            stranger.send(address, {"token": "x", "note": "x"}).words
            for address in (f"{hers.desk}{act}", nobodys(f"{hers.desk}{act}"))
        ]
        assert said[0] == said[1], act
        assert stranger.status in {404, 409}, act
    assert hers.number not in stranger.open(f"/officer?tab=done&q={hers.number.replace(' ', '+')}").words


def test_a_file_of_one_form_is_not_found_under_another_form_of_the_same_person(shared: World, hers: Case) -> None:
    (row,) = shared.rows(select(Application.documents).where(Application.id == hers.id))
    other = walk.start_form(hers.me, fetch=False)

    assert hers.me.open(f"{other}/files/{row.documents[0]['upload']}").status == 404


@pytest.mark.parametrize("address", ["/forms/{}", "/bills/{}", "/licences/{}", "/applications/{}/deficiency"])
@pytest.mark.parametrize("sent", ["1", "..%2f..%2fetc", "%00", "0" * 5000, "null", "'%20or%201=1--"])
def test_what_is_no_id_at_all_is_not_found_either(shared: World, hers: Case, address: str, sent: str) -> None:
    del shared
    assert hers.me.open(address.format(sent)).status == 404
    hers.me.must_see("ไม่พบหน้านี้")

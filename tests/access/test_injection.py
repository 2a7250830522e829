"""What people type stays what they typed: on no page, in no list, file or table of ours does it begin to act."""

import csv
import io
import re
from urllib.parse import unquote

import pikepdf
import pytest
from lxml.html import HtmlElement

from app.demo.running import Running
from tests.access.cases import Cases
from tests.access.cast import NAMES, NUMBERS, Cast, Who
from tests.access.hostile import ACTING, MARK
from tests.access.looking import Seen

TYPED = {
    *("given", "title", "typed-given", "typed-family", "road", "landlord", "shop", "premises-road", "building"),
    *("note", "instruction", "wrong-name", "message", "explanation", "approval", "mended"),
}
"""The names of every hostile text that must have been seen somewhere, or this module has looked in the wrong places."""

UNREAD = ("title", "h1", "textarea", "input", "option")
"""Elements in which htmx finds nothing to do: their text has no elements in it."""


def pages(seen: list[Seen]) -> list[Seen]:
    return [one for one in seen if one.is_page and one.status == 200]


def test_every_link_leads_somewhere(seen: list[Seen]) -> None:
    assert [f"{one.status} {one.url}" for one in seen if one.status not in {200, 303}] == []
    assert len(pages(seen)) > 100


def test_every_hostile_text_was_met(seen: list[Seen]) -> None:
    words = "".join(one.root.text_content() + "".join(map(str, one.root.xpath("//@value"))) for one in pages(seen))
    met = {name for name in TYPED if re.search(rf"{MARK}{name}\b(?!-)", words)}
    assert TYPED - met == set()


def test_no_text_becomes_an_element_or_an_attribute(seen: list[Seen]) -> None:
    assert [one.url for one in pages(seen) if any(raw in one.content.decode() for raw in ACTING)] == []
    grown = {
        f"{one.url}: <{element.tag}>"
        for one in pages(seen)
        for element in one.root.iter("*")
        for name, value in element.attrib.items()
        if MARK in str(name) or (str(name).startswith(("hx-", "on", "data-hx")) and MARK in str(value))
    }
    assert grown == set()
    assert [one.url for one in pages(seen) if one.root.xpath(f"//*[starts-with(@id, '{MARK}')]")] == []


def test_where_htmx_works_it_is_told_to_leave_peoples_words_alone(seen: list[Seen]) -> None:
    loose = {
        f"{one.url}: {_where(element)}"
        for one in pages(seen)
        for element in one.root.iter()
        if isinstance(element.tag, str) and MARK in (element.text or "") + "".join(c.tail or "" for c in element)
        if not _out_of_reach(element)
    }
    assert loose == set()


def _out_of_reach(element: HtmlElement) -> bool:
    return element.tag in UNREAD or bool(element.xpath("ancestor-or-self::*[@hx-disable]"))


def _where(element: HtmlElement) -> str:
    above = [f"{e.tag}.{e.get('class') or ''}" for e in [element, *element.iterancestors()][:3]]
    return " < ".join(above) + f" “{element.text_content().strip()[:40]}”"


def test_nothing_of_ours_is_asked_for_from_another_site(seen: list[Seen], here: Running) -> None:
    outside = {
        f"{one.url}: {value}"
        for one in pages(seen)
        for value in map(
            str, one.root.xpath("//@src | //@action | //link/@href | //form/@action | //@poster | //@data")
        )
        if "//" in value and not value.startswith(here.url)
    }
    assert outside == set()


# — Files ——————————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_a_downloaded_file_keeps_no_path_no_quote_and_no_line_break_in_its_name(seen: list[Seen]) -> None:
    named = {one.url: one.headers["content-disposition"] for one in seen if "content-disposition" in one.headers}
    names = [unquote(line.partition("filename*=UTF-8''")[2]) for line in named.values()]

    assert any(MARK in name for name in names)
    assert [name for name in names if set(name) & set('/\\<>"\r\n;') or name.startswith(".")] == []
    assert [
        line
        for line in named.values()
        if not re.fullmatch(r"(inline|attachment); filename=\"[\w.-]+\"; [^\s\"<>;]+", line)
    ] == []


def test_no_document_of_ours_does_anything_when_opened(
    seen: list[Seen], cast: Cast, made: Cases, here: Running
) -> None:
    papers = {one.url: one.content for one in seen if one.headers["content-type"] == "application/pdf"}
    bill = made.path("/bills/{bill_id}/bill.pdf", "issued")
    papers[bill] = cast[Who.OWNER].ask("GET", bill).content
    assert len(papers) >= 8
    names = {url.rpartition("/")[2] for url in papers}
    assert names == {"bill.pdf", "receipt.pdf", "licence.pdf", "letter.pdf", "data.pdf", "draft.pdf"}
    for paper in papers.values():
        with pikepdf.open(io.BytesIO(paper)) as pdf:
            objects = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
            assert not any(key in o for o in objects for key in ("/JS", "/AA", "/Launch", "/OpenAction"))
            links = [str(o.URI) for o in objects if "/URI" in o]
            assert [link for link in links if not link.startswith(here.url)] == []


def test_a_table_for_a_spreadsheet_calculates_nothing(seen: list[Seen]) -> None:
    [table] = [one for one in seen if one.url == "/access.csv"]
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]

    assert any("HYPERLINK" in cell or "ตำแหน่ง" in cell for cell in cells[6:])
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")] == []
    assert "'" not in cells


# — Addresses and titles ———————————————————————————————————————————————————————————————————————————————————————————————


@pytest.fixture
def secrets(cast: Cast) -> set[str]:
    """What belongs to a person and to no address, title or log."""
    names = {f"{MARK}given", f"{MARK}typed-given", f"{MARK}typed-family", f"{MARK}landlord", *NAMES.values()}
    return {*names, *NUMBERS.values(), *(visitor.token for visitor in cast.visitors.values() if visitor.token)}


def test_no_address_says_whose_it_is(seen: list[Seen], secrets: set[str]) -> None:
    links = {str(value) for one in pages(seen) for value in one.root.xpath("//@href | //@action | //@src | //@hx-get")}
    addresses = {unquote(address) for address in links | {one.url for one in seen}}

    assert [address for address in addresses if any(secret in address for secret in secrets)] == []


def test_no_title_says_whose_it_is(seen: list[Seen], secrets: set[str]) -> None:
    titles = {str(one.root.findtext(".//title")) for one in pages(seen)}

    assert [title for title in titles if any(secret in title for secret in secrets)] == []

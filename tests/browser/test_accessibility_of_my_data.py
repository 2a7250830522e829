"""What a person sees of their data and asks about it, and who answers: accessible in both languages."""

import pytest
from playwright.sync_api import Browser

from app.demo import walk
from app.demo.browsing import Browser as Person
from app.demo.officials import MUANG
from app.demo.running import Running
from tests.browser.walking import Round, round_of

pytestmark = pytest.mark.browser
ASKED = {"right": "correction", "agency": MUANG, "text": "เลขที่บ้านผิด ที่ถูกคือ 99/1"}


def test_every_page_about_my_data_is_accessible(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour:
        _before_anything(tour)
        _a_copy_and_a_request(tour)
        _at_the_agency(tour, portal)
        tour.be("bunma")
        tour.look("/my/privacy", "my data: answered")
        assert not tour.examiner.found, tour.examiner.report


def _before_anything(tour: Round) -> None:
    tour.be("bunma")
    tour.look("/my/privacy", "my data: nothing yet")
    tour.look("/my/privacy/requests/new", "request: empty")
    tour.press("/my/privacy/requests/new", "ส่งคำขอ", "request: with errors")


def _a_copy_and_a_request(tour: Round) -> None:
    me = walk.sign_in(tour.me, "bunma")
    form = walk.start_form(me)
    me.open("/my/privacy/requests/new").press("ส่งคำขอ", ASKED)
    me.open("/my/privacy").press("ขอสำเนาข้อมูล")
    walk.wait_for(me, "/my/privacy", lambda b: b.links(r"/copies/"))
    tour.look("/my/privacy", "my data: a copy is ready, a request waits")
    me.open("/consents").press("ถอนความยินยอมนี้")
    tour.look("/consents?changed=registries_prefill", "consents: withdrawn")
    tour.look("/consents/history", "consents: history")
    tour.look(form, "tasks")
    walk.sign_in(me, "mali")


def _at_the_agency(tour: Round, portal: Running) -> None:
    tour.be("si", "officer")
    tour.look("/officer/data", "requests: one waits")
    with Person(portal.url) as manager:
        walk.sign_in(manager, "si", "officer")
        link = manager.open("/officer/data").links(r"/officer/data/")[0]
        tour.look(link, "request at the agency")
        tour.press(link, "ส่งคำตอบ", "answer: with errors")
        tour.press("/officer/data", "เก็บเรื่องนี้ต่อ", "hold: with errors")
        manager.open(link).press("ส่งคำตอบ", {"granted": "yes", "answer": "แก้เลขที่บ้านในคำขอแล้ว"})
    tour.look(link, "request: answered")

"""The reporter's pages, looked at with evidence behind them and without."""

import pytest
from playwright.sync_api import Browser

from app.demo import walk
from app.demo.officials import MUANG, NAKHON
from app.demo.running import Running
from app.reporting.criteria import Criterion
from tests.browser.walking import round_of

pytestmark = pytest.mark.browser
HOME = "/officer/reports"


def test_every_page_of_a_report_is_accessible_in_both_languages(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour:
        form, number = tour.sent()
        tour.approve(tour.accepted(number))
        walk.pay(tour.me, walk.bill_path(tour.me, form))
        walk.await_licence(tour.me, form)
        tour.be("rai", "officer")
        tour.look(HOME, "report")
        tour.look(f"{HOME}?as_of=2025-01-01", "report: nothing yet")
        tour.look(f"{HOME}?as_of=tomorrow", "report: no such day", 422)
        tour.look(f"{HOME}/delays", "delays: none")
        for agency in (MUANG, NAKHON):
            tour.look(f"{HOME}/{walk.SERVICE}/{agency}", f"service: {agency}")
        for criterion in Criterion:
            tour.look(f"{HOME}/{walk.SERVICE}/{MUANG}/{criterion}", f"evidence: {criterion}")
        tour.be("si", "officer")
        tour.look(HOME, "report of a manager")
        tour.look("/officer/drafts", "services being drafted")
        assert not tour.examiner.found, tour.examiner.report
        assert tour.examiner.looked_at == 2 * 16

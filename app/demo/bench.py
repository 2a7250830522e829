"""The benchmark: what a page, a save, a submission and a licence cost, beside two yardsticks of the same run.

Played on a fresh instance with a durable embedded database, on loopback. Web, worker, PostgreSQL and the outside world
are processes of their own: CPU is read per process, and neither the load nor the stand-ins count. "Core-second" is a
second of CPU of the portal (web, worker, what they start) and PostgreSQL together. Every page and save is signed in and
measured with 10 000 other applications in the tables. One second of CPU on another machine is another second: compare
the ratios.

start_seconds                         s     from `python -m app serve` to its first answer, on a database that is there
rss_mb                                MiB   memory of one web process after its load
worker_rss_mb                         MiB   memory of the worker after its licences
page_kb                               kB    size of the tracking page: mended, approved, paid, issued
page_cpu_ms                           ms    CPU of one web process for that page, 16 connections
db_cpu_ms_per_page                    ms    CPU of PostgreSQL for that page
page_vs_hello                         ×     page_cpu_ms in hellos
pages_per_second                      /s    that page from two web processes, 16 connections
page_p50_ms                           ms    half of those answers came within
page_p99_ms                           ms    99 of 100 of those answers came within
form_page_kb                          kB    size of a page of questions
form_page_cpu_ms                      ms    CPU of one web process for that page, 16 connections
phone_page_kb                         kB    a page of questions on slow 3G in Chromium, nothing cached: all that comes
phone_html_kb                         kB    the page itself in that
phone_css_kb                          kB    its style
phone_js_kb                           kB    its scripts
phone_fonts_kb                        kB    its fonts
phone_rest_kb                         kB    anything else
phone_requests                        n     in how many requests
phone_first_words_seconds             s     from the tap to words on the screen, at 400 kbit/s and 400 ms
phone_typing_seconds                  s     until a letter typed into its first box stands there
phone_saved_seconds                   s     until the page says that this letter is saved
save_cpu_ms                           ms    CPU of the web process for the POST of a page of answers, each one changed
db_cpu_ms_per_save                    ms    CPU of PostgreSQL for it
large_save_cpu_ms                     ms    the same for a page of a form of 1 000 questions, 100 rows beside them
large_row_save_cpu_ms                 ms    the same for one of those rows
large_save_p95_ms_20                  ms    95 of 100 saves of 20 people at two such forms came within, each every 0.5 s
large_rules_ms                        ms    CPU of every condition and computed value of that form
saves_per_second                      /s    from one web process, 8 connections, each with a form of its own
submit_cpu_ms                         ms    CPU of the web process for the POST that sends a complete form
submissions_per_core_second           /s    such POSTs, their jobs put in line (web and PostgreSQL)
complete_submissions_per_core_second  /s    the same with what follows: jobs done, receipt drawn and kept
complete_journeys_per_core_second     /s    whole forms: registry, answers, files looked through, sent, receipt drawn
journey_web_cpu_ms                    ms    the share of the web in one of those
journey_worker_cpu_ms                 ms    the share of the worker: registry, files in their cage, receipt
journey_db_cpu_ms                     ms    the share of PostgreSQL
licences_per_core_second              /s    issue_licence jobs: number, draw, sign with time-stamp, check, store
licence_draw_ms                       ms    CPU of drawing one PDF/A-3 the plain way, each a different one
licence_sign_ms                       ms    CPU of signing it with pyHanko, without a time-stamp
licence_check_ms                      ms    CPU of checking it, pikepdf's validator among it
licences_plain_per_core_second        /s    those three
licence_press_ms                      ms    CPU of drawing and signing one at the press, in one pass
licence_look_ms                       ms    CPU of looking through it: our own part of the check
licences_compiled_per_core_second     /s    licences of the press, RSA-2048, their form proved when it started
licences_compiled_checked_per_core_second  /s    the same, each looked through
licences_compiled_rsa4096_per_core_second  /s    licences of the press with an RSA key of 4096 bits
licences_compiled_p256_per_core_second     /s    and with one on the curve P-256
licences_compiled_pkcs11_per_core_second   /s    and with RSA-2048 in a hardware module (SoftHSM, where installed)
pkcs11_sign_per_core_second           /s    bare signatures of that module
licence_kb                            kB    size of one, without a time-stamp
proofs_per_core_second                /s    prove_licence jobs: evidence, document time-stamp, validated offline (B-LTA)
licence_lasting_kb                    kB    size of one with all its proof in it (B-LTA)
licence_after_payment_p50_seconds_500  s     500 payments settled at one moment, one worker: half have their licence
licence_after_payment_p95_seconds_500  s     95 of 100 have it
licences_vs_rsa                       %     licences_per_core_second in openssl_rsa2048_sign_per_second
licences_compiled_vs_rsa              %     licences_compiled_per_core_second in the same
queue_p50_ms_10000                    ms    half of an officer's pages of a queue of 10 000 came within (tabs, search)
queue_p95_ms_10000                    ms    95 of 100 of them came within
queue_cpu_ms                          ms    CPU of the web process for one of them
queue_db_cpu_ms                       ms    CPU of PostgreSQL for it
hello_cpu_us                          µs    yardstick: CPU of uvicorn for a FastAPI "hello", one process, 16 connections
hello_per_second                      /s    yardstick: those on the clock
openssl_rsa2048_sign_per_second       /s    yardstick: `openssl speed` on one core, RSA-2048
openssl_rsa4096_sign_per_second       /s    yardstick: the same, RSA-4096
openssl_p256_sign_per_second          /s    yardstick: the same, P-256
"""

import itertools
import json
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from app.core import jobs
from app.demo import (
    first_licence,
    large_form,
    load,
    many_cases,
    people,
    presswork,
    sealwork,
    slow_phone,
    walk,
    yardsticks,
)
from app.demo.browsing import Browser
from app.demo.instance import Instance, fresh

CONNECTIONS, SAVERS, JOURNEYS, LICENCES, COPIES, SEALS = 16, 8, 30, 100, 10_000, 20
BURST = 500
LOAD_SECONDS, WARM_SECONDS = 6.0, 1.5
QUEUE = (
    "/officer", "/officer?tab=mine", "/officer?tab=applicant", "/officer?tab=soon", "/officer?tab=late",
    "/officer?tab=done", "/officer?page=40", "/officer?q=COPY+777", f"/officer?service={walk.SERVICE}",
)  # fmt: skip
CLERK = next(officer for officer in people.OFFICERS if officer.key == "nueng")
Figures = dict[str, float]
ROW = re.compile(r"^(\w+) {2,}(\S+) {2,}(.+)$", re.MULTILINE)


# — The portal —————————————————————————————————————————————————————————————————————————————————————————————————————


def journeys(on: Instance, web: psutil.Process, worker: psutil.Process, me: Browser) -> tuple[Figures, str]:
    """Whole forms from the notice to the receipt, and within them the moment of sending; one of the forms."""
    everybody = {"web": web, "worker": worker, "database": on.postgres}
    with load.spending(**everybody) as spent:
        forms = [walk.start_form(me) for _ in range(JOURNEYS)]
        on.idle()
        for form in forms:
            walk.answer(me, form)
            walk.upload(me, form)
        on.idle()
        requests = [_submission(on, me, form) for form in forms]
        with load.spending(**everybody) as complete:
            worker.suspend()
            with load.spending(web=web, database=on.postgres) as sending:
                load.press(on.port, [iter(requests[n::4]) for n in range(4)], LOAD_SECONDS * 10, status=303)
            worker.resume()
            on.idle()
    shares = {f"journey_{name}_cpu_ms": seconds / JOURNEYS * 1000 for name, seconds in spent.items()}
    shares["journey_db_cpu_ms"] = shares.pop("journey_database_cpu_ms")
    return {
        "submit_cpu_ms": sending["web"] / JOURNEYS * 1000,
        "submissions_per_core_second": JOURNEYS / sum(sending.values()),
        "complete_submissions_per_core_second": JOURNEYS / sum(complete.values()),
        "complete_journeys_per_core_second": JOURNEYS / sum(spent.values()),
        **shares,
    }, forms[0]


def _submission(on: Instance, me: Browser, form: str) -> bytes:
    """The request that the button of the check page sends."""
    me.open(f"{form}/check")
    button = next(found for found in me.page.forms if str(found.action).endswith("/submit"))
    return load.post(on.port, f"{form}/submit", {"Cookie": me.cookies}, dict(button.form_values()))


def pages(on: Instance, web: psutil.Process, me: Browser, path: str) -> Figures:
    """The tracking page from one process."""
    kb, web_ms, database_ms = _page(on, web, me, path)
    return {
        "page_kb": kb,
        "page_cpu_ms": web_ms,
        "db_cpu_ms_per_page": database_ms,
        "rss_mb": web.memory_info().rss / 2**20,
    }


def form_pages(on: Instance, web: psutil.Process, me: Browser) -> Figures:
    """A page of questions, its fetched answers shown."""
    form = walk.start_form(me)
    on.idle()
    kb, web_ms, _ = _page(on, web, me, f"{form}/topics/shop")
    phone = slow_phone.figures(on.url, "mali", f"{form}/topics/shop")
    return {"form_page_kb": kb, "form_page_cpu_ms": web_ms, **phone}


def _page(on: Instance, web: psutil.Process, me: Browser, path: str) -> tuple[float, float, float]:
    """A page's size in kB and, in ms, what the web and the database spend on it."""
    requests = [itertools.repeat(load.get(on.port, path, {"Cookie": me.cookies}))] * CONNECTIONS
    load.press(on.port, requests, WARM_SECONDS)
    with load.spending(web=web, database=on.postgres) as spent:
        done = load.press(on.port, requests, LOAD_SECONDS)
    return (
        len(me.open(path).content) / 1000,
        spent["web"] / done.count * 1000,
        spent["database"] / done.count * 1000,
    )


def two_processes(on: Instance, me: Browser, path: str) -> Figures:
    """The tracking page from two processes on one port."""
    with on.web(2):
        requests = [itertools.repeat(load.get(on.port, path, {"Cookie": me.cookies}))] * CONNECTIONS
        load.press(on.port, requests, WARM_SECONDS * 2)
        done = load.press(on.port, requests, LOAD_SECONDS)
    return {
        "pages_per_second": done.per_second,
        "page_p50_ms": done.percentile(50),
        "page_p99_ms": done.percentile(99),
    }


def saves(on: Instance, web: psutil.Process, me: Browser) -> Figures:
    """A page of answers, saved again and again with every answer changed."""
    forms = [walk.start_form(me) for _ in range(SAVERS)]
    on.idle()
    requests = [_saves(on, me, form) for form in forms]
    load.press(on.port, requests, WARM_SECONDS, status=303)
    with load.spending(web=web, database=on.postgres) as spent:
        done = load.press(on.port, requests, LOAD_SECONDS, status=303)
    return {
        "save_cpu_ms": spent["web"] / done.count * 1000,
        "db_cpu_ms_per_save": spent["database"] / done.count * 1000,
        "saves_per_second": done.per_second,
    }


def _saves(on: Instance, me: Browser, form: str) -> load.Requests:
    """What the button of the page about the shop sends: the n-th time with the revisions of the time before."""
    path = f"{form}/topics/shop"
    me.open(path)
    page = next(found for found in me.page.forms if str(found.action).endswith("/topics/shop"))
    held, headers = dict(page.form_values()), {"Cookie": me.cookies}
    kinds = [str(box.get("value")) for box in page.iter("input") if box.get("name") == "food_business"]

    def again() -> Iterator[bytes]:
        for n in itertools.count():
            revisions = {name: str(n) for name in held if name.startswith("revision.")}
            changed = {
                "shop_name": f"ครัวมะลิ สาขาที่ {n}",
                "opening_hours": f"ทุกวัน 10:00–{n % 4 + 20}:00 น.",
                "opening_date.day": str(n % 28 + 1),
                "food_business": kinds[n % len(kinds)],
            }
            yield load.post(on.port, path, headers, {**held, **walk.SHOP["shop"], **revisions, **changed})

    return again()


def queue(on: Instance, web: psutil.Process) -> Figures:
    """An officer leafs through the queue of an office with ten thousand applications."""
    with Browser(on.url) as officer:
        walk.sign_in(officer, CLERK.key, "officer")
        round_ = [load.get(on.port, path, {"Cookie": officer.cookies}) for path in QUEUE]
        load.press(on.port, [iter(round_)], LOAD_SECONDS)
        with load.spending(web=web, database=on.postgres) as spent:
            done = load.press(on.port, [itertools.cycle(round_)], LOAD_SECONDS)
    return {
        f"queue_p50_ms_{COPIES}": done.percentile(50),
        f"queue_p95_ms_{COPIES}": done.percentile(95),
        "queue_cpu_ms": spent["web"] / done.count * 1000,
        "queue_db_cpu_ms": spent["database"] / done.count * 1000,
    }


def licences(on: Instance, worker: psutil.Process, paid: list[str]) -> Figures:
    """The jobs that make licences, and the parts of one."""
    with load.spending(worker=worker, database=on.postgres) as spent:
        with on.portal.house.database.transaction() as db:
            for application_id in paid:
                jobs.enqueue(db, "issue_licence", application_id=application_id)
        on.idle()
    house = on.portal.house
    return {
        "licences_per_core_second": len(paid) / sum(spent.values()),
        "worker_rss_mb": worker.memory_info().rss / 2**20,
        **presswork.figures(next(iter(house.signers.values())), house.clock.now()),
        **sealwork.proofs(on, worker),
        **sealwork.burst(on, many_cases.paid(on.owner, BURST)),
        **sealwork.module(on.folder, house.clock.now()),
    }


# — The whole ——————————————————————————————————————————————————————————————————————————————————————————————————————


def measure(folder: Path, port: int) -> Figures:
    """Every figure, on an instance made in `folder` for it."""
    figures = {**yardsticks.hello(port + 2, folder), **yardsticks.signatures()}
    with fresh(folder / "data", port) as on, Browser(on.url) as me:
        with on.worker() as worker:
            start = time.perf_counter()
            with on.web() as web:
                figures["start_seconds"] = time.perf_counter() - start
                issued = f"{first_licence.whole(on.url, folder)['form']}/track"
                walk.sign_in(me, "mali")
                told, form = journeys(on, web, worker, me)
                many_cases.copy(on.owner, form.rpartition("/")[2], CLERK.subject, COPIES)
                figures |= told | pages(on, web, me, issued) | form_pages(on, web, me) | saves(on, web, me)
                figures |= queue(on, web)
            figures |= licences(on, worker, many_cases.paid(on.owner, LICENCES))
        figures |= two_processes(on, me, issued)
    figures |= large_form.figures(folder / "large", port + 10, LOAD_SECONDS)
    figures["page_vs_hello"] = figures["page_cpu_ms"] * 1000 / figures["hello_cpu_us"]
    if "openssl_rsa2048_sign_per_second" in figures:
        for name in ("licences", "licences_compiled"):
            made = figures[f"{name}_per_core_second"]
            figures[f"{name}_vs_rsa"] = 100 * made / figures["openssl_rsa2048_sign_per_second"]
    return figures


def table(figures: Figures) -> str:
    """The figures with their units and meanings, in the order of this module's own table."""
    return "\n".join(
        f"{name:42} {figures[name]:>10.2f} {unit:4} {meaning}"
        for name, unit, meaning in ROW.findall(__doc__ or "")
        if name in figures
    )


def bench(out: Path, port: int) -> int:
    """`python -m app bench`: measure, show, and leave the figures in `out` as flat JSON."""
    with tempfile.TemporaryDirectory(prefix="judiao-bench-") as scratch:
        Path(scratch).chmod(0o711)  # the system user that PostgreSQL runs as, when we are root, has to pass
        figures = measure(Path(scratch), port)
    out.write_text(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=2) + "\n")
    print(table(figures))
    print(f"written to {out}")
    return 0

"""A form of 1 000 questions with a group of 100 rows: what a page of it, a row of it and its rules cost."""

import itertools
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from app.catalogue import answers
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Service
from app.catalogue.seeing import seen
from app.demo import load, walk
from app.demo.browsing import Browser, NotOnPage
from app.demo.instance import Instance, fresh
from app.settings import ROOT

SERVICE, PAGES, ON_A_PAGE, ROWS, SAVERS = "commercial-register-copy", 25, 40, 100, 2
EDITORS, PAUSE_SECONDS = 20, 0.5
"""People who fill it at once, and how long each of them types between two saves: less than anybody does."""
KEEP = "บันทึกและกลับมาทำต่อ"
GROUP = """\
    large_rooms:
      kind: group
      label: {th: ห้องพัก, en: Rooms}
      each: {th: ห้อง, en: room}
      max: "100"
      questions:
        name: {kind: text, label: {th: ชื่อห้อง, en: Name}}
        width: {kind: decimal, label: {th: กว้าง, en: Width}}
        depth: {kind: decimal, label: {th: ลึก, en: Depth}}
        bath: {kind: yes_no, label: {th: มีห้องน้ำ, en: With a bath}}
    large_area:
      kind: computed
      label: {th: พื้นที่รวม, en: Area}
      formula: {sum: {times: [width, depth]}, over: large_rooms}
"""
ROW = {"name": "ห้อง", "width": "3.5", "depth": "4", "bath": "yes"}


def figures(folder: Path, port: int, seconds: float) -> dict[str, float]:
    """Measured on an instance of its own, made in `folder`; CPU in milliseconds."""
    catalogue = _catalogue(folder / "catalogue")
    with fresh(folder / "data", port, catalogue) as on, on.worker(), on.web() as web, Browser(on.url) as me:
        walk.sign_in(me, "mali")
        forms = [_filled(me) for _ in range(SAVERS)]
        cookie = {"Cookie": me.cookies}
        return {
            "large_save_cpu_ms": _spent(on, web, [_pages(on, me, form, cookie) for form in forms], seconds),
            "large_row_save_cpu_ms": _spent(on, web, [_rows(on, form, cookie) for form in forms], seconds),
            f"large_save_p95_ms_{EDITORS}": _together(on, me, forms, cookie, seconds),
            "large_rules_ms": _rules(on.portal.house.catalogue.services[SERVICE]),
        }


def _catalogue(folder: Path) -> Path:
    shutil.copytree(ROOT / "services_catalog", folder)
    keys, text = [], ""
    for page in range(PAGES):
        text += f"\nlarge{page}:\n  title: {{th: หน้า, en: Page}}\n  questions:\n"
        for n in range(ON_A_PAGE):
            key = f"large_{page}_{n}"
            keys.append(key)
            text += f"    {key}:\n      kind: {'yes_no' if n % 4 == 0 else 'decimal' if n % 4 == 1 else 'text'}\n"
            text += f"      label: {{th: ข้อ {n}, en: No {n}}}\n"
            if n % 4 > 1:
                decides = [f"{{question: large_{page}_{n - n % 4}, is: yes}}"]
                decides += [f"{{question: large_{page - 1}_{n - n % 4 + 1}, above: '5'}}"] if page else []
                text += f"      when: {{any: [{', '.join(decides)}]}}\n"
    with (folder / "questions.yaml").open("a", encoding="utf-8") as questions:
        questions.write(text + GROUP)
    service = folder / "services" / f"{SERVICE}.yaml"
    asks = "".join(f"  - {key}\n" for key in (*keys, "large_rooms", "large_area"))
    service.write_text(service.read_text(encoding="utf-8").replace("  - register_copy\n", "  - register_copy\n" + asks))
    return folder


def _filled(me: Browser) -> str:
    form = walk.start_form(me, SERVICE, fetch=False)
    for page in range(PAGES):
        me.open(f"{form}/topics/large{page}")
        said = {f"large_{page}_{n}": _typed(n) for n in range(ON_A_PAGE)}
        me.press(KEEP, said | {f"revision.{key}": "0" for key in said})
    for some in (range(first, first + 50) for first in range(0, ROWS, 50)):
        me.open(f"{form}/topics/large{PAGES - 1}")
        me.press(KEEP, {f"large_rooms.{n}.{key}": said for n in some for key, said in ROW.items()})
    if len(me.open(f"{form}/topics/large{PAGES - 1}").page.xpath("//ol[@class='rows']/li")) != ROWS:
        raise NotOnPage(f"{ROWS} rows should be there: {me.words[-500:]}")
    return form


def _typed(n: int) -> str:
    return ("yes", "12.5", "คำตอบหนึ่ง", "คำตอบสอง")[n % 4]


def _pages(on: Instance, me: Browser, form: str, cookie: dict[str, str], number: int = 1) -> Iterator[bytes]:
    """A page of forty questions with every answer of words changed: the n-th time with the revisions of before."""
    path = f"{form}/topics/large{number}"
    me.open(path)
    page = next(one for one in me.page.forms if str(one.action).endswith(f"/large{number}"))
    held = {name: str(value) for name, value in page.form_values()}
    first = {name: int(value) for name, value in held.items() if name.startswith("revision.")}
    words = [f"large_{number}_{n}" for n in range(ON_A_PAGE) if n % 4 > 1]
    for n in itertools.count():
        revisions = {f"revision.{key}": str(first[f"revision.{key}"] + n) for key in words}
        yield load.post(on.port, path, cookie, {**held, **revisions, **dict.fromkeys(words, f"คำตอบที่ {n}")})


def _rows(on: Instance, form: str, cookie: dict[str, str]) -> Iterator[bytes]:
    """One row of the hundred, mended again and again."""
    path, last = f"{form}/topics/large{PAGES - 1}/rows/large_rooms/50", ROW["name"]
    for n in itertools.count():
        row = ROW | {"name": f"ห้องที่ {n}"}
        sent = {f"large_rooms.50.{key}": said for key, said in row.items()}
        was = {f"was.large_rooms.50.{key}": said for key, said in (ROW | {"name": last}).items()}
        last = row["name"]
        yield load.post(on.port, path, cookie, sent | was)


def _spent(on: Instance, web: psutil.Process, requests: list[Iterator[bytes]], seconds: float) -> float:
    load.press(on.port, requests, seconds / 4, status=303)
    with load.spending(web=web) as spent:
        done = load.press(on.port, requests, seconds, status=303)
    return spent["web"] / done.count * 1000


def _together(on: Instance, me: Browser, forms: list[str], cookie: dict[str, str], seconds: float) -> float:
    """The milliseconds within which 95 of 100 saves of editors at work came, half of them on the same form."""
    pages = range(2, 2 + EDITORS // len(forms))
    editors = [_pages(on, me, form, cookie, number) for form in forms for number in pages]
    load.press(on.port, editors, PAUSE_SECONDS, status=303, pause=PAUSE_SECONDS)
    return load.press(on.port, editors, seconds, status=303, pause=PAUSE_SECONDS).percentile(95)


def _rules(service: Service) -> float:
    """Milliseconds of CPU for every condition and every computed value of the whole form."""
    group = next(question for question in service.questions if isinstance(question, GroupQuestion))
    typed = {f"{group.key}.{n}.{key}": (said,) for n in range(ROWS) for key, said in ROW.items()}
    held = {f"large_{page}_{n}": _typed(n) for page in range(PAGES) for n in range(ON_A_PAGE)}
    given = {**held, group.key: group.read(typed).value}
    visible, _said = seen(service.questions, given)
    if len(visible) < PAGES * ON_A_PAGE or not answers.for_service(service, given):
        raise ValueError("the large form does not show its questions")
    start = time.process_time()
    for _ in range(20):
        seen(service.questions, given)
    return (time.process_time() - start) / 20 * 1000

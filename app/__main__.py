"""The portal's commands. `python -m app` alone lists them; each says in one line what went wrong and what to do."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from socket import socket
from typing import Any, cast

import uvicorn
from uvicorn.supervisors import Multiprocess

from app.catalogue import editing, loader
from app.catalogue.shelf import CatalogueError
from app.core import anchors, events, logs, migrating
from app.core.anchors import AnchorBroken
from app.core.clock import MovedClock, bangkok_date
from app.core.embedded import EmbeddedError
from app.core.listening import SocketOfEach
from app.demo import bench, cases, running, season
from app.demo import journey as main_job
from app.demo.running import Running
from app.main import Portal, build, get_ready, settle
from app.reporting import maturity
from app.settings import ROOT, Settings, SettingsError
from app.stories import authenticity, guides, retention, retention_report

SYSTEM_DATA = Path("/var/lib/judiao")

KEEP_ALIVE_SECONDS = 75
"""How long a silent connection is kept: longer than proxies keep theirs (60 s), or one is cut as it is used again."""

PATIENCE_SECONDS = 60
"""How long a web process may be silent before it is replaced: while it loads it is, for longer than uvicorn's 5 s."""


def data_dir() -> Path:
    """DATA_DIR, else ./var; as root a place that the database's system user can reach."""
    given = os.environ.get("DATA_DIR")
    return Path(given).resolve() if given else SYSTEM_DATA if os.geteuid() == 0 else Path("var").resolve()


def port() -> int:
    """PORT, else 8000."""
    return int(os.environ.get("PORT", "8000"))


def _until_told() -> None:
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()


def _production() -> Portal:
    return build(Settings.from_env())


@contextmanager
def _database() -> Iterator[None]:
    """DATABASE_URL, else an embedded database in DATA_DIR: put into the environment, where the settings are read."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    folder = data_dir()
    with running.database(folder) as urls:
        os.environ |= {"DATA_DIR": str(folder), "DATABASE_URL": urls.portal, "DATABASE_OWNER_URL": urls.owner}
        yield


def serve(_: argparse.Namespace) -> int:
    """The web on HOST and PORT, behind a proxy that speaks TLS, in WEB_CONCURRENCY processes: one per core."""
    with _database():
        portal = _production()  # what is wrong is said here, before any process is started
        processes = int(os.environ.get("WEB_CONCURRENCY", "1"))
        served: dict[str, Any] = {
            "host": os.environ.get("HOST", "127.0.0.1"),
            "port": port(),
            "server_header": False,
            "access_log": False,
            "log_config": None,
            "timeout_worker_healthcheck": PATIENCE_SECONDS,
            "timeout_keep_alive": KEEP_ALIVE_SECONDS,
            # Only a proxy named by the operator may say whom it speaks for: limits count by address.
            "forwarded_allow_ips": os.environ.get("JUDIAO_PROXIES", ""),
        }
        if processes == 1:
            get_ready(portal.house)
            settle()
            uvicorn.run(portal.web, **served)
            return 0
        portal.close()
        config = uvicorn.Config("app.main:web_process", factory=True, workers=processes, **served)
        config.bind_socket().close()  # a port that another portal has is refused, not shared
        Multiprocess(config, cast("list[socket]", [SocketOfEach(config.host, config.port)])).run()
    return 0


def work(arguments: argparse.Namespace) -> int:
    """A worker: documents, signatures, registries, deadlines. Start as many as are needed."""
    with _database():
        portal = _production()
        worker = portal.worker(arguments.concurrency)
        settle()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
        portal.close()
    return 0


def migrate(_: argparse.Namespace) -> int:
    """Bring the database (DATABASE_OWNER_URL or DATABASE_URL) to the newest schema."""
    url = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise SettingsError("set DATABASE_OWNER_URL to the database and the role that owns it")
    migrating.upgrade(url)
    print(f"schema {migrating.revision_of(url)}")
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Read a catalogue and say every mistake in every file; with --schema, print a JSON Schema for editors."""
    if arguments.schema:
        found = editing.schema(arguments.schema, editing.defaults(Path(arguments.folder)))
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    mistakes = loader.check(Path(arguments.folder))
    for mistake in mistakes:
        print(mistake)
    print(f"{len(mistakes)} mistakes" if mistakes else "the catalogue is sound")
    return 1 if mistakes else 0


def demo(_: argparse.Namespace) -> int:
    """The whole portal with stand-ins for the outside world, on loopback, until Ctrl-C."""
    clock = MovedClock()
    with running.running(port(), data_dir(), clock) as here:
        for film in guides.draw(here.portal.house):
            print(f"Drew {film.name} from its manual ({film.stat().st_size // 1024} KB)", flush=True)
        new = season.is_new(here)
        if new:
            print("A new town: three months of cases are being played, which takes a minute or two", flush=True)
            season.grow(here, clock, lambda day: print(f"  {day}", flush=True))
        print(f"จุดเดียว is open at {here.url}")
        print(f"The outside world (who you can sign in as, the bank, the CA): {here.outside}")
        print("Ctrl-C ends it; the data stays in", data_dir(), flush=True)
        if new:
            threading.Thread(target=_sample, args=(here,), name="samples", daemon=True).start()
        _until_told()
    return 0


def _sample(here: Running) -> None:
    """Give the people you can sign in as some cases of their own, while you already look around."""
    print(f"{cases.fill(here)} more cases are there, one in each state, of people you can be", flush=True)


def draw_guides(_: argparse.Namespace) -> int:
    """Draw the films of slides that manuals ask for (`guide`) into DATA_DIR/guides, where the web finds them."""
    with _beside() as portal:
        for film in guides.draw(portal.house):
            print(f"{film} {film.stat().st_size} bytes")
    return 0


def journey(arguments: argparse.Namespace) -> int:
    """Play the main job over HTTP against a fresh instance and leave its documents in OUT."""
    return main_job.journey(Path(arguments.out), port())


def measure(_: argparse.Namespace) -> int:
    """Measure a fresh instance beside two yardsticks; the figures go to OUT, else ./bench.json."""
    return bench.bench(Path(os.environ.get("OUT", "bench.json")), port())


def verify(arguments: argparse.Namespace) -> int:
    """Say whether a PDF is a genuine licence of this portal: 0 genuine, 1 not."""
    with _beside() as portal:
        answer = authenticity.of_file(portal.house, Path(arguments.file).read_bytes())
    print(answer.words)
    print(f"  SHA-256 {answer.sha256}")
    for fact in answer.facts:
        print(f"  {fact}")
    return 0 if answer.genuine else 1


def chains(arguments: argparse.Namespace) -> int:
    """`events verify`: walk every hash chain and compare with the newest anchor. `events anchor`: write one."""
    with _beside() as portal, portal.house.database.transaction() as db:
        folder, key = portal.house.settings.data_dir / "anchors", portal.house.settings.index_key
        if arguments.what == "anchor":
            print(anchors.drop(db, folder, key, portal.house.clock.now()))
            return 0
        count, faults = events.verify(db, anchors.newest(folder, key))
    for fault in faults:
        print(f"{fault.stream} event {fault.seq}: {fault.what}")
    print(f"{count} events read, {len(faults)} faults")
    return 1 if faults else 0


def mature(arguments: argparse.Namespace) -> int:
    """How mature each service is: declared beside evidenced, by the 90 days that end with --as-of (else today)."""
    with _beside() as portal, portal.house.database.transaction() as db:
        as_of = arguments.as_of or bangkok_date(portal.house.clock.now())
        made = maturity.report(db, portal.house.catalogue, as_of)
    show = maturity.as_json if arguments.json else maturity.as_csv if arguments.csv else maturity.as_text
    print(show(made).rstrip("\n"))
    return 0


def forget(arguments: argparse.Namespace) -> int:
    """Say what is past its period and why (--dry-run, the default), or delete it (--apply); a report file stays."""
    with _beside() as portal:
        found = retention.run(portal.house, apply=arguments.apply)
        for line in retention_report.lines(found):
            print(line)
        print(retention_report.kept(portal.house, found))
    return 0


@contextmanager
def _beside() -> Iterator[Portal]:
    """The portal of the environment; without settings there, the demonstration whose data lie in DATA_DIR."""
    if not os.environ.get("JUDIAO_KEYS"):
        with running.attached(port(), data_dir()) as portal:
            yield portal
        return
    portal = _production()
    try:
        yield portal
    finally:
        portal.close()


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "serve": serve,
    "work": work,
    "migrate": migrate,
    "check": check,
    "demo": demo,
    "guides": draw_guides,
    "journey": journey,
    "bench": measure,
    "verify": verify,
    "events": chains,
    "maturity": mature,
    "retention": forget,
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    made = {name: commands.add_parser(name, help=(f.__doc__ or "").split("\n")[0]) for name, f in COMMANDS.items()}
    made["check"].add_argument("folder", nargs="?", default=str(ROOT / "services_catalog"))
    made["check"].add_argument("--schema", nargs="?", const="service", choices=editing.KINDS)
    made["verify"].add_argument("file")
    made["events"].add_argument("what", choices=["verify", "anchor"])
    made["maturity"].add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD")
    form = made["maturity"].add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="canonical JSON: the same data give the same bytes")
    form.add_argument("--csv", action="store_true")
    how = made["retention"].add_mutually_exclusive_group()
    how.add_argument("--apply", action="store_true")
    how.add_argument("--dry-run", dest="apply", action="store_false")
    made["work"].add_argument("--concurrency", type=int, default=2)
    made["journey"].add_argument("--out", required=True)
    return top


def main(arguments: Sequence[str]) -> int:
    """Run one command; mistakes of the operator end in one line, not in a traceback."""
    logs.install()
    chosen = parser().parse_args(arguments or ["--help"])
    try:
        return COMMANDS[chosen.command](chosen)
    except (SettingsError, CatalogueError, EmbeddedError, AnchorBroken, OSError) as error:
        print(f"{chosen.command}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

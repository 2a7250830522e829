"""The document store: what was put is there, whole, after any crash; what was not put whole is never seen."""

import hashlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import Invalid, NotFound
from app.core.files import CHUNK, TOO_BIG, FileDamaged, LocalFiles

LEASE = "สัญญาเช่าร้านมะลิ".encode()
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> LocalFiles:
    return LocalFiles(tmp_path / "documents")


def everything_in(store: LocalFiles) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


def stored_at(store: LocalFiles, digest: str) -> Path:
    return next(path for path in everything_in(store) if path.name == digest)


def test_a_file_is_found_again_by_the_sha256_of_its_content(store: LocalFiles) -> None:
    digest = store.put(LEASE)

    assert digest == hashlib.sha256(LEASE).hexdigest()
    assert store.exists(digest)
    assert store.read(digest) == LEASE
    assert store.size(digest) == len(LEASE)
    with store.open(digest) as file:
        assert file.read() == LEASE


@given(data=st.binary(max_size=4096))
@settings(deadline=None, derandomize=True, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_and_a_stream_of_them_are_the_same_file(store: LocalFiles, data: bytes) -> None:
    assert store.put(data) == store.put(BytesIO(data))
    assert store.read(store.put(data)) == data


def test_a_file_longer_than_one_chunk_is_stored_whole(store: LocalFiles) -> None:
    data = os.urandom(2 * CHUNK + 17)
    assert store.read(store.put(BytesIO(data), limit=len(data))) == data


def test_the_same_content_twice_is_one_file(store: LocalFiles) -> None:
    assert store.put(LEASE) == store.put(LEASE)
    assert len(everything_in(store)) == 1


def test_many_writers_of_the_same_content_all_succeed_and_leave_one_file(store: LocalFiles) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: store.put(LEASE), range(32)))
    assert len(digests) == 1
    assert len(everything_in(store)) == 1


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(store: LocalFiles) -> None:
    with pytest.raises(Invalid) as refusal:
        store.put(BytesIO(b"x" * (CHUNK + 1)), limit=CHUNK)
    assert refusal.value.message == TOO_BIG
    assert refusal.value.message % refusal.value.values == TOO_BIG.replace("%(limit)s", "1\u00a0MB")
    assert everything_in(store) == []


def test_a_source_that_breaks_off_leaves_nothing(store: LocalFiles) -> None:
    class BrokenConnection(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= CHUNK:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store.put(BrokenConnection(b"x" * (3 * CHUNK)))
    assert everything_in(store) == []


@pytest.mark.parametrize(
    "bad", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", "ab/cd/" + "a" * 58]
)
def test_only_a_digest_ever_becomes_a_path(store: LocalFiles, bad: str) -> None:
    for act in (store.read, store.open, store.size, store.remove, store.check):
        with pytest.raises(NotFound):
            act(bad)


def test_an_unknown_digest_is_not_found(store: LocalFiles) -> None:
    unknown = "0" * 64
    assert not store.exists(unknown)
    for act in (store.read, store.open, store.size, store.check):
        with pytest.raises(NotFound):
            act(unknown)


def test_a_removed_file_is_gone_and_removing_it_again_does_nothing(store: LocalFiles) -> None:
    digest = store.put(LEASE)
    store.remove(digest)
    store.remove(digest)
    assert not store.exists(digest)


def test_a_file_changed_behind_our_back_is_never_read(store: LocalFiles) -> None:
    digest = store.put(LEASE)
    path = stored_at(store, digest)
    path.chmod(0o600)
    path.write_bytes(LEASE.replace("มะลิ".encode(), "มาลี".encode()))

    with pytest.raises(FileDamaged):
        store.read(digest)
    with pytest.raises(FileDamaged):
        store.check(digest)


def test_an_untouched_file_passes_its_check(store: LocalFiles) -> None:
    digest = store.put(LEASE)
    store.check(digest)
    assert list(store.digests()) == [digest]


def test_stored_files_can_be_read_by_us_alone_and_written_by_nobody(store: LocalFiles) -> None:
    path = stored_at(store, store.put(LEASE))
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o777 == 0o700


WRITER = """
import sys
from pathlib import Path
from app.core.files import LocalFiles
LocalFiles(Path(sys.argv[1])).put(sys.stdin.buffer)
"""


def kill_a_writer(store: LocalFiles, failpoint: str) -> None:
    """A second process that dies by kill -9 at `failpoint` while it puts LEASE."""
    died = subprocess.run(
        [sys.executable, "-c", WRITER, str(store.folder)],
        input=LEASE,
        env={**os.environ, "JUDIAO_FAILPOINTS": failpoint},
        cwd=ROOT,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL


def test_kill_9_before_the_file_is_shown_leaves_no_visible_file_and_the_next_try_succeeds(store: LocalFiles) -> None:
    kill_a_writer(store, "files.before_link")

    digest = hashlib.sha256(LEASE).hexdigest()
    assert not store.exists(digest)
    assert list(store.digests()) == []
    assert store.read(store.put(LEASE)) == LEASE


def test_what_a_dead_writer_left_is_swept_once_it_is_old_enough(store: LocalFiles) -> None:
    kill_a_writer(store, "files.before_link")
    kept = store.put(b"another document")
    now = datetime.now(UTC)

    assert store.sweep(now - timedelta(hours=1)) == 0
    assert store.sweep(now + timedelta(seconds=5)) == 1
    assert [path.name for path in everything_in(store)] == [kept]


def test_kill_9_after_the_file_is_shown_leaves_it_whole(store: LocalFiles) -> None:
    kill_a_writer(store, "files.after_link")
    assert store.read(hashlib.sha256(LEASE).hexdigest()) == LEASE

"""
Bars C1 and C2 of the trail.

C1: `tecum-verify` over N entries against hashing the same bytes in a bare loop: at least 0.4 of its rate.
C2: appends by four connections against plain inserts of the same bytes, with the sequencer running: at least
0.15 of their rate, and no fork.

    python -m benchmarks.trail c1 --size 1000000
    python -m tests.postgres python -m benchmarks.trail c2 --seconds 20
"""

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import secrets
import tarfile
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402

from tecum.audit import operations as audit  # noqa: E402
from tecum.audit import queries  # noqa: E402
from tecum.audit.models import TrailLeaf  # noqa: E402
from tecum.kernel.actors import Actor, ActorKind  # noqa: E402
from tecum_verify.merkle import root_of  # noqa: E402
from tecum_verify.notes import Checkpoint  # noqa: E402
from tecum_verify.trail import main as verifier  # noqa: E402
from tests.trails import KEY, ORIGIN  # noqa: E402

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)
RUIZ = Actor(ref="person:3f2a9c7d1e", kind=ActorKind.PERSON, agency="0b7e6c55aa")
BAR_C1, BAR_C2 = 0.4, 0.15
WRITERS = 4
LEAF = (
    b'{"v":1,"event":"trail.searched","kind":"access","at":"2026-09-08T16:00:%02d.%06dZ","by":"person:3f2a9c7d1e",'
    b'"agency":"0b7e6c55aa","matter":"","data":{"found":%d,"shown":1},"salt":"%s"}'
)


def c1(size: int) -> float:
    """Measure the verifier and print its ratios; return that of a folder. Each time is the best of three."""
    salts = secrets.token_bytes(16 * size).hex().encode()
    leaves = [LEAF % (n % 60, n % 1_000_000, n, salts[n * 32 : n * 32 + 32]) for n in range(size)]
    bare = _best(partial(_hash_all, leaves))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "bundle"
        hashes = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
        _bundle(folder, leaves, hashes)
        note = KEY.sign(str(Checkpoint(ORIGIN, size, root_of(hashes))))
        length = sum(map(len, leaves)) / size
        del leaves, hashes, salts
        (Path(scratch) / "kept").write_text(note)
        (Path(scratch) / "key").write_text(str(KEY.public))
        tar = Path(scratch) / "bundle.tar"
        with tarfile.open(tar, "w:") as packed:
            for part in folder.iterdir():
                packed.add(part, part.name)
        ratios = {}
        for kind, path in (("folder", folder), ("tar", tar)):
            words = [str(path), "--checkpoint", f"{scratch}/kept", "--key", f"{scratch}/key"]
            ratios[kind] = bare / _best(partial(_verify, words))
    print(
        f"C1 {size:,} entries of {length:.0f} bytes: bare loop {bare:.2f} s; verifier at {ratios['folder']:.2f} of its "
        f"rate (as a tar {ratios['tar']:.2f}), {os.cpu_count()} processors; bar {BAR_C1}"
    )
    return ratios["folder"]


def _best(work: Callable[[], None]) -> float:
    """Return the best time of three, in seconds."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _hash_all(leaves: list[bytes]) -> None:
    for leaf in leaves:
        sha256(leaf).digest()


def _verify(words: list[str]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        assert verifier(words) == 0


def _bundle(folder: Path, leaves: list[bytes], hashes: list[bytes]) -> None:
    folder.mkdir()
    manifest = {"format": "tecum-trail-bundle/1", "origin": ORIGIN, "entries": len(leaves)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with (folder / "leaves.jsonl").open("wb") as file:
        file.writelines(leaf + b"\n" for leaf in leaves)
    (folder / "hashes.bin").write_bytes(b"".join(hashes))
    for name in ("payloads.tsv", "checkpoints.jsonl"):
        (folder / name).touch()


def c2(seconds: float) -> float:
    """Measure appends against plain inserts, print and return the ratio."""
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_plain (id bigserial PRIMARY KEY, body bytea NOT NULL)"
            if connection.vendor == "postgresql"
            else "CREATE TABLE bench_plain (id integer PRIMARY KEY, body blob NOT NULL)"
        )
    connections.close_all()
    try:
        plain = _rate(name, _insert, seconds)
        appended = _rate(name, _append, seconds, sequencer=True)
        while audit.seal(now=NOON):
            pass
        dense = list(TrailLeaf.objects.order_by("position").values_list("position", flat=True))
        assert dense == list(range(1, len(dense) + 1)), "a gap or a fork"
        started = time.perf_counter()
        verdict = queries.verify_now()
        took = time.perf_counter() - started
        assert verdict.code in {0, 5}, verdict
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
    print(
        f"C2 {connection.vendor}: {WRITERS} connections, plain {plain:,.0f}/s, appends {appended:,.0f}/s: {appended / plain:.2f}; bar {BAR_C2}; 0 forks in {len(dense):,}"
    )
    print(f"   (verify_now over {len(dense):,} entries: {took:.2f} s, {len(dense) / took:,.0f}/s)")
    return appended / plain


def _insert(until: float) -> int:
    body, count = LEAF % (1, 1, 1, b"0" * 32), 0
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("INSERT INTO bench_plain (body) VALUES (%s)", [body])
            count += 1
    return count


def _append(until: float) -> int:
    count = 0
    while time.monotonic() < until:
        audit.note("trail.searched", by=RUIZ, at=NOON, found=count, shown=1)
        count += 1
    return count


def _work(name: str, work: str, until: float, counts: "multiprocessing.Queue[int]") -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name
    counts.put(globals()[work](until))


def _sequence(name: str, until: float) -> None:
    connection.settings_dict["NAME"] = name
    while time.monotonic() < until:
        while audit.seal(now=NOON) == audit.MOST_IN_ONE_PASS:
            pass
        time.sleep(0.5)


def _rate(name: str, work: "object", seconds: float, *, sequencer: bool = False) -> float:
    context = multiprocessing.get_context("fork")
    counts: multiprocessing.Queue[int] = context.Queue()
    until = time.monotonic() + seconds
    works = [context.Process(target=_work, args=(name, work.__name__, until, counts)) for _ in range(WRITERS)]
    if sequencer:
        works.append(context.Process(target=_sequence, args=(name, until)))
    for each in works:
        each.start()
    total = sum(counts.get() for _ in range(WRITERS))
    for each in works:
        each.join()
    return total / seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bar", choices=["c1", "c2"])
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    held = c1(options.size) >= BAR_C1 if options.bar == "c1" else c2(options.seconds) >= BAR_C2
    raise SystemExit(0 if held else 1)

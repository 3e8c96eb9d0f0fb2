"""Keeps lanes going: each in its thread, until told to stop; a fault in one is its own, and is tried again."""

import json
import os
import signal
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

import structlog
from django.conf import settings
from django.db import close_old_connections, connection

from tecum.jobs.lane import Clock, Lane
from tecum.kernel.invariants import Broken

SILENT_LANE = "JOBS"
LONGEST_SILENCE = timedelta(minutes=5)
LONGEST_REST = timedelta(seconds=30)  # after faults that follow each other
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Beat:
    """The sign of life that a lane leaves after each look; `faults` counts those since the last good one."""

    lane: str
    at: datetime
    faults: int


def beat(folder: Path, sign: Beat) -> None:
    """Leave a sign of life where another process finds it, whole at every moment."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {"lane": sign.lane, "at": sign.at.isoformat(), "faults": sign.faults, "pid": os.getpid()}
    )
    draft = folder / f".{sign.lane}.{os.getpid()}"
    draft.write_text(text)
    draft.replace(folder / f"{sign.lane}.json")


def beats(folder: Path) -> dict[str, Beat]:
    """Return the last sign of life of every lane that ever left one."""
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    return {
        each["lane"]: Beat(each["lane"], datetime.fromisoformat(each["at"]), each["faults"]) for each in found
    }


def silent(
    folder: Path,
    wanted: Iterable[str],
    *,
    now: datetime,
    longest: timedelta,
    rests: Mapping[str, timedelta] | None = None,
) -> list[str]:
    """Return a sentence for every lane that has given no good sign of life lately, beyond its rest; none when all work."""
    found, sentences = beats(folder), []
    for name in wanted:
        sign = found.get(name)
        if sign is None:
            sentences.append(f"{name}: has never run.")
        elif sign.faults:
            sentences.append(f"{name}: fails, {sign.faults} times in a row; the log says why.")
        elif now - sign.at > longest + (rests or {}).get(name, timedelta(0)):
            sentences.append(f"{name}: silent since {sign.at:%Y-%m-%d %H:%M:%S} UTC.")
    return sentences


def silent_lanes(folder: Path, rests: Mapping[str, timedelta], *, now: datetime) -> tuple[Broken, ...]:
    """Return the lanes that ran on this machine once and give no good sign of life now; `rests`: how long each may rest."""
    known = beats(folder)
    return tuple(
        Broken(SILENT_LANE, name, known[name].at)
        for name, rest in sorted(rests.items())
        if name in known and (known[name].faults or now - known[name].at > rest + LONGEST_SILENCE)
    )


def once(lane: Lane, *, clock: Clock) -> bool:
    """Let a lane do what there is now; a fault is logged and answered with False, and the connection dropped."""
    try:
        close_old_connections()
        lane.step(clock)
    except Exception:  # the lane goes on with its next look, whatever this one met
        log.exception("lane.failed", lane=lane.name)
        connection.close()
        return False
    return True


def keep(lane: Lane, *, clock: Clock, stop: threading.Event, folder: Path) -> None:
    """Let a lane look again and again until `stop`; after faults it rests longer each time, half a minute at most."""
    faults = 0
    while not stop.is_set():
        faults = 0 if once(lane, clock=clock) else faults + 1
        beat(folder, Beat(lane.name, clock(), faults))
        rest = min(lane.rest * (1 << min(faults, 10)), max(LONGEST_REST, lane.rest))
        stop.wait(rest.total_seconds())
    connection.close()


def work(lanes: Iterable[Lane], *, only_once: bool, clock: Clock) -> int:
    """Run lanes, once each in turn or until told to stop by SIGTERM or Ctrl-C; return the exit code."""
    if only_once:
        good = [once(lane, clock=clock) for lane in lanes]
        return 0 if all(good) else 1
    run(lanes, clock=clock, stop=told_to_stop(), folder=signs())
    return 0


def told_to_stop() -> threading.Event:
    """Return what is set once this process is told to stop, by SIGTERM or Ctrl-C."""
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop


def signs() -> Path:
    """Return where lanes leave their signs of life."""
    return Path(settings.DATA) / "jobs"


def run(lanes: Iterable[Lane], *, clock: Clock, stop: threading.Event, folder: Path) -> None:
    """Keep every lane going in a thread of its own until `stop`; return when each has finished what it was doing."""
    threads = [
        threading.Thread(
            target=keep,
            name=lane.name,
            args=(lane,),
            kwargs={"clock": clock, "stop": stop, "folder": folder},
        )
        for lane in lanes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

"""Many processes do one thing at the same moment, each with database connections of its own."""

import multiprocessing
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from django.db import connections

FORK = multiprocessing.get_context("fork")
PATIENCE = 120  # seconds until a racer that says nothing counts as stuck


def race(count: int, act: Callable[[int], object]) -> list[object]:
    """
    Run `act(0)` … `act(count - 1)`, each in a process of its own, all released together.

    Return what each returned, or the exception it raised, as (class name, sentence).
    """
    connections.close_all()
    gate = FORK.Barrier(count)
    pairs = [FORK.Pipe(duplex=False) for _ in range(count)]
    racers = [
        FORK.Process(target=_run, args=(act, number, gate, tell), daemon=True)
        for number, (_, tell) in enumerate(pairs)
    ]
    for racer in racers:
        racer.start()
    results = [hear.recv() if hear.poll(PATIENCE) else ("Stuck", "said nothing") for hear, _ in pairs]
    for racer in racers:
        racer.join(PATIENCE)
    return results


def _run(act: Callable[[int], object], number: int, gate: Any, tell: Connection) -> None:
    try:
        gate.wait(PATIENCE)
        tell.send(act(number))
    except Exception as fault:  # the parent judges it
        tell.send((type(fault).__name__, str(fault) or traceback.format_exc(limit=2)))
    finally:
        connections.close_all()

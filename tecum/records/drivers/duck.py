"""The embedded engine: DuckDB in guarded processes that are kept for the next question."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from tecum.records.drivers.engine import Ask, RawRow, RecordEngine
from tecum.records.drivers.guarded import Guard, Worker

IDLE = 2  # so many workers are kept waiting


class DuckEngine(RecordEngine):
    """DuckDB over the parts below one folder."""

    name = "duckdb"

    def __init__(self, root: Path, *, memory: str, threads: int) -> None:
        self.guard = Guard(memory=memory, threads=threads, allowed=(root,))
        self._idle: list[Worker] = []
        self._lock = Lock()

    def rows(self, asks: Sequence[Ask]) -> Iterator[tuple[int, RawRow]]:
        worker = self._take()
        done = False
        try:
            for message in worker.messages({"kind": "search", "asks": [_question(ask) for ask in asks]}):
                for row in message.get("rows", ()):
                    yield message["ask"], row
            done = True
        finally:
            self._give(worker, done)

    def counts(self, asks: Sequence[Ask]) -> list[int]:
        worker = self._take()
        done = False
        try:
            result = worker.do(
                {"kind": "count", "asks": [_question(ask) for ask in asks]},
                progress=lambda stage, share: None,
            )
            done = True
            return list(result["counts"])
        finally:
            self._give(worker, done)

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _take(self) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    return worker
                worker.end()
        return Worker(self.guard)

    def _give(self, worker: Worker, done: bool) -> None:
        """Keep a worker that answered; end one that was left in the middle: nobody waits for what nobody wants."""
        with self._lock:
            if done and worker.alive and len(self._idle) < IDLE:
                self._idle.append(worker)
                return
        worker.end()


def _question(ask: Ask) -> dict[str, Any]:
    return {
        "number": ask.number,
        "start": ask.start.replace(tzinfo=None).isoformat(),
        "end": ask.end.replace(tzinfo=None).isoformat(),
        "calling": list(ask.calling),
        "called": list(ask.called),
        "distinct": ask.distinct,
    }

"""The parent's side of the guarded process: start it, ask it, hear it, end it."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from tecum.kernel.refusals import Refused
from tecum.records.rules.reading import CannotLoad

Progress = Callable[[str, float | None], None]
Answering = Callable[[Sequence[str]], list[str]]


class WorkerEnded(Refused):
    """The guarded process is gone: out of memory, killed, or cancelled."""

    def __init__(self) -> None:
        super().__init__(
            "The process that reads records ended before it was done, probably for want of memory. Nothing was changed."
        )


class PartGone(Exception):
    """A part that the manifest named was not there any more."""


@dataclass(frozen=True)
class Guard:
    """What one worker may use."""

    memory: str
    threads: int
    allowed: tuple[Path, ...]
    folder: Path | None = None  # where it may spill
    path: Path | None = None  # one more file that it may read

    def line(self) -> dict[str, Any]:
        """Return the worker's opening line."""
        return {
            "memory": self.memory,
            "threads": self.threads,
            "allowed": [str(each.resolve()) for each in self.allowed],
            "folder": str(self.folder.resolve()) if self.folder else "",
            "path": str(self.path.resolve()) if self.path else "",
        }


class Worker:
    """One guarded process; use it as a context, or keep it for many questions."""

    def __init__(self, guard: Guard) -> None:
        root = str(Path(__file__).resolve().parents[3])
        paths = [root, os.environ.get("PYTHONPATH", "")]
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tecum.records.drivers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # an engine's own words may hold a number
            text=True,
            encoding="utf-8",
            env={**kept, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},  # no secret of ours
            cwd="/",
        )
        self._say(guard.line())
        self._hear()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def alive(self) -> bool:
        """Tell whether it still runs."""
        return self.process.poll() is None

    def end(self) -> None:
        """End it now, whatever it does."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self.process.wait()

    def _say(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin  # noqa: S101
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise WorkerEnded from None

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout  # noqa: S101
        line = self.process.stdout.readline()
        if not line:
            raise WorkerEnded
        return dict(json.loads(line))

    def messages(self, job: Mapping[str, Any], answer: Answering | None = None) -> Iterator[dict[str, Any]]:
        """
        Give it a job and yield what it says, the `result` last.

        :raises CannotLoad: with the sentence of what it refused
        :raises PartGone: if a part was not there
        :raises WorkerEnded: if it ended before
        """
        self._say(job)
        while True:
            message = self._hear()
            if "need" in message and answer:
                self._say({"files": answer(message["need"])})
                continue
            if message.get("missing"):
                raise PartGone
            if "refused" in message:
                raise CannotLoad(message["refused"])
            yield message
            if "result" in message:
                return

    def do(
        self, job: Mapping[str, Any], *, progress: Progress, answer: Answering | None = None
    ) -> dict[str, Any]:
        """Give it a job and return the result."""
        for message in self.messages(job, answer):
            if "result" in message:
                return dict(message["result"])
            progress(str(message.get("stage", "")), message.get("share"))
        raise WorkerEnded

"""The near end of the reader's process: asks, waits, and replaces it after a number of messages or a fault."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tecum
from tecum.inbox.drivers.wire import packed, taken
from tecum.inbox.facts import Facts, from_json

ROOT = Path(tecum.__file__).resolve().parents[1]
MESSAGES_PER_PROCESS = 500
SECONDS = 20  # of computing, for one message
PATIENCE = 60.0  # seconds by the clock on the wall, for one message


class Unreadable(Exception):
    """A message that cannot be read: `reason` is time, memory, too_deep, raised or died."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSuchPart(Exception):
    """The message has no part of this number, or no harmless copy of it can be made."""


class Reader:
    """One reader's process, made when it is first asked. Not for two threads at once."""

    def __init__(self, *, seconds: int = SECONDS, patience: float = PATIENCE) -> None:
        self.seconds, self.patience = seconds, patience
        self.process: subprocess.Popen[bytes] | None = None
        self.asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.close()

    def facts(self, raw: bytes, form: str = "mail") -> Facts:
        """Return what a message says. :raises Unreadable: with the reason, after a second try in a fresh process"""
        answer, _ = self._ask({"ask": "facts", "form": form}, raw)
        return from_json(answer["facts"])

    def part(self, raw: bytes, number: str, form: str = "mail") -> tuple[str, bytes]:
        """Return the type and bytes of one part. :raises NoSuchPart: where there is none"""
        answer, content = self._ask({"ask": "part", "form": form, "number": number}, raw)
        return answer["media_type"], content

    def copy(self, raw: bytes, number: str, form: str = "mail") -> tuple[str, bytes]:
        """Return the type and bytes of a harmless copy of one part. :raises NoSuchPart: where none can be made"""
        answer, content = self._ask({"ask": "copy", "form": form, "number": number}, raw)
        return answer["media_type"], content

    def paper(self, raw: bytes, want: str, *, number: str = "", form: str = "file") -> tuple[str, bytes]:
        """
        Return the type and bytes of a paper (`want` "itself"), its harmless copy ("copy"), its text layer ("text") or the
        values of its form ("fields"): of one part of a message, or of bytes that are the paper themselves (the form "file").

        :raises NoSuchPart: where there is none, or no copy can be made
        :raises Unreadable: with the reason
        """
        answer, content = self._ask({"ask": "paper", "want": want, "number": number, "form": form}, raw)
        return answer["media_type"], content

    def close(self) -> None:
        """End the process."""
        process, self.process, self.asked = self.process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _closed(stream)

    def _ask(self, question: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
        used = self.asked > 0
        try:
            answer, content = self._once(question, raw)
        except Unreadable:
            if not used:
                raise
            answer, content = self._once(
                question, raw
            )  # an old process may have been full: a fresh one decides
        fault = answer.get("fault", "")
        if fault in {"no_such_part", "no_copy"}:
            raise NoSuchPart(answer.get("why", fault))
        if fault:
            raise Unreadable(fault)
        return answer, content

    def _once(self, question: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
        if self.asked >= MESSAGES_PER_PROCESS:
            self.close()
        process = self.process = self.process or _started()
        self.asked += 1
        late = threading.Event()
        watch = threading.Timer(self.patience, _kill, (process, late))
        watch.daemon = True
        watch.start()
        try:
            answer, content = _exchange(process, {**question, "seconds": self.seconds}, raw)
        except (OSError, ValueError):
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            reason = _reason(process, late=late.is_set())
            self.close()
            raise Unreadable(reason)
        if answer.get("fault") in {"memory", "too_deep"}:
            self.close()
        return answer, content


def _started() -> subprocess.Popen[bytes]:
    """Start a process with nothing of ours but the code: no settings, no secrets, no open files."""
    return subprocess.Popen(
        [sys.executable, "-s", "-B", "-m", "tecum.inbox.drivers.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )


def _exchange(
    process: subprocess.Popen[bytes], question: dict[str, Any], raw: bytes
) -> tuple[dict[str, Any] | None, bytes]:
    assert process.stdin is not None  # noqa: S101  both were asked for above
    assert process.stdout is not None  # noqa: S101
    for piece in (json.dumps(question).encode(), raw):
        process.stdin.write(packed(piece))
    process.stdin.flush()
    head = taken(process.stdout)
    content = taken(process.stdout)
    if head is None or content is None:
        return None, b""
    return json.loads(head), content


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _reason(process: subprocess.Popen[bytes], *, late: bool) -> str:
    if late:
        return "time"
    try:
        code = process.wait(5)
    except subprocess.TimeoutExpired:
        return "died"
    return "time" if code == -signal.SIGXCPU else "died"


def _closed(stream: Any) -> None:
    try:
        stream.close()
    except OSError:
        return

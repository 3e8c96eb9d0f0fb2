"""
The reader's process: `python -m tecum.inbox.drivers.child`. It has no secrets, no database and no network to use, may
write no file, and its memory and time are limited; a message that breaks it breaks nothing else.

On its standard input: 8 bytes of length, a question in JSON, 8 bytes of length, the raw message. Back in the same way:
an answer in JSON, and bytes.
"""

import json
import resource
import sys
from typing import Any

from tecum.inbox.drivers import copies, pages, reading, sniffing
from tecum.inbox.drivers.wire import packed, taken
from tecum.inbox.facts import as_json

FILE = "file"  # the form of bytes that are no message but one paper
MEMORY = 1536 << 20
DEEPEST_CALLS = 1_200


def main() -> None:
    """Answer questions until there are none."""
    limit()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while (head := taken(questions)) is not None:
        question = json.loads(head)
        raw = taken(questions) or b""
        allow_seconds(question["seconds"])
        answer, content = answered(question, raw)
        for piece in (json.dumps(answer).encode(), content):
            answers.write(packed(piece))
        answers.flush()


def answered(question: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the answer to one question; a fault is an answer too."""
    try:
        return _answered(question, raw)
    except copies.NoCopy as refusal:
        return {"fault": "no_copy", "why": str(refusal)}, b""
    except MemoryError:
        return {"fault": "memory"}, b""
    except RecursionError:
        return {"fault": "too_deep"}, b""
    except Exception as fault:  # anything a stranger's bytes can do
        return {"fault": "raised", "why": type(fault).__name__}, b""


def _answered(question: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
    if question["form"] == FILE:
        return paper(raw, sniffing.sniff(raw, "").media_type, question["want"])
    facts, parts = reading.read(raw, question["form"])
    if question["ask"] == "facts":
        return {"facts": as_json(facts)}, b""
    number = question["number"]
    content = parts.get(number)
    if content is None:
        return {"fault": "no_such_part"}, b""
    wanted = {"part": "itself", "copy": "copy"}.get(question["ask"]) or question["want"]
    return paper(content, media_type(facts, number), wanted)


def paper(content: bytes, kind: str, want: str) -> tuple[dict[str, Any], bytes]:
    """Return a paper's type and what is wanted of it: itself, a harmless copy, its text layer or its form's values as JSON."""
    if want == "copy":
        copied, made = copies.copy(content, kind)
        return {"media_type": copied}, made
    if want == "text":
        layer = pages.layer(content) if kind == sniffing.PDF else {"locked": False, "pages": []}
        return {"media_type": "application/json"}, json.dumps(layer).encode()
    if want == "fields":
        return {"media_type": "application/json"}, json.dumps(
            dict(sniffing.sniff(content, "").fields)
        ).encode()
    return {"media_type": kind}, content


def media_type(facts: Any, number: str) -> str:
    """Return what a part really is."""
    return next((part.sniffed for part in facts.parts if part.number == number), "application/octet-stream")


def limit() -> None:
    """Give up what a reader does not need, for good."""
    sys.setrecursionlimit(DEEPEST_CALLS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def allow_seconds(seconds: int) -> None:
    """Let this process compute so much longer; then the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main()

"""What a leaf is made of: version 1 of the format in docs/reference/trail-format.md."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from tecum.audit.catalogue import EVENTS, Class, Event, Kind
from tecum.kernel.actors import Actor
from tecum_verify.merkle import leaf_hash

VERSION = 1
SALT_BYTES = 16
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:./+-]{0,119}")
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,79}")
HASH = re.compile(r"[0-9a-f]{64}")
TELEPHONE = re.compile(r"\+?1?[2-9][0-9]{2}[2-9][0-9]{6}")
SEPARATORS = str.maketrans("", "", " -./:()_")
# Why somebody takes a bundle away: the words that stand in the trail.
REASONS = ("audit", "court", "regulator", "agency_question", "customer_question", "incident", "own_copy")


class UnknownEvent(Exception):
    """An event that is not in the catalogue: a mistake in our own code."""


class BadField(Exception):
    """A value that must not stand in the trail: a mistake in our own code."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The sealed part of an event: bytes already encrypted under the key of a retention epoch."""

    epoch: str
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """A promise that an event is in the trail: the hash of its leaf."""

    leaf: str

    @property
    def text(self) -> str:
        """Return the short form that people copy: the first 48 bits in three groups."""
        head = self.leaf[:12].upper()
        return f"{head[:4]}-{head[4:8]}-{head[8:]}"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Question:
    """What an auditor asks for; empty means any."""

    events: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    matter: str = ""
    about: tuple[str, ...] = ()  # references: who did it, what it is about, or the matter it belongs to
    receipt: str = ""
    kind: Kind | None = None
    processes: bool = False  # only what our own processes did by the clock
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None  # the key of the last entry of the page above


@dataclass(frozen=True, slots=True)
class Leaf:
    """The bytes that are stored and hashed, with what they say."""

    body: bytes
    hash: bytes
    columns: Mapping[str, Any]
    payload: Payload | None

    @property
    def receipt(self) -> Receipt:
        """Return the receipt of this leaf."""
        return Receipt(self.hash.hex())


def looks_like_a_telephone_number(text: str) -> bool:
    """Tell whether nothing but a North American number stands in a text."""
    return TELEPHONE.fullmatch(text.translate(SEPARATORS)) is not None


def is_reference(text: str) -> bool:
    """Tell whether a text could stand in the trail as an id."""
    return ID.fullmatch(text) is not None and not looks_like_a_telephone_number(text)


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and is_reference(value) else None


def _amount(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _hash(value: object) -> str | None:
    return value if isinstance(value, str) and HASH.fullmatch(value) else None


def _code(value: object) -> str | None:
    return str(value) if isinstance(value, str) and CODE.fullmatch(value) else None


def _when(value: object) -> str | None:
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


CHECKS: dict[Class, Callable[[object], Any]] = {
    Class.ID: _id,
    Class.AMOUNT: _amount,
    Class.HASH: _hash,
    Class.CODE: _code,
    Class.WHEN: _when,
    Class.FLAG: _flag,
}


def instant(at: datetime) -> str:
    """
    Return an aware instant in UTC with microseconds.

    :raises BadField: without a zone
    """
    if at.tzinfo is None:
        raise BadField("An event's time needs a zone.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def named(event: str, kind: Kind) -> Event:
    """
    Return an event's line in the catalogue.

    :raises UnknownEvent: where there is none, or it is of the other kind
    """
    line = EVENTS.get(event)
    if line is None:
        raise UnknownEvent(f"'{event}' is not in tecum/audit/catalogue.py.")
    if line.kind is not kind:
        does = "record" if line.kind is Kind.CHANGE else "note"
        raise UnknownEvent(f"'{event}' is a {line.kind} event: call audit.operations.{does}.")
    return line


def checked(event: str, line: Event, data: Mapping[str, object]) -> dict[str, Any]:
    """
    Return the data of an event as it will be written, in the order of the catalogue.

    :raises BadField: for a field too many, too few, or of another class
    """
    given = {name: value for name, value in data.items() if not (value is None and name in line.optional)}
    if strange := set(given) - set(line.fields):
        raise BadField(f"'{event}' has no field {', '.join(sorted(strange))}.")
    if absent := set(line.fields) - set(given) - line.optional:
        raise BadField(f"'{event}' needs {', '.join(sorted(absent))}.")
    return {
        name: _value(event, name, klass, given[name]) for name, klass in line.fields.items() if name in given
    }


def _value(event: str, name: str, klass: Class, value: object) -> Any:
    """Return a value, or a list of them, as it will be written."""
    if isinstance(value, (list, tuple)):
        return [_value(event, name, klass, one) for one in value]
    written = CHECKS[klass](value)
    if written is None:
        # The value itself stays out of the message: it may be what must not be seen.
        raise BadField(f"'{event}' was given a value for {name} that is no {klass}.")
    return written


def leaf(
    event: str,
    *,
    kind: Kind,
    by: Actor,
    at: datetime,
    matter: str,
    data: Mapping[str, object],
    salt: bytes,
    payload: Payload | None = None,
) -> Leaf:
    """
    Return the leaf of an event.

    The salt keeps a leaf's hash from being a test of a guess; the sealed part enters by the hash of its
    ciphertext, so that a leaf stays provable after its payload is destroyed.

    :raises UnknownEvent: if the catalogue has no such event of this kind
    :raises BadField: if a value must not stand in the trail
    """
    line = named(event, kind)
    parts: dict[str, object] = {
        "v": VERSION,
        "event": event,
        "kind": kind.value,
        "at": instant(at),
        "by": by.ref,
    }
    if by.agency:
        parts["agency"] = by.agency
    parts["matter"] = matter
    parts["data"] = checked(event, line, data)
    if payload is not None:
        parts["sealed"] = {"epoch": payload.epoch, "sha256": sha256(payload.ciphertext).hexdigest()}
    parts["salt"] = salt.hex()
    body = json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode()
    return Leaf(body, leaf_hash(body), columns(parts), payload)


def columns(said: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what stands beside the bytes of an entry so that it can be found, from what the bytes say.

    `subject` is the first word of the data: by custom the reference that an event is about.
    """
    return {
        "event": said["event"],
        "actor": said["by"],
        "matter": said["matter"],
        "subject": next((value for value in said["data"].values() if isinstance(value, str)), None),
        "at": datetime.fromisoformat(said["at"]),
    }


def receipt_span(text: str) -> tuple[bytes, bytes] | None:
    """Return the first and last leaf hash that a receipt, or the beginning of one, may stand for."""
    digits = text.replace("-", "").replace(" ", "").lower()
    if not re.fullmatch(r"[0-9a-f]{8,64}", digits):
        return None
    return bytes.fromhex(digits.ljust(64, "0")), bytes.fromhex(digits.ljust(64, "f"))


def asked(question: Question) -> dict[str, object]:
    """Return a question as the data of the event that remembers it."""
    return {
        "events": list(question.events) or None,
        "actors": list(question.actors) or None,
        "matter_asked": question.matter or None,
        "about": list(question.about) or None,
        "receipt": question.receipt or None,
        "kind": "clock" if question.processes else question.kind.value if question.kind else None,
        "since": question.since,
        "until": question.until,
    }

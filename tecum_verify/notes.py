"""Signed notes and checkpoints, as C2SP describes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)."""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
LONGEST_NOTE = 65_536
SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadNote(Exception):
    """A note, a checkpoint or a key that is not what it should be; the text says why."""


def decoded(text: str) -> bytes:
    """Return the bytes of standard base64, refusing every other spelling of them."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote(f"This is not base64: {text[:60]!r}") from None
    if base64.b64encode(data).decode() != text:
        raise BadNote(f"This is not base64 as it should be written: {text[:60]!r}")
    return data


def key_id(name: str, public: bytes) -> bytes:
    """Return the four bytes that name an Ed25519 key in a signature line."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


@dataclass(frozen=True)
class PublicKey:
    """A key that checks signatures; its text is `name+id+base64(0x01, key)`, as Go's note package writes it."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """
        Return the key written in a text.

        :raises BadNote: where it is no Ed25519 note key, or its id belongs to another key
        """
        name, plus, rest = text.strip().partition("+")
        identity, _, encoded = rest.partition("+")
        if not plus or not re.fullmatch(r"[^\s+]+", name) or not re.fullmatch(r"[0-9a-f]{8}", identity):
            raise BadNote("This is not a key: it should read NAME+ID+BASE64 on one line.")
        data = decoded(encoded)
        if len(data) != 33 or data[:1] != ED25519:
            raise BadNote("This key is not an Ed25519 key.")
        if key_id(name, data[1:]).hex() != identity:
            raise BadNote("This key is damaged: its id belongs to another key.")
        return cls(name, data[1:])

    def __str__(self) -> str:
        encoded = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{encoded}"

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Tell whether this key made the signature over these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


def opened(note: str, key: PublicKey) -> str:
    """
    Return the text of a note that this key signed; other keys' signatures are passed over.

    :raises BadNote: where the form is wrong or the key did not sign it
    """
    text, lines = _parted(note)
    wanted, found = key_id(key.name, key.public), False
    for line in lines:
        match = SIGNATURE.fullmatch(line)
        if match is None:
            raise BadNote(f"This is not a signature line: {line[:60]!r}")
        data = decoded(match[2])
        if match[1] != key.name or data[:4] != wanted:
            continue
        if not key.signed(text.encode(), data[4:]):
            raise BadNote(f"The signature of {key.name} is false.")
        found = True
    if not found:
        raise BadNote(f"The key {key.name} did not sign this note.")
    return text


def _parted(note: str) -> tuple[str, list[str]]:
    """Return the text of a note, and its signature lines."""
    if len(note) > LONGEST_NOTE:
        raise BadNote("This note is too long.")
    if any(letter < " " and letter != "\n" for letter in note):
        raise BadNote("This note holds control characters.")
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise BadNote("This is not a signed note: a blank line and signature lines are missing at the end.")
    return f"{text}\n", signatures[:-1].split("\n")


@dataclass(frozen=True)
class Checkpoint:
    """The size and root of a log at one moment."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """
        Return the checkpoint in a note's text; extension lines are passed over.

        :raises BadNote: where the form is wrong
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise BadNote("This is not a checkpoint: origin, size and root on three lines.")
        if not SIZE.fullmatch(lines[1]):
            raise BadNote(f"This is not a tree size: {lines[1][:60]!r}")
        root = decoded(lines[2])
        if len(root) != 32:
            raise BadNote("The root of a checkpoint has 32 bytes.")
        return cls(lines[0], int(lines[1]), root)

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def checkpoint(note: str, key: PublicKey) -> Checkpoint:
    """
    Return the checkpoint of a note that this key signed.

    :raises BadNote: where it is not signed or not a checkpoint
    """
    return Checkpoint.read(opened(note, key))

"""The signing key: a file in the format of Go's note package, readable by this user alone."""

import base64
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tecum.kernel.refusals import Refused
from tecum_verify.notes import ED25519, BadNote, PublicKey, decoded, key_id

PRIVATE = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class NoKey(Refused):
    """The trail cannot be signed; the text says what to do."""


class KeyExists(Refused):
    """A key would be overwritten."""


@dataclass(frozen=True)
class SigningKey:
    """The private key with the name it signs under."""

    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """Return the key that others check with."""
        return PublicKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the signed note of a text that ends in a newline."""
        signature = key_id(self.name, self.public.public) + self.private.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(signature).decode()}\n"

    def __str__(self) -> str:
        seed = base64.b64encode(ED25519 + self.private.private_bytes_raw()).decode()
        return f"PRIVATE+KEY+{self.name}+{key_id(self.name, self.public.public).hex()}+{seed}"


def create(path: Path, *, name: str) -> SigningKey:
    """
    Make a key and keep it in a new file that only this user reads.

    :raises KeyExists: where the file is there already; a lost key cannot be made again
    """
    key = SigningKey(name, Ed25519PrivateKey.generate())
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyExists(f"There is a key in {path} already; it stays.") from None
    with os.fdopen(file, "w") as writer:
        writer.write(f"{key}\n")
        writer.flush()
        os.fsync(writer.fileno())
    return key


def load(path: Path) -> SigningKey:
    """
    Return the key in a file.

    :raises NoKey: where there is none, it is damaged, or others may read it
    """
    try:
        text, mode = path.read_text(), stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        raise NoKey(f"The trail has no signing key in {path}. Make one: tecum audit key") from None
    if mode & 0o077:
        raise NoKey(f"Others than its owner may read the signing key in {path}: chmod 600 {path}")
    match = PRIVATE.fullmatch(text.strip())
    try:
        seed = decoded(match[3]) if match else b""
    except BadNote:
        seed = b""
    if match is None or len(seed) != 33 or seed[:1] != ED25519:
        raise NoKey(f"The signing key in {path} cannot be read.")
    key = SigningKey(match[1], Ed25519PrivateKey.from_private_bytes(seed[1:]))
    if key_id(key.name, key.public.public).hex() != match[2]:
        raise NoKey(f"The signing key in {path} is damaged: its id belongs to another key.")
    return key

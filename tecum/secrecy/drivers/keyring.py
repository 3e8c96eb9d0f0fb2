"""
Keys in files. The key-encryption key is a line of the file TECUM_SEALING_KEY_FILE: the first line wraps, all lines
unwrap, so that a key is replaced by a new first line and one `tecum keys rotate`. The key of every retention epoch is
a file of its own in TECUM_EPOCH_KEYS: never in the database, so never in the database's backups.
"""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from tecum.kernel.refusals import Refused
from tecum.secrecy.drivers import envelope

SUFFIX = ".key"


class NoSealingKey(Refused):
    """Nothing can be sealed or read on this machine; the text says what to do."""


class EpochKeyGone(Exception):
    """There is no key of this epoch (any more)."""


def create(path: Path) -> None:
    """
    Make a key-encryption key in a new file, or put a new one before those that a file holds already.

    :raises NoSealingKey: where the file there cannot be read
    """
    older = [base64.b64encode(key).decode() for key in load(path)] if path.exists() else []
    fresh = base64.b64encode(secrets.token_bytes(envelope.KEY)).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    _written(path, "".join(f"{line}\n" for line in (fresh, *older)).encode())


def load(path: Path) -> list[bytes]:
    """
    Return the key-encryption keys, the present one first.

    :raises NoSealingKey: where there is none, it is damaged, or others may read it
    """
    try:
        text, mode = path.read_text("ascii"), stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        raise NoSealingKey(f"There is no sealing key in {path}. Make one: tecum keys create") from None
    except UnicodeDecodeError:
        raise NoSealingKey(f"The sealing key in {path} cannot be read.") from None
    if mode & 0o077:
        raise NoSealingKey(f"Others than its owner may read the sealing key in {path}: chmod 600 {path}")
    try:
        keys = [base64.b64decode(line, validate=True) for line in text.split()]
    except binascii.Error:
        keys = []
    if not keys or any(len(key) != envelope.KEY for key in keys):
        raise NoSealingKey(f"The sealing key in {path} cannot be read: each line is 32 bytes in base 64.")
    return keys


class EpochKeys:
    """The folder with the keys of the epochs."""

    def __init__(self, folder: Path, sealing_keys: Sequence[bytes]) -> None:
        self.folder = folder
        self.sealing_keys = sealing_keys

    def make(self, epoch: str) -> None:
        """Keep a fresh key for an epoch; where another process was first, its key stays."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(epoch)
        if path.exists():
            return
        draft = self.folder / f".{epoch}.{secrets.token_hex(4)}"
        _write(draft, self._wrapped(epoch, secrets.token_bytes(envelope.KEY)))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
            _sync(self.folder)

    def get(self, epoch: str) -> bytes:
        """
        Return the key of an epoch.

        :raises EpochKeyGone: where there is none
        :raises NoSealingKey: where it was wrapped by a key that this machine does not have
        """
        try:
            wrapped = self._path(epoch).read_bytes()
        except FileNotFoundError:
            raise EpochKeyGone(f"There is no key of the epoch {epoch}.") from None
        for key in self.sealing_keys:
            if wrapped[:8] == _name(key):
                return envelope.unwrap(key, wrapped[8:], about=epoch)
        raise NoSealingKey(f"The key of the epoch {epoch} is wrapped by a sealing key that is not here.")

    def destroy(self, epoch: str) -> None:
        """Take an epoch's key out of the world: overwritten, removed, and the folder written to the disk."""
        path = self._path(epoch)
        try:
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink()
        _sync(self.folder)

    def rewrap(self, epoch: str) -> bool:
        """Wrap an epoch's key by the present sealing key; tell whether that was another one before."""
        path = self._path(epoch)
        if path.read_bytes()[:8] == _name(self.sealing_keys[0]):
            return False
        _written(path, self._wrapped(epoch, self.get(epoch)))
        return True

    def names(self) -> list[str]:
        """Return the epochs that have a key here."""
        return sorted(path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}"))

    def _wrapped(self, epoch: str, key: bytes) -> bytes:
        sealing = self.sealing_keys[0]
        return _name(sealing) + envelope.wrap(sealing, key, about=epoch)

    def _path(self, epoch: str) -> Path:
        return self.folder / f"{epoch}{SUFFIX}"


def _name(sealing_key: bytes) -> bytes:
    """Return eight bytes that tell sealing keys apart and say nothing about them."""
    return sha256(b"tecum sealing key" + sealing_key).digest()[:8]


def _written(path: Path, content: bytes) -> None:
    """Put a file in the place of another in one step."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write(draft, content)
    draft.replace(path)
    _sync(path.parent)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""
The envelope, version 1: AES-256-GCM in chunks of one MiB, so that no file has to fit into memory.

`TCE1`, 32 bytes of salt, then the chunks, each followed by its tag of 16 bytes. From the data key and the salt HKDF
makes a key and a nonce prefix for this envelope alone; the nonce is prefix (7), number of the chunk (4), and whether it
is the last (1), so that chunks cannot be dropped, swapped or repeated. What an envelope is about is its associated
data: one that is put in another's place does not open.
"""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"TCE1"
SALT, TAG, KEY, PREFIX, NONCE = 32, 16, 32, 7, 12
HEAD = len(MAGIC) + SALT
CHUNK = 1 << 20


class Tampered(Exception):
    """The bytes are not what was sealed under this key about this thing."""


def seal(key: bytes, content: Iterable[bytes], *, about: str) -> Iterator[bytes]:
    """Yield the envelope of a content that comes in pieces of any size."""
    salt = secrets.token_bytes(SALT)
    cipher, prefix = _cipher(key, salt)
    yield MAGIC + salt
    pieces = _chunked(content, CHUNK)
    number, piece = 0, next(pieces)
    for following in pieces:
        yield cipher.encrypt(_nonce(prefix, number, last=False), piece, about.encode())
        number, piece = number + 1, following
    yield cipher.encrypt(_nonce(prefix, number, last=True), piece, about.encode())


def unseal(key: bytes, sealed: Iterable[bytes], *, about: str) -> Iterator[bytes]:
    """
    Yield the content of an envelope, each chunk only after it was proven.

    :raises Tampered: at the first byte that is not as it was sealed, or where something is missing at the end
    """
    stream = _Stream(sealed)
    head = stream.take(HEAD)
    if len(head) != HEAD or head[: len(MAGIC)] != MAGIC:
        raise Tampered("This is no envelope of version 1.")
    cipher, prefix = _cipher(key, head[len(MAGIC) :])
    pieces = _chunked(stream.rest(), CHUNK + TAG)
    number, piece = 0, next(pieces)
    for following in pieces:
        yield _opened(cipher, _nonce(prefix, number, last=False), piece, about)
        number, piece = number + 1, following
    yield _opened(cipher, _nonce(prefix, number, last=True), piece, about)


def wrap(key: bytes, inner: bytes, *, about: str) -> bytes:
    """Return a key inside another: 12 bytes of nonce, the key, 16 of tag."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, inner, about.encode())


def unwrap(key: bytes, wrapped: bytes, *, about: str) -> bytes:
    """Return the inner key. :raises Tampered: when it was not wrapped by this key about this thing"""
    return _opened(AESGCM(key), wrapped[:NONCE], wrapped[NONCE:], about)


def derived(key: bytes, purpose: str) -> bytes:
    """Return a key for one other purpose."""
    return HKDF(SHA256(), KEY, salt=None, info=f"tecum {purpose}".encode()).derive(key)


def _opened(cipher: AESGCM, nonce: bytes, piece: bytes, about: str) -> bytes:
    try:
        return cipher.decrypt(nonce, piece, about.encode())
    except (InvalidTag, ValueError) as wrong:
        raise Tampered("These bytes are not what was sealed.") from wrong


def _cipher(key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    made = HKDF(SHA256(), KEY + PREFIX, salt=salt, info=b"tecum envelope 1").derive(key)
    return AESGCM(made[:KEY]), made[KEY:]


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _chunked(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes in chunks of one size, the last one shorter; one empty chunk for nothing."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size])
            del held[:size]
    yield bytes(held)


class _Stream:
    """Takes an exact number of bytes off the beginning of a series of pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = iter(pieces)
        self.held = b""

    def take(self, count: int) -> bytes:
        while len(self.held) < count:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.held += piece
        taken, self.held = self.held[:count], self.held[count:]
        return taken

    def rest(self) -> Iterator[bytes]:
        yield self.held
        yield from self.pieces

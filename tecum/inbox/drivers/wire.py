"""How the two ends of a reader's pipe part one piece of bytes from the next."""

import struct
from typing import BinaryIO, cast

LENGTH = struct.Struct(">Q")


def packed(piece: bytes) -> bytes:
    """Return a piece behind its length."""
    return LENGTH.pack(len(piece)) + piece


def taken(stream: object) -> bytes | None:
    """Return the next whole piece of a stream, or None at its end."""
    reader = cast("BinaryIO", stream)
    head = reader.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = reader.read(length)
    return content if len(content) == length else None

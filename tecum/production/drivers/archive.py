"""A ZIP that is written piece by piece: the same bag gives the same bytes, and no file has to fit into memory."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

EPOCH = (1980, 1, 1, 0, 0, 0)
LEVEL = 6
LARGE = 2_000_000_000  # from here on an entry announces 64-bit sizes
MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the bag; `size` is what is expected, in bytes."""

    path: str
    content: Iterable[bytes]
    size: int


class _Sink:
    """Takes what zipfile writes; it can go neither back nor forth, so that everything can leave at once."""

    def __init__(self) -> None:
        self.held = bytearray()
        self.at = 0

    def write(self, data: bytes) -> int:
        self.held += data
        self.at += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        """Return what was written since the last look."""
        data = bytes(self.held)
        self.held.clear()
        return data


def pack(members: Sequence[Member], *, folder: str) -> Iterator[bytes]:
    """Yield the bytes of a ZIP that holds the members in one folder, in the order of their paths."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:  # type: ignore[call-overload]
        for member in sorted(members, key=lambda each: each.path):
            entry = zipfile.ZipInfo(f"{folder}/{member.path}", EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, MODE, 3
            with archive.open(entry, "w", force_zip64=member.size >= LARGE) as out:
                for piece in member.content:
                    out.write(piece)
                    if sink.held:
                        yield sink.taken()
    yield sink.taken()

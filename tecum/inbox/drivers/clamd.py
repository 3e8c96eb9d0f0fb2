"""ClamAV's daemon, asked over its stream. Its "OK" is not "clean": it is one sign among others."""

import socket
import struct

SECONDS = 30.0
PIECE = 1 << 16


class NoScanner(Exception):
    """The daemon does not answer, or would not read this."""


def scan(content: bytes, *, address: str) -> str:
    """
    Return the name of what was found, "" for nothing. `address` is a socket's path or host:port.

    :raises NoScanner: when nothing can be said
    """
    try:
        with _connected(address) as link:
            link.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), PIECE):
                piece = content[at : at + PIECE]
                link.sendall(struct.pack(">I", len(piece)) + piece)
            link.sendall(struct.pack(">I", 0))
            answer = link.makefile("rb").read().rstrip(b"\0\n").decode("utf-8", "replace")
    except OSError as fault:
        raise NoScanner(type(fault).__name__) from fault
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    if answer.endswith("OK"):
        return ""
    raise NoScanner(answer[:200])


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(SECONDS)
        try:
            link.connect(address)
        except OSError:
            link.close()
            raise
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), SECONDS)

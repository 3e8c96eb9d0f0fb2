"""
One request to an address that a stranger named: https only, to an address of the public network, within a time.

What a name resolves to is judged at the moment of connecting, and that very address is connected to: a name that
changes its mind between the two (DNS rebinding) reaches nothing inside. Nothing is followed.
"""

import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

PATIENCE = 10.0  # seconds, for all of it: a peer that sends a byte now and then holds nothing up for longer
ENOUGH = 4096  # bytes of the answer that are looked at
HIDES_ANOTHER = (
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
    ip_network("2001::/32"),
)


class NotOutside(Exception):
    """The address lies inside, or is none that can be posted to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: its code, its words."""

    code: int
    words: str


def fit(address: str, *, loopback: bool = False) -> str:
    """Return an address that can be posted to, as it is kept. :raises NotOutside: with a sentence"""
    parts = urlsplit(address.strip())
    try:
        port = parts.port
    except ValueError:
        raise NotOutside("The address names a port that there is not.") from None
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise NotOutside("Give the whole address, https://…, without a user name and without a #.")
    if len(address) > 500 or any(ord(each) < 33 or ord(each) > 126 for each in address.strip()):
        raise NotOutside("The address has characters that none has, or is too long.")
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise NotOutside("The address must begin with https://.")
    if port is not None and port not in {443, 8443} and not loopback:
        raise NotOutside("Only the ports 443 and 8443 are posted to.")
    with suppress(ValueError):  # a name: judged when it is resolved
        outside(parts.hostname, loopback=loopback)
    return address.strip()


def outside(address: str, *, loopback: bool = False) -> None:
    """
    Let an address of the public network pass.

    :raises NotOutside: for every other
    :raises ValueError: for what is no address
    """
    found = ip_address(address.strip("[]").partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if loopback and found.is_loopback:
        return
    if not found.is_global or found.is_multicast or any(found in each for each in HIDES_ANOTHER):
        raise NotOutside("The address does not lie in the public network.")


def post(
    address: str,
    *,
    content: bytes,
    headers: Mapping[bytes | str, bytes | str],
    loopback: bool = False,
    patience: float = PATIENCE,
) -> Answer:
    """
    Post once and return what was said.

    :raises NotOutside: when the address lies inside
    :raises httpcore.NetworkError: and the other faults of httpcore and of TLS
    """
    fit(address, loopback=loopback)
    network = _Outside(time.monotonic() + patience, loopback=loopback)
    with httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(), network_backend=network, max_connections=1
    ) as pool, pool.stream("POST", address, headers=headers, content=content) as answer:  # fmt: skip
        read = b""
        for piece in answer.iter_stream():
            read += piece
            if len(read) > ENOUGH:
                break
        reason = answer.extensions.get("reason_phrase", b"").decode("ascii", "replace")
        return Answer(answer.status, reason)


class _Outside(httpcore.NetworkBackend):
    """Resolves, judges, and connects to what it judged; all of it ends at one instant."""

    def __init__(self, until: float, *, loopback: bool) -> None:
        self.until, self.loopback, self.real = until, loopback, httpcore.SyncBackend()

    def left(self, wanted: float | None = None) -> float:
        """Return the seconds that are left. :raises httpcore.ReadTimeout: when there are none"""
        rest = self.until - time.monotonic()
        if rest <= 0:
            raise httpcore.ReadTimeout("the time was over")
        return rest if wanted is None else min(rest, wanted)

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """Connect to the first address of a name, once every one of them lies outside."""
        try:
            found = sorted(
                {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
            )
        except OSError as fault:
            raise httpcore.ConnectError(f"no such name: {fault.strerror}") from fault
        for each in found:
            outside(each, loopback=self.loopback)
        stream = self.real.connect_tcp(
            found[0], port, timeout=self.left(timeout), local_address=local_address
        )
        return _Timed(stream, self)

    def connect_unix_socket(self, *_a: Any, **_k: Any) -> httpcore.NetworkStream:
        """Refuse. :raises NotOutside: always"""
        raise NotOutside("A socket of this machine is not posted to.")


class _Timed(httpcore.NetworkStream):
    """A stream whose every step ends when the whole must."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Outside) -> None:
        self.stream, self.clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read in what time is left."""
        return self.stream.read(max_bytes, timeout=self.clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write in what time is left."""
        self.stream.write(buffer, timeout=self.clock.left(timeout))

    def close(self) -> None:
        """Close."""
        self.stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Begin TLS in what time is left; the certificate is that of the name, not of the address."""
        begun = self.stream.start_tls(ssl_context, server_hostname, timeout=self.clock.left(timeout))
        return _Timed(begun, self.clock)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection."""
        return self.stream.get_extra_info(info)

"""A list at an address: pages of JSON, the whole of it, told apart by its ETag."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from tecum.guide.model.subscribers import SubscriberSource
from tecum.records.drivers.subscriber_sources.connector import CannotList, Line, Unchanged

ATTEMPTS, FIRST_WAIT = 5, 0.5
TIMEOUT = httpx.Timeout(60, connect=10)
AGAIN = {429, 500, 502, 503, 504}
MOST_PAGES = 1_000_000


class HttpList:
    """The pages behind one address, from the first to the last; `known` is the ETag of the list that we have."""

    def __init__(
        self,
        address: str,
        source: SubscriberSource,
        *,
        token: str = "",
        known: str = "",
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address, self.source, self.known, self.wait = address, source, known, wait
        host = urlsplit(address)
        if host.scheme != "https" and host.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise CannotList("The address of a subscriber list begins with https://.")
        self.name = (host.hostname or "")[:255]
        self.etag = ""
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.client = httpx.Client(
            headers=headers, timeout=TIMEOUT, transport=transport, follow_redirects=False
        )
        self._first: Mapping[str, Any] | None = None

    def header(self) -> list[str]:
        """Return the keys of the first row. :raises Unchanged: where the list is the one that we have"""
        rows = self._rows(self._begin())
        return list(rows[0]) if rows else []

    def lines(self) -> Iterator[Line]:
        """Yield the rows of every page, and check at the end that they are as many as the list said."""
        page, at, seen, here = self._begin(), 0, {self.address}, self.address
        total = page.get(self.source.total) if self.source.total else None
        while True:
            for row in self._rows(page):
                at += 1
                yield _line(at, row)
            following = page.get(self.source.next)
            if not following:
                break
            here = self._next(here, str(following), seen)
            page = self._page(here)
        if total is not None and total != at:
            raise CannotList(f"{self.name} announced {total} rows and gave {at}. Nothing was changed.")

    def _begin(self) -> Mapping[str, Any]:
        if self._first is None:
            self._first = self._page(self.address, first=True)
        return self._first

    def _next(self, here: str, following: str, seen: set[str]) -> str:
        """Return the address of the next page: on the same host, and none twice."""
        address = urljoin(here, following)
        if urlsplit(address)[:2] != urlsplit(self.address)[:2]:
            raise CannotList(f"{self.name} sends us to another host for its next page. Nothing was changed.")
        if address in seen or len(seen) >= MOST_PAGES:
            raise CannotList(f"The pages of {self.name} lead in a circle. Nothing was changed.")
        seen.add(address)
        return address

    def _rows(self, page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        rows = page.get(self.source.rows)
        if not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows):
            raise CannotList(f"A page of {self.name} has no list of rows under '{self.source.rows}'.")
        return rows

    def _page(self, address: str, *, first: bool = False) -> Mapping[str, Any]:
        answer = self._asked(address, {"If-None-Match": self.known} if first and self.known else {})
        if first and answer.status_code == httpx.codes.NOT_MODIFIED:
            raise Unchanged(f"{self.name} says that its list has not changed.")
        if answer.status_code != httpx.codes.OK:
            raise CannotList(f"{self.name} answered {answer.status_code}. Nothing was changed.")
        if first:
            self.etag = answer.headers.get("ETag", "")[:255]
        try:
            page = answer.json()
        except ValueError:
            raise CannotList(f"A page of {self.name} is no JSON, or was cut. Nothing was changed.") from None
        if not isinstance(page, dict):
            raise CannotList(f"A page of {self.name} is not an object. Nothing was changed.")
        return page

    def _asked(self, address: str, headers: Mapping[str, str]) -> httpx.Response:
        """Ask, and ask again after a while where that may help."""
        said = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self.wait(FIRST_WAIT * 2 ** (attempt - 1))
            try:
                answer = self.client.get(address, headers=headers)
            except httpx.TransportError as wrong:
                said = type(wrong).__name__
                continue
            if answer.status_code not in AGAIN:
                return answer
            said = str(answer.status_code)
        raise CannotList(
            f"{self.name} could not be read in {ATTEMPTS} attempts ({said}). Nothing was changed."
        )


def _line(at: int, row: Mapping[str, Any]) -> Line:
    nested = [name for name, value in row.items() if isinstance(value, dict)]
    if nested:
        return Line(at, {}, f"The column {nested[0][:40]} holds an object.")
    return Line(at, {name: _text(value) for name, value in row.items()})


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(str(each) for each in value)
    return "" if value is None else str(value)

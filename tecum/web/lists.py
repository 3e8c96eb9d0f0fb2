"""Long lists in pages."""

from collections.abc import Sequence
from typing import Any, TypeVar, overload

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ON_A_PAGE = 50
T = TypeVar("T")


class Found(Sequence[T]):
    """A list of which only the page that is shown was read."""

    def __init__(self, lines: Sequence[T], count: int) -> None:
        self.lines, self.count_all = lines, count

    def __len__(self) -> int:
        return self.count_all

    @overload
    def __getitem__(self, wanted: int) -> T: ...
    @overload
    def __getitem__(self, wanted: slice) -> Sequence[T]: ...
    def __getitem__(self, wanted: int | slice) -> T | Sequence[T]:
        return self.lines if isinstance(wanted, slice) else self.lines[wanted]


def page_of(rows: Sequence[Any], request: HttpRequest) -> Page[Any]:
    """Return the page of a list that the address asks for; the nearest one where it asks for nonsense."""
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))

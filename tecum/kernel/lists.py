"""Long lists: what is shown is read and no more, and none of it is cut off in silence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar, overload

T = TypeVar("T")


class Rows(Protocol):
    """What can be counted and read in stretches, as the rows of a table can."""

    def count(self) -> int: ...
    def __getitem__(self, wanted: slice, /) -> Iterable[Any]: ...


class Long(Sequence[T]):
    """
    Rows as their readers see them: a page shows the stretch that it asks for, and says how many there are.

    `views` is given the rows of one stretch together, so that what they need besides is asked for once.
    """

    def __init__(self, rows: Rows, views: Callable[[Sequence[Any]], Sequence[T]]) -> None:
        self._rows, self._views = rows, views
        self._length: int | None = None

    @classmethod
    def of(cls, rows: Rows, view: Callable[[Any], T]) -> "Long[T]":
        """Return a list whose rows are seen one by one."""
        return cls(rows, lambda found: [view(row) for row in found])

    def __len__(self) -> int:
        if self._length is None:
            self._length = self._rows.count()
        return self._length

    @overload
    def __getitem__(self, wanted: int) -> T: ...
    @overload
    def __getitem__(self, wanted: slice) -> Sequence[T]: ...
    def __getitem__(self, wanted: int | slice) -> T | Sequence[T]:
        if isinstance(wanted, slice):
            return self._views(list(self._rows[wanted]))
        return self._views(list(self._rows[slice(wanted, wanted + 1)]))[0]

    def __iter__(self) -> Iterator[T]:
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

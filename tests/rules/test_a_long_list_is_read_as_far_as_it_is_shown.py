"""A list may be long: what is shown of it is read, and how long it is can be said."""

from tecum.kernel.lists import Long


class Shelf(list):
    """Rows that remember which stretches were read."""

    def __init__(self, rows):
        super().__init__(rows)
        self.reads = []

    def count(self):
        return len(self)

    def __getitem__(self, wanted):
        self.reads.append(wanted)
        return super().__getitem__(wanted)


def test_a_page_reads_its_own_stretch_and_no_other():
    shelf = Shelf(range(1000))
    seen = Long(shelf, lambda rows: [f"row {row}" for row in rows])

    assert len(seen) == 1000
    assert seen[50:52] == ["row 50", "row 51"]
    assert seen[999] == "row 999"
    assert shelf.reads == [slice(50, 52), slice(999, 1000)]


def test_who_walks_through_all_of_it_meets_every_row_once():
    assert list(Long.of(Shelf("abc"), str.upper)) == ["A", "B", "C"]
    assert not Long.of(Shelf(""), str.upper)


def test_two_lists_are_alike_when_their_rows_are():
    assert Long.of(Shelf("ab"), str.upper) == ["A", "B"]
    assert Long.of(Shelf("ab"), str.upper) != Long.of(Shelf("ab"), str.lower)

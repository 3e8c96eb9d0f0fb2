"""What must hold between the tables of a guide before it can be used at all."""

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tecum.guide.binding import day_of
from tecum.guide.model.fees import UNITS
from tecum.guide.nodes import Array, Leaf, Table
from tecum.guide.problems import Place, Problem, meant
from tecum.guide.wording import Wording, undefined, variable

WORDING = "wording"


def dangling(tree: Table, texts: set[str], references: list[tuple[str, str, Place]]) -> Iterator[Problem]:
    """Yield one problem for each reference to an id that no table has."""
    ids = {name: set(_ids(node)) for name, node in tree.items.items() if isinstance(node, Array)}
    ids[WORDING] = texts
    ids["units"] = ids.get("units", set()) | set(UNITS)
    for collections, wanted, place in references:
        known = set().union(*(ids.get(name, set()) for name in collections.split("|")))
        if wanted not in known:
            what = " or ".join(
                f"[[{name}]]" if name != WORDING else "wording/" for name in collections.split("|")
            )
            yield Problem(place, "unknown-id", f"'{wanted}' is not an id in {what}.", meant(wanted, known))


def repeated(tree: Table) -> Iterator[Problem]:
    """Yield one problem for each id that two tables share on one day, and for a gap between its versions."""
    for name, node in tree.items.items():
        if not isinstance(node, Array):
            continue
        tables = [item for item in node.items if isinstance(item, Table) and item.text("id")]
        for entry_id, same in itertools.groupby(
            sorted(tables, key=_id_and_start), key=lambda t: t.text("id")
        ):
            yield from _versions(name, entry_id, list(same))


def _versions(collection: str, entry_id: str, same: list[Table]) -> Iterator[Problem]:
    for earlier, later in itertools.pairwise(same):
        ends, begins = _date(earlier, "effective_until"), _date(later, "effective_from")
        if ends is None or begins is None or ends > begins:
            sentence = (
                f"'{entry_id}' stands twice in [[{collection}]] for the same days (also at {earlier.place})."
            )
            hint = "Give each its own id, or end the first with effective_until where the second begins."
            yield Problem(later.place, "overlap", sentence, hint)
        elif ends < begins:
            yield Problem(later.place, "gap", f"Nothing holds for '{entry_id}' from {ends} until {begins}.")


def undefined_variables(tree: Table, texts: dict[str, Wording], root: Path) -> Iterator[Problem]:
    """Yield one problem for each variable of a text that is neither declared nor a fact of the guide."""
    facts = fact_names(tree)
    for text in texts.values():
        lines = (root / text.place.file).read_text(encoding="utf-8", errors="replace").split("\n")
        yield from undefined(text, lines, facts)


def fact_names(tree: Table) -> set[str]:
    """Return the variables that every text may use; `Guide.facts` gives their values."""
    found = {"carrier", "carrier_short", "quota_limit", "quota_batch"}
    ids = {name: list(_ids(node)) for name, node in tree.items.items() if isinstance(node, Array)}
    found |= {f"mail_{variable(box)}" for box in ids.get("mailboxes", [])}
    found |= {f"hours_{variable(calendar)}" for calendar in ids.get("calendars", [])}
    found |= {
        f"{kind}_{variable(desk)}"
        for desk in ids.get("desks", [])
        for kind in ("name", "phone", "fax", "email")
    }
    return found


def _ids(node: Array) -> Iterator[str]:
    for item in node.items:
        if isinstance(item, Table):
            yield item.text("id")


def _id_and_start(table: Table) -> tuple[str, date]:
    return table.text("id"), _date(table, "effective_from") or date.min


def _date(table: Table, key: str) -> date | None:
    node = table.items.get(key)
    return day_of(node.value) if isinstance(node, Leaf) else None

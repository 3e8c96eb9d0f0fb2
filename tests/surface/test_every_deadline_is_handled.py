"""Every kind of deadline that there is has an operation that is called when it is due."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tecum.deadlines.catalogue import KINDS
from tecum.jobs.lanes import all_lanes
from tecum.jobs.table import TABLE

ROOT = Path(__file__).resolve().parents[2] / "tecum"
# Lanes that another loop than the due-table's worker claims from.
ELSEWHERE = {
    "mail-urgent",
    "mail",
    "mail-bulk",
    "papers",
    "production",
    "searches",
    "terminate",
    "switches",
    "surveillance",
}


def test_every_kind_of_the_catalogue_is_handled_and_nothing_else() -> None:
    ours = {name for name, kind in KINDS.items() if kind.lane not in ELSEWHERE}

    assert ours == set(TABLE)


def test_every_lane_of_the_catalogue_is_run() -> None:
    assert {kind.lane for kind in KINDS.values()} <= set(all_lanes()) | ELSEWHERE


@cache
def texts() -> frozenset[str]:
    """Return every piece of text in our source, but for the catalogue and what serves it."""
    return frozenset(
        node.value
        for path in ROOT.rglob("*.py")
        if path.parent.name not in {"jobs"} and path.name != "catalogue.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_armed_by_somebody(kind: str) -> None:
    assert kind in texts()

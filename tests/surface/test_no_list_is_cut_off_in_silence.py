"""
A query that returns the first so many rows and says nothing hides the rest from whoever works through a list.

What may grow returns `kernel.lists.Long`, which a page leads through. Every other cut in a module of queries stands
below with what is said of it; a line that is no longer needed fails too.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHORT = 20  # a handful of the latest, beside what is shown whole

PAGES = "a page of a longer list, which says whether more follow"
LATEST = "the latest of a history; the trail has all of it"
TEXT = "part of a text, no rows"
CUTS = {
    ("approvals", "history"): LATEST,
    ("assurance", "findings"): LATEST,
    ("audit", "search"): PAGES,
    ("audit", "timeline"): "the caller asks for the latest so many, and shows a link to all",
    ("cases", "cases"): PAGES,
    ("demands", "drafts"): "nobody may keep more than twenty (TooManyDrafts)",
    ("demands", "queue"): PAGES,
    ("inbox", "lane_of"): TEXT,
    ("inventory", "loads"): LATEST,
    ("notices", "carry"): TEXT,
    ("notices", "deliveries"): LATEST,
    ("records", "deliveries"): LATEST,
    ("records", "lists"): LATEST,
    ("records", "purges"): LATEST,
    ("surveillance", "to_extend"): "suggestions while nothing is known; any other is found by its reference",
}


def cuts(source: str) -> set[str]:
    """Return the functions that cut something off at its head."""
    found = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
                    upper = node.slice.upper
                    few = (
                        isinstance(upper, ast.Constant)
                        and isinstance(upper.value, int)
                        and upper.value < SHORT
                    )
                    if upper is not None and node.slice.lower is None and not few:
                        found.add(function.name)
    return found


def test_every_list_that_a_query_cuts_off_says_so():
    modules = [*ROOT.glob("tecum/*/queries.py"), *ROOT.glob("tecum/*/queries/*.py")]
    found = {
        (module.relative_to(ROOT).parts[1], name) for module in modules for name in cuts(module.read_text())
    }

    assert found - CUTS.keys() == set(), "return a kernel.lists.Long, or say here what is told of the rest"
    assert CUTS.keys() - found == set(), "no longer needed"


def test_a_cut_is_noticed_and_a_handful_is_none():
    assert cuts("def a(rows):\n    return [b for b in rows[:200]]") == {"a"}
    assert cuts("def a(rows, limit):\n    return rows[:limit]") == {"a"}
    assert cuts("def a(rows):\n    return rows[:10], rows[2:], rows[1:300]") == set()

"""Whoever reads finds: every page of the docs stands on the index, and every link leads to a file."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def links(page: Path) -> set[Path]:
    return {(page.parent / found).resolve() for found in LINK.findall(page.read_text(encoding="utf-8"))}


def test_every_page_of_the_docs_stands_on_the_index():
    pages = {page for page in DOCS.rglob("*.md") if page.parent != DOCS}

    assert sorted(pages - links(DOCS / "README.md")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page):
    assert sorted(target for target in links(page) if not target.exists()) == []

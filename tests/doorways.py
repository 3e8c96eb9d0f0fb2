"""A carrier whose guide names the page and programs as channels of legal process, for tests that hand demands in."""

import re
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from tecum.cases.facts import Asked
from tecum.demands.rules.submitting import Submission
from tecum.kernel.periods import Period
from tecum.process.facts import Brought, Said
from tests.letters import a_pdf
from tests.make import NOON

ROOT = Path(__file__).resolve().parents[1]
CHANNELS = """
[[channels]]
id = "portal"
kind = "portal"
desk = "legal"

[[channels]]
id = "api"
kind = "api"
desk = "legal"
"""


def write_guide(folder: Path, *, extra: str = "", fetching: bool = True) -> str:
    """Write the example's guide with both doors open, and return where it lies."""
    guide = folder / "guides" / "example"
    shutil.copytree(ROOT / "guides" / "example", guide)
    file = guide / "process.toml"
    said = file.read_text()
    closed = re.compile(r'\[\[channels\]\]\nid = "portal"\n.*?(?=\n\[\[|\Z)', re.S)
    file.write_text(closed.sub("", said) + CHANNELS + extra)
    head = guide / "guide.toml"
    head.write_text(
        head.read_text().replace("[productions]\n", f"[productions]\nby_program = {str(fetching).lower()}\n")
    )
    return str(guide)


@pytest.fixture
def doors_open(tmp_path: Path, settings) -> None:
    """Open the page and programs for legal process."""
    settings.TECUM_GUIDE = write_guide(tmp_path)


PERIOD = Period(NOON - timedelta(days=20), NOON - timedelta(days=10))
SAID = Said(process="subpoena", number="GJ-114", issuer="Marrow County Grand Jury", issued_on=date(2026, 9, 4), signed=True, signed_by="prosecutor")  # fmt: skip


def handed_in(*numbers: str, papers: Sequence[tuple[str, bytes]] = (), said: Said = SAID, product: str = "cdr") -> Submission:  # fmt: skip
    """Return a demand as an officer hands it in; with one good paper where none is given."""
    given = papers or [("gj114.pdf", a_pdf())]
    return Submission(
        said=said,
        targets=tuple(Asked(each, PERIOD, product) for each in numbers or ("2925550142",)),
        papers=tuple(Brought(name, content) for name, content in given),
    )

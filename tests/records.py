"""A record store for a test: fresh, with a guide of its own, filled from plain lines through the real load."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.records import operations as records
from tecum.records.drivers import choice
from tecum.records.rules.scope import Grant, Scope
from tests.make import NOON

LOADER = Actor.operator("root", frozenset({"records.load", "records.read"}))
ANALYST = Actor.operator("analyst", frozenset({"records.search", "records.hold", "records.read"}))
HEADER = "ID,A,B,START,SECS,MSC"
TARGET = "2925550142"
OTHER, THIRD = "3925550101", "4935550177"

GUIDE = """
[guide]
name = "plains"
version = "1"
effective_from = 2020-01-01
[carrier]
name = "Plains"
zone = "America/New_York"

[[products]]
id = "toll"
name = "Toll records"
[[products]]
id = "fraud_report"
name = "Fraud report"
[[products]]
id = "calls_to"
name = "Calls to a destination"

[[record_stores]]
id = "toll"
name = "Toll records"
products = ["toll", "calls_to"]
keeps = "18 months"
[[record_stores]]
id = "fraud"
name = "Fraud"
products = ["fraud_report"]
keeps = "30 days"
quiet = "1 hour"

[[switch_formats]]
id = "msc"
name = "Switches"
store = "fraud"
files = ["msc*"]
zone = "UTC"
columns = { record_id = "ID", calling = ["A", "A_NUMBER"], called = "B", start = "START", duration = "SECS", switch = "MSC" }
numbers = { country_code = "either", home_area = "292" }
[[switch_formats]]
id = "rated"
name = "Rated calls"
store = "toll"
files = ["rated*"]
columns = { record_id = "ID", calling = "A", called = "B", start = "START", duration = "SECS", switch = "MSC" }
"""


@pytest.fixture
def store(settings, tmp_path, monkeypatch) -> Iterator[Path]:
    """Give this test stores and a guide of its own; what it is asked to load it writes into the folder it gets."""
    guides = tmp_path / "guides" / "plains"
    guides.mkdir(parents=True)
    (guides / "guide.toml").write_text(GUIDE)
    settings.DATA = tmp_path
    settings.TECUM_RECORDS = str(tmp_path / "records")
    settings.TECUM_RECORDS_MEMORY = "500MB"
    settings.TECUM_GUIDE = str(guides)
    yield tmp_path
    choice.engine().close()
    choice._engine.cache_clear()


def more_guide(folder: Path, text: str) -> None:
    """Add to the guide of this test."""
    path = folder / "guides" / "plains" / "guide.toml"
    path.write_text(path.read_text() + text)


def line(
    number: int,
    *,
    a: str = TARGET,
    b: str = OTHER,
    at: datetime = NOON - timedelta(hours=2),
    secs: int = 60,
    msc: str = "M1",
) -> str:
    return f"R{number},{a},{b},{at:%Y-%m-%d %H:%M:%S},{secs},{msc}"


def write(path: Path, lines: Iterable[str], *, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def load(
    folder: Path,
    lines: Iterable[str],
    name: str = "msc-1.csv",
    *,
    now: datetime = NOON,
    header: str = HEADER,
    **more,
):
    return records.load(write(folder / name, lines, header=header), by=LOADER, now=now, **more)


def scope(
    *numbers: str, product: str = "fraud_report", period: Period | None = None, matter: str = "matter-1"
) -> Scope:
    period = period or Period(NOON - timedelta(days=40), NOON)
    return Scope(
        matter, "1", tuple(Grant(product, number, period, "paragraph 1") for number in numbers or (TARGET,))
    )


def ids(rows: records.Rows) -> list[str]:
    with rows as found:
        return [record.record_id for record in found]


def found(number: str = TARGET, *, now: datetime = NOON, product: str = "fraud_report", **more) -> list[str]:
    """Return the record ids of one number, as the analyst finds them."""
    return ids(
        records.calls_of(
            scope(number, product=product, **more), product=product, number=number, by=ANALYST, now=now
        )
    )


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


Loading = Callable[..., records.LoadReport]

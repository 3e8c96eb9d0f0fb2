"""The copies that make the trail provable: left whole, left once, found again, missed without harm."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.drivers import anchors
from tests.trails import NOON, ORIGIN, RUIZ


def sealed(entries: int) -> None:
    for n in range(entries):
        audit.note("trail.searched", by=RUIZ, at=NOON, found=n, shown=1)
    while audit.seal(now=NOON):
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_every_checkpoint_is_left_outside_once_and_read_back(outside):
    notes = []
    for _ in range(5):
        sealed(3)
        notes.append(audit.publish_checkpoint(now=NOON).note)
        audit.publish_checkpoint(now=NOON)

    assert [text for _, text in anchors.kept(outside, origin=ORIGIN)] == notes
    assert (queries.state().anchored, queries.state().not_anchored) == (15, 0)


@pytest.mark.django_db(transaction=True)
def test_a_place_that_cannot_be_reached_stops_nobody_and_gets_the_next_one(outside, settings, tmp_path):
    wall = tmp_path / "wall"
    wall.write_text("a file where a folder should be")
    settings.TECUM_TRAIL_ANCHORS = [str(wall), str(outside)]
    sealed(3)

    assert audit.publish_checkpoint(now=NOON).size == 3
    wall.unlink()
    assert audit.publish_checkpoint(now=NOON + timedelta(seconds=30)).size == 3

    assert anchors.kept(wall, origin=ORIGIN) == [
        (str(anchors.file_of(wall, origin=ORIGIN, size=3)), queries.latest_checkpoint().note)
    ]


@pytest.mark.django_db(transaction=True)
def test_an_empty_trail_has_nothing_to_sign(outside):
    assert audit.publish_checkpoint(now=NOON) is None
    assert not outside.exists()


def test_a_checkpoint_left_once_is_never_replaced(tmp_path: Path):
    anchors.leave(tmp_path, origin=ORIGIN, size=7, note="first")
    anchors.leave(tmp_path, origin=ORIGIN, size=7, note="first")

    with pytest.raises(anchors.Contradicted):
        anchors.leave(tmp_path, origin=ORIGIN, size=7, note="second")

    assert [text for _, text in anchors.kept(tmp_path, origin=ORIGIN)] == ["first"]
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["000000000007.checkpoint"]


def test_of_many_checkpoints_some_are_read_evenly_spread_and_always_the_newest(tmp_path: Path):
    for size in range(1, 60_000, 1_000):
        anchors.leave(tmp_path, origin=ORIGIN, size=size, note=str(size))

    found = [int(text) for _, text in anchors.kept(tmp_path, origin=ORIGIN, most=8)]

    assert len(found) <= 8
    assert found == sorted(found)
    assert (found[-1], found[0] < 20_000) == (59_001, True)


def test_two_logs_in_one_place_are_not_mixed_up(tmp_path: Path):
    anchors.leave(tmp_path, origin="example.net/trail", size=1, note="old")
    anchors.leave(tmp_path, origin="example.net/trail-2", size=1, note="new")

    assert [text for _, text in anchors.kept(tmp_path, origin="example.net/trail")] == ["old"]
    assert anchors.kept(tmp_path / "nowhere", origin=ORIGIN) == []

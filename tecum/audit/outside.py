"""The checkpoints that places outside keep: what a copy that is put back is held against."""

from pathlib import Path

from django.conf import settings

from tecum.audit.drivers import anchors, keys
from tecum.kernel.refusals import Refused
from tecum_verify.notes import BadNote, checkpoint


class NoCheckpoint(Refused):
    """A text that is no checkpoint which our key signed."""


def size_of(note: str) -> int:
    """Return how many entries a checkpoint covers. :raises NoCheckpoint: where our key did not sign it"""
    try:
        return checkpoint(note, keys.load(Path(settings.TECUM_TRAIL_KEY_FILE)).public).size
    except BadNote as fault:
        raise NoCheckpoint(f"This is no checkpoint of ours: {fault}") from None


def newest(origin: str) -> str:
    """Return the newest checkpoint of a log that any place outside keeps, "" where none does."""
    notes = [
        note for place in settings.TECUM_TRAIL_ANCHORS for _, note in anchors.kept(Path(place), origin=origin)
    ]
    return max(notes, key=size_of, default="")

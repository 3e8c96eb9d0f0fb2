"""Every event is data, and the page about events is made from it."""

import re
from pathlib import Path
from string import Formatter

import pytest

from tecum.audit.catalogue import EVENTS
from tecum.audit.reference import as_markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "events.md"
# Names that `record` and `note` take themselves.
TAKEN = {"event", "by", "at", "matter", "payload"}


def test_the_page_about_events_is_what_the_catalogue_says():
    assert PAGE.read_text() == as_markdown(), "run: ./run fix"


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_named_like_every_other_and_its_words_name_its_own_fields(name):
    event = EVENTS[name]
    named = {field for _, field, _, _ in Formatter().parse(event.words) if field is not None}

    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
    assert named <= set(event.fields)
    assert not set(event.fields) & TAKEN
    assert event.words == event.words.strip().rstrip(".")

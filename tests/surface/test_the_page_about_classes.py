"""docs/reference/message-classes.md says what the code says."""

from pathlib import Path

from tecum.inbox.reference import as_markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "message-classes.md"


def test_the_page_about_classes_of_messages_is_what_the_code_says():
    assert PAGE.read_text() == as_markdown(), "run: python -m tests.reference"

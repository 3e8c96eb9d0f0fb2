"""Every message that a capability declares has its text in every shipped guide, and the text uses nothing else."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tecum.guide.loading import load
from tecum.guide.model.guide import Guide
from tecum.notices.messages import Message, declare
from tecum.notices.reference import as_markdown, gathered

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted(path.parent for path in (ROOT / "guides").glob("*/guide.toml"))
ON = {"wireless-2003": date(2003, 8, 1)}


@cache
def shipped(folder: Path) -> Guide:
    """Return a guide as it is shipped; it is frozen, so one reading serves every message."""
    return load(folder, ON.get(folder.name, date(2026, 9, 8)))


def faults(guide: Guide, message: Message) -> list[str]:
    """Say what is wrong with a guide's text of a message; nothing when it is right."""
    if (message.portal and not guide.lookups) or (message.money and guide.billing.charges == "none"):
        return []
    text = guide.wording.get(message.name)
    if text is None:
        return [f"guides/{guide.guide.name}/wording/{message.name}.md is missing"]
    found = [
        f"{name} is not given by the message"
        for name in text.used
        if name not in message.variables and name not in guide.facts
    ]
    found += [f"{name} is declared by one side only" for name in {*text.variables} ^ {*message.variables}]
    return found + ([] if text.subject else ["it has no Subject line"])


@pytest.mark.parametrize("folder", GUIDES, ids=lambda path: path.name)
@pytest.mark.parametrize("message", gathered().values(), ids=lambda message: message.name)
def test_a_guide_has_the_text_of_every_message(folder: Path, message: Message) -> None:
    assert faults(shipped(folder), message) == []


def test_a_variable_too_many_and_a_missing_text_would_be_noticed() -> None:
    guide = load(ROOT / "guides" / "example", date(2026, 9, 8))

    assert faults(guide, Message("application_refused", "", ("rule", "badge"))) != []
    assert faults(guide, Message("application_refused", "", ())) != []
    assert faults(guide, Message("nowhere", "", ())) != []


def test_two_messages_never_share_a_name() -> None:
    with pytest.raises(ValueError, match="Two messages"):
        declare("application_refused", "something else")


def test_the_page_about_messages_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "reference" / "messages.md").read_text() == as_markdown(), (
        "run: python -m tests.reference"
    )

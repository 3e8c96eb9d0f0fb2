"""The page about messages, printed from what every capability declares."""

import importlib
import pkgutil
from pathlib import Path

import tecum
from tecum.notices.messages import REGISTRY, Message

HEAD = """# Messages

Every message that Tecum sends by itself: its text is wording of the carrier's guide, `guides/NAME/wording/<message>.md`,
and may use the variables below and the facts of the guide (`{carrier}`, `{mail_portal}` …). This page is printed from
the code: `python -m tests.reference`.

| message | tells | variables | |
|---|---|---|---|
"""


def gathered() -> dict[str, Message]:
    """Return every message of every capability, by name."""
    for package in pkgutil.iter_modules([str(Path(tecum.__file__).parent)], "tecum."):
        if (
            package.ispkg
            and (Path(tecum.__file__).parent / package.name.partition(".")[2] / "messages.py").exists()
        ):
            importlib.import_module(f"{package.name}.messages")
    return dict(sorted(REGISTRY.items()))


def as_markdown() -> str:
    """Return the page."""
    return HEAD + "".join(_line(message) for message in gathered().values())


def _line(message: Message) -> str:
    variables = ", ".join(f"`{name}`" for name in message.variables) or "none"
    marks = ["look-up portal only"] if message.portal else []
    marks += ["holds a link: wiped once sent, never sent again"] if message.secret else []
    return f"| `{message.name}` | tells {message.says} | {variables} | {'; '.join(marks)} |\n"

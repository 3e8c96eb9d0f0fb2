"""Prints the catalogue for people: docs/reference/events.md is this text, and a test compares them."""

from tecum.audit.catalogue import EVENTS, Class, Event

HEAD = """\
# Events of the trail

Made from `tecum/audit/catalogue.py` by `tecum audit events`; a test compares the two.

A **change** event commits and rolls back with the change it tells of. An **access** event is stored before the answer is
shown. Every entry also says when, who (a reference, never a name), of which agency, and about which matter.
Fields hold what their class allows and nothing else; a field with `?` may be missing, and any field may be a list.

| class | holds |
|---|---|
"""
CLASSES = {
    Class.ID: "an opaque id or a reference; refused if it reads as a telephone number",
    Class.AMOUNT: "a whole number",
    Class.HASH: "SHA-256, 64 hexadecimal digits",
    Class.CODE: "a word of our own vocabulary: a state, a permission, a reason",
    Class.WHEN: "an instant in UTC, or a day",
    Class.FLAG: "true or false",
}


def as_markdown() -> str:
    """Return the whole page."""
    classes = "".join(f"| `{klass}` | {words} |\n" for klass, words in CLASSES.items())
    groups: dict[str, list[str]] = {}
    for name in sorted(EVENTS):
        groups.setdefault(name.partition(".")[0], []).append(_row(name, EVENTS[name]))
    tables = (
        f"\n## {group}\n\n| event | kind | what was done | fields |\n|---|---|---|---|\n" + "".join(rows)
        for group, rows in groups.items()
    )
    return HEAD + classes + "".join(tables)


def _row(name: str, event: Event) -> str:
    """Return the line of one event."""
    fields = ", ".join(
        f"`{field}{'?' if field in event.optional else ''}` {klass}" for field, klass in event.fields.items()
    )
    words = event.words.replace("{", "*").replace("}", "*")
    return f"| `{name}` | {event.kind} | {words} | {fields or '–'} |\n"

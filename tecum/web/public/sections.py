"""A text of the guide as a part of a page."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from tecum.documents.drivers import markdown
from tecum.guide.model.guide import Guide


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page in the carrier's own words; `first` is its first paragraph, without the paragraph's box."""

    title: str
    html: SafeString
    first: SafeString = SafeString("")


def section(guide: Guide, name: str, **values: object) -> Section | None:
    """Return a text of the guide as HTML; None where the carrier has none of that name."""
    if name not in guide.wording:
        return None
    wanted = {key: value for key, value in values.items() if key in guide.wording[name].variables}
    text = guide.say(name, **wanted)
    silent = {box.address for box in guide.mailboxes if box.no_reply}
    # The guide is written by the carrier's staff, and Markdown lets no raw HTML through.
    html = markdown.to_html(text.body, plain=silent)
    first = html.split("</p>")[0].removeprefix("<p>")
    return Section(text.title, mark_safe(html), mark_safe(first))  # noqa: S308

"""Parts of the frame: where one stands, what went wrong, how a list goes on, what fills an empty one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.context import Context

from tecum.kernel import words

register = template.Library()
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way here; the last has no address. `mono` for references."""

    label: str
    address: str = ""
    mono: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One saved view of a queue: its address is its filter. The count is exact or absent."""

    label: str
    address: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of a timeline: what happened at `at`, in a sentence; a document's, or one still to come."""

    at: Any
    sentence: str
    who: str = ""
    receipt: str = ""
    document: bool = False
    ahead: bool = False


@register.inclusion_tag("parts/crumbs.html")
def crumbs(steps: Sequence[Crumb]) -> dict[str, Any]:
    """Show the way here."""
    return {"steps": steps}


@register.inclusion_tag("parts/views.html")
def saved_views(views: Sequence[View]) -> dict[str, Any]:
    """Show the saved views of a queue with their counts."""
    return {"views": views}


@register.inclusion_tag("parts/timeline.html", takes_context=True)
def timeline(context: Context, entries: Iterable[Happening]) -> dict[str, Any]:
    """Show the trail in words."""
    return {"entries": entries, "shell": context["shell"]}


@register.inclusion_tag("parts/errors.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """List what has to be corrected, each line leading to its field; nothing when nothing has."""
    lines: list[tuple[str, str]] = []
    for form in forms:
        if not form.is_bound:
            continue
        lines += [("", str(message)) for message in form.non_field_errors()]
        for field in form:
            lines += [(_target(field), _complaint(field, str(message))) for message in field.errors]
    return {"lines": lines}


def _complaint(field: Any, message: str) -> str:
    """Name the field before its complaint; a label that is a sentence (an attestation) speaks for itself."""
    label = str(field.label)
    return f"{label}: {message}" if len(label) <= LONGEST_LABEL else message


def _target(field: Any) -> str:
    """Return the id that a link leads to: the first choice of a group, else the field itself."""
    return f"{field.auto_id}_0" if field.use_fieldset else cast("str", field.auto_id)


@register.inclusion_tag("parts/empty.html")
def empty_queue(says: str, fills: str = "") -> dict[str, Any]:
    """Say kindly that a queue is empty, and what fills it."""
    return {"says": says, "fills": fills}


@register.inclusion_tag("parts/pages.html", takes_context=True)
def pages(context: Context, page: "Page[Any]", of: str = "entries", one: str = "") -> dict[str, Any]:
    """Lead through a long list of things (`of`, in the plural); the filter in the address is kept."""
    request: HttpRequest = context["request"]
    singular = one or ("entry" if of == "entries" else of.removesuffix("s"))
    return {
        "page": page,
        "total": words.count(page.paginator.count, singular, of),
        "query": request.GET,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "ellipsis": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("parts/filters.html")
def filters(form: BaseForm, label: str = "Filter the list") -> dict[str, Any]:
    """Show a filter form: GET, so the address is the filter and can be kept and sent."""
    return {"form": form, "label": label}


@register.inclusion_tag("parts/keys.html")
def keys(choose: bool = False) -> dict[str, Any]:
    """Say which keys move through this list; shown where the script runs, and can be switched off."""
    return {"choose": choose}

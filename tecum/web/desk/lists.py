"""Long lists in pages."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ON_A_PAGE = 50


def page_of(rows: Sequence[Any], request: HttpRequest) -> Page[Any]:
    """Return the page of a list that the address asks for; the nearest one where it asks for nonsense."""
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))

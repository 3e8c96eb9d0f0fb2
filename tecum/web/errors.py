"""What a page says when there is no page: what happened, what was kept, what to do."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tecum.config import clock
from tecum.kernel import words

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be read; one that was too large says so (413)."""
    if isinstance(exception, TOO_MUCH):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as for an unknown address: forbidden and unknown are never told apart."""
    return not_found(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that leads to nothing this person may see."""
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose mark does not fit the session."""
    return render(request, "403_csrf.html", status=403)


def too_many(request: HttpRequest, wait: timedelta | None = None) -> HttpResponse:
    """Answer somebody who tries too fast, with the wait in words and for programs."""
    answer = render(request, "429.html", {"wait": wait}, status=429)
    if wait:
        answer["Retry-After"] = str(int(wait.total_seconds()))
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a mistake of ours, without anything that could break again."""
    try:
        return render(request, "500.html", status=500)
    except Exception:  # the database itself may be what broke
        context: dict[str, Any] = {"at": words.utc(clock.now(), seconds=True)}
        return HttpResponse(render_to_string("errors/bare.html", context), status=500)

"""What nobody has: a page for people, a problem for programs."""

from django.http import HttpRequest, HttpResponse

from tecum.api import problems
from tecum.web import errors


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that there is not, or that is not theirs."""
    if request.path.startswith("/api/"):
        return problems.problem(404, problems.NOT_HERE)
    return errors.not_found(request, exception)

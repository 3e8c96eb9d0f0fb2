"""What happens around every request."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tecum.access.rules import StepUpNeeded
from tecum.kernel.refusals import NotYours, Refused
from tecum.web.refusals import remember

Handler = Callable[[HttpRequest], HttpResponse]


class Health:
    """Answers `/healthz` (this process lives) and `/readyz` (its database answers) before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return self.ready()
        return self.get_response(request)

    @staticmethod
    def ready() -> HttpResponse:
        """Ask the database one question; 503 when it does not answer."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Exception:  # whatever the driver says: not ready
            return JsonResponse({"status": "database does not answer"}, status=503)
        return JsonResponse({"status": "ok"})


class Refusals:
    """Turns a refusal into its page: `NotYours` is the 404 of an unknown address, the rest a 409 with the sentence."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a refusal, which is remembered, and nothing for any other exception."""
        if not isinstance(exception, Refused):
            return None
        remember(request, type(exception).__name__)
        if isinstance(exception, NotYours):
            raise Http404 from exception
        if isinstance(exception, StepUpNeeded):
            messages.warning(
                request, "Nothing was done yet. Confirm that it is you, then press the button again."
            )
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        return render(request, "refused.html", {"sentence": str(exception)}, status=409)

"""Every address, by audience."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from tecum.api.v1 import api
from tecum.web.gates import EVERYBODY, Gate

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tecum.web.public.urls")),
    path("", include("tecum.web.sign_in.urls")),
    path("", include("tecum.web.portal.urls")),
    path("", include("tecum.web.supervisor.urls")),
    path("", include("tecum.web.oversight.urls")),
    path("", include("tecum.web.auditor.urls")),
    path("desk/", include("tecum.web.desk.urls")),
    path("demands/", include("tecum.web.response.urls")),
    path("billing/", include("tecum.web.billing.urls")),
    path("switches/", include("tecum.web.switches.urls")),
    path("reports/", include("tecum.web.reports.urls")),
    path("orders/", include("tecum.web.orders.urls")),
    path("emergencies/", include("tecum.web.exigent.urls")),
    path("on-call/", include("tecum.web.oncall.urls")),
    path("company/", include("tecum.web.customer.urls")),
]
# Programs prove themselves by their token, not by a session: the gate of pages lets them through to that.
programs = api.urls
BY_TOKEN = Gate(dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), EVERYBODY))
for pattern in programs[0]:
    assert pattern.callback is not None  # noqa: S101  ninja always gives its patterns a view
    pattern.callback.gate = BY_TOKEN  # type: ignore[attr-defined]
urlpatterns.append(path("api/v1/", programs))
if settings.DEMO:
    urlpatterns.append(path("", include("tecum.web.demo.urls")))

handler400 = "tecum.web.errors.bad_request"
handler403 = "tecum.web.errors.forbidden"
handler404 = "tecum.config.misses.not_found"
handler429 = "tecum.web.errors.too_many"
handler500 = "tecum.web.errors.server_error"

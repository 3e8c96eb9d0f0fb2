"""Every address, by audience."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tecum.web.public.urls")),
    path("", include("tecum.web.sign_in.urls")),
    path("", include("tecum.web.portal.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("tecum.web.demo.urls")))

handler400 = "tecum.web.errors.bad_request"
handler403 = "tecum.web.errors.forbidden"
handler404 = "tecum.web.errors.not_found"
handler429 = "tecum.web.errors.too_many"
handler500 = "tecum.web.errors.server_error"

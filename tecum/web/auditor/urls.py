"""Addresses of the auditor's pages: they carry hashes and references, never numbers or names."""

from django.urls import path

from tecum.web.auditor import views, watch

app_name = "auditor"
urlpatterns = [
    path("watch/", watch.watch, name="watch"),
    path("trail/", views.trail, name="trail"),
    path("trail/verify/", views.verify, name="verify"),
    path("trail/checks/<str:check>/", views.check, name="check"),
    path("trail/bundle/", views.bundle, name="bundle"),
    path("trail/key/", views.key, name="key"),
    path("trail/checkpoint/", views.checkpoint, name="checkpoint"),
    path("trail/entries/<slug:receipt>/", views.entry, name="entry"),
    path("trail/entries/<slug:receipt>/proof/", views.proof, name="proof"),
]

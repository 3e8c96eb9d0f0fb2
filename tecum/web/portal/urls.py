"""Addresses of the officer's pages: they carry opaque ids, never numbers."""

from django.urls import path

from tecum.web.portal import views

app_name = "portal"
urlpatterns = [
    path("look-up/", views.ask, name="ask"),
    path("look-up/<slug:lookup_id>/", views.answer, name="answer"),
    path("look-up/<slug:lookup_id>/answers.<slug:form>", views.export, name="export"),
    path("history/", views.history, name="history"),
]

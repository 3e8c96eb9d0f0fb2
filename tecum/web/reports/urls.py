"""Addresses of reports: ids of reports, never of people or cases."""

from django.urls import path

from tecum.web.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.queue, name="reports"),
    path("make/", views.make, name="make"),
    path("<str:report>/", views.case, name="report"),
    path("<str:report>/again/", views.again, name="again"),
    path("<str:report>/certify/", views.certify, name="certify"),
    path("<str:report>/report.<slug:form>", views.export, name="export"),
    path("<str:report>/lines.<slug:form>", views.lines, name="lines"),
]

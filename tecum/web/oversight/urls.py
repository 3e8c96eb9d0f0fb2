"""Addresses of what several people watch: ids of customers and people, never numbers."""

from django.urls import path

from tecum.web.oversight import views

app_name = "oversight"
urlpatterns = [
    path("numbers/", views.numbers_state, name="numbers"),
    path("numbers/past/", views.number_past, name="number_past"),
    path("disclosures/", views.disclosures, name="disclosures"),
    path("look-ups/", views.look_ups, name="look_ups"),
]

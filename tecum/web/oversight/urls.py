"""Addresses of what several people watch: ids of customers and people, never numbers."""

from django.urls import path

from tecum.web.oversight import breaches, subscribers, views

app_name = "oversight"
urlpatterns = [
    path("numbers/", views.numbers_state, name="numbers"),
    path("numbers/now/", views.number_now, name="number_now"),
    path("numbers/past/", views.number_past, name="number_past"),
    path("numbers/subscribers/", subscribers.state, name="subscribers"),
    path("numbers/subscribers/<str:told>/not-taken/", subscribers.rejects, name="subscriber_rejects"),
    path("disclosures/", views.disclosures, name="disclosures"),
    path("look-ups/", views.look_ups, name="look_ups"),
    path("breaches/", breaches.queue, name="breaches"),
    path("breaches/of/<str:person>/", breaches.start, name="breach_open"),
    path("breaches/<str:breach>/", breaches.case, name="breach"),
    path("breaches/<str:breach>/answers.<slug:form>", breaches.export, name="breach_export"),
    path("breaches/<str:breach>/hold/", breaches.hold, name="breach_hold"),
    path("breaches/<str:breach>/close/", breaches.close, name="breach_close"),
    path("breaches/<str:breach>/<str:notice>/words/", breaches.word, name="breach_word"),
    path("breaches/<str:breach>/<str:notice>/given/", breaches.give, name="breach_give"),
]

"""The addresses of a wholesale customer's own area."""

from django.urls import path

from tecum.web.customer import views

app_name = "customer"
urlpatterns = [
    path("", views.company, name="company"),
    path("card/", views.card, name="card"),
    path("consent/", views.give, name="give"),
    path("consent/withdraw/", views.withdraw, name="withdraw"),
    path("consent/documents/<str:document>/", views.document, name="document"),
]

"""The demo's addresses."""

from django.urls import path

from tecum.web.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.roles, name="roles"),
    path("demo/enter/", views.enter, name="enter"),
]

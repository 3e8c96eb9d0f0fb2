"""The addresses of the on-call pages."""

from django.urls import path

from tecum.web.oncall import views

app_name = "oncall"
urlpatterns = [
    path("pages/<str:token>/", views.page, name="page"),
]

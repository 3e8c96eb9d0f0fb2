"""The addresses of supervising officers."""

from django.urls import path

from tecum.web.supervisor import views

app_name = "supervisor"
urlpatterns = [
    path("team/", views.people, name="people"),
    path("team/<str:person>/confirm/", views.confirm, name="confirm"),
    path("team/<str:person>/left/", views.left, name="left"),
]

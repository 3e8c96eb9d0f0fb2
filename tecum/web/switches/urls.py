"""The addresses of the pages of switches."""

from django.urls import path

from tecum.web.switches import views, working

app_name = "switches"
urlpatterns = [
    path("", views.board, name="board"),
    path("state/", views.state, name="state"),
    path("differences/<str:mismatch>/settle/", views.settle, name="settle"),
    path("differences/<str:mismatch>/put-back/", views.put_back, name="put_back"),
    path("surveillances/<str:surveillance>/", views.one, name="one"),
    path("work/", working.queue, name="work"),
    path("work/<str:order>/", working.one, name="order"),
    path("work/<str:order>/accept/", working.accept, name="accept"),
    path("work/<str:order>/report/", working.report, name="report"),
]

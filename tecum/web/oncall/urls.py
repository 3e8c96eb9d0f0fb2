"""The addresses of the on-call pages."""

from django.urls import path

from tecum.web.oncall import calling, desk, roster, views

app_name = "oncall"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("pages/<str:token>/", views.page, name="page"),
    path("call/", calling.call, name="call"),
    path("roster/", roster.roster, name="roster"),
    path("roster/shift/", roster.shift, name="shift"),
    path("roster/rotation/", roster.rotation, name="rotation"),
    path("roster/shifts/<str:shift>/remove/", roster.remove, name="shift_remove"),
    path("roster/people/<str:person>/", roster.ways, name="ways"),
    path("roster/drill/", roster.drill, name="drill"),
    path("<str:escalation>/", desk.one, name="escalation"),
    path("<str:escalation>/take/", calling.take, name="take"),
    path("<str:escalation>/call-back/", calling.call_back, name="call_back"),
    path("<str:escalation>/said/", calling.said, name="said"),
    path("<str:escalation>/end-drill/", calling.end_drill, name="end_drill"),
]

"""The addresses of the pages of switches."""

from django.urls import path

from tecum.web.switches import accounts, asked, recovering, trouble, views, visits, working

app_name = "switches"
urlpatterns = [
    path("", views.board, name="board"),
    path("state/", views.state, name="state"),
    path("differences/<str:mismatch>/settle/", views.settle, name="settle"),
    path("differences/<str:mismatch>/put-back/", views.put_back, name="put_back"),
    path("surveillances/<str:surveillance>/", views.one, name="one"),
    path("trouble/", trouble.tickets, name="tickets"),
    path("trouble/report/", trouble.report, name="trouble_report"),
    path("trouble/accounts/<str:warning>/ask/", accounts.ask_agency, name="account_ask"),
    path("trouble/accounts/<str:warning>/pays/", accounts.agency_pays, name="account_pays"),
    path("trouble/accounts/<str:warning>/settle/", accounts.settle_account, name="account_settle"),
    path("trouble/<str:ticket>/", trouble.ticket, name="ticket"),
    path("trouble/<str:ticket>/explain/", trouble.explain, name="trouble_explain"),
    path("trouble/<str:ticket>/internal/", trouble.troubleshoot, name="trouble_internal"),
    path("trouble/<str:ticket>/told/", trouble.advise, name="trouble_told"),
    path("trouble/<str:ticket>/close/", trouble.close, name="trouble_close"),
    path("visits/", visits.index, name="visits"),
    path("visits/ask/", visits.ask, name="visit_ask"),
    path("visits/turn-away/", visits.turn_away, name="turn_away"),
    path("visits/<str:visit>/", visits.one, name="visit"),
    path("visits/<str:visit>/agree/", visits.agree, name="visit_agree"),
    path("visits/<str:visit>/cancel/", visits.cancel, name="visit_cancel"),
    path("visits/<str:visit>/visitors/<int:place>/", visits.admit, name="visit_admit"),
    path("visits/<str:visit>/visitors/<int:place>/left/", visits.left, name="visit_left"),
    path("work/trouble/<str:ticket>/", trouble.look, name="look"),
    path("work/trouble/<str:ticket>/conclude/", trouble.conclude, name="conclude"),
    path("asked/", asked.queue, name="asked"),
    path("asked/<str:end_request>/obey/", asked.obey, name="obey"),
    path("asked/<str:end_request>/refuse/", asked.refuse, name="refuse_end"),
    path("surveillances/<str:surveillance_id>/asked/", asked.note, name="note_end"),
    path("recovery/", recovering.state, name="recovery"),
    path("recovery/leave/", recovering.leave, name="leave"),
    path("recovery/resume/<str:surveillance_id>/", recovering.resume, name="resume"),
    path("work/", working.queue, name="work"),
    path("work/<str:order>/", working.one, name="order"),
    path("work/<str:order>/accept/", working.accept, name="accept"),
    path("work/<str:order>/report/", working.report, name="report"),
]

"""The addresses of emergencies."""

from django.urls import path

from tecum.web.exigent import acts, board, calling, deciding, ends, entering, partner, request

app_name = "exigent"
urlpatterns = [
    path("", board.board, name="board"),
    path("enter/", entering.enter, name="enter"),
    path("<str:case>/", request.request_page, name="request"),
    path("<str:case>/agency/", calling.agency, name="agency"),
    path("<str:case>/call/", calling.call, name="call"),
    path("<str:case>/source/", calling.source, name="source"),
    path("<str:case>/read/", entering.correct, name="correct"),
    path("<str:case>/paper/", entering.add_paper, name="add_paper"),
    path("<str:case>/written/", acts.written, name="written"),
    path("<str:case>/disclose/", deciding.disclose, name="disclose"),
    path("<str:case>/locate/", deciding.locate, name="locate"),
    path("<str:case>/surveil/", deciding.surveil, name="surveil"),
    path("<str:case>/decisions/<str:decision>/", deciding.approve, name="approve"),
    path("<str:case>/refuse/", acts.refuse, name="refuse"),
    path("<str:case>/counsel/", acts.counsel, name="counsel"),
    path("<str:case>/forged/", acts.forged, name="forged"),
    path("<str:case>/again/", acts.again, name="again"),
    path("<str:case>/ordinary/", acts.ordinary, name="ordinary"),
    path("<str:case>/repeats/", acts.repeats, name="repeats"),
    path("<str:case>/follows/<str:follow_up>/", acts.follows, name="follows"),
    path("<str:case>/found/<str:decision>/", acts.located, name="located"),
    path("<str:case>/over/", ends.report, name="report"),
    path("<str:case>/end/", ends.end_now, name="end"),
    path("<str:case>/order/", ends.order, name="order"),
    path("<str:case>/later/", ends.later, name="later"),
    path("<str:case>/later/<str:act>/", ends.approve_later, name="approve_later"),
    path("<str:case>/order/<str:act>/", ends.replace, name="replace"),
    path("<str:case>/partner/", partner.pass_on, name="pass_on"),
    path("<str:case>/alone/<str:decision>/", ends.alone, name="alone"),
    path("<str:case>/confirm/", ends.confirm, name="confirm"),
    path("<str:case>/afterwards/", request.afterwards, name="afterwards"),
]

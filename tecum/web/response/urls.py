"""The addresses of the response desk."""

from django.urls import path

from tecum.web.response import acts, demand, entering, fees, granting, queue, surveillance_form, waiting

app_name = "response"
urlpatterns = [
    path("", queue.queue, name="demands"),
    path("next-72-hours/", queue.board, name="board"),
    path("views/keep/", queue.keep_view, name="keep_view"),
    path("views/<str:view>/forget/", queue.forget_view, name="forget_view"),
    path("enter/", entering.enter, name="enter"),
    path("enter/form-c/", surveillance_form.enter, name="enter_form"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/<str:entry>/", waiting.settle, name="settle"),
    path("<str:case>/", demand.review, name="demand"),
    path("<str:case>/take/", acts.take, name="take"),
    path("<str:case>/confirm/", acts.confirm, name="confirm"),
    path("<str:case>/accept/", acts.accept, name="accept"),
    path("<str:case>/deficient/", acts.deficient, name="deficient"),
    path("<str:case>/object/", acts.object_to, name="object"),
    path("<str:case>/go-on/", acts.go_on, name="go_on"),
    path("<str:case>/refuse/", acts.refuse, name="refuse"),
    path("<str:case>/route/", acts.route, name="route"),
    path("<str:case>/withdraw/", acts.withdraw, name="withdraw"),
    path("<str:case>/undo/", acts.undo, name="undo"),
    path("<str:case>/gag/", granting.gag, name="gag"),
    path("<str:case>/preserve/", granting.preserve, name="preserve"),
    path("<str:case>/hold/", granting.hold, name="hold"),
    path("<str:case>/join/", acts.join, name="join"),
    path("<str:case>/paper/", entering.add_paper, name="add_paper"),
    path("<str:case>/told/", entering.told, name="told"),
    path("<str:case>/tell/", acts.tell, name="tell"),
    path("<str:case>/form-c/", surveillance_form.show, name="form"),
    path("<str:case>/form-c/copy/", surveillance_form.copy, name="form_copy"),
    path("<str:case>/form-c/order/", surveillance_form.link, name="form_link"),
    path("<str:case>/form-c/reach/", surveillance_form.reach, name="form_reach"),
    path("<str:case>/form-c/<str:target>/take-back/", surveillance_form.take_back, name="form_take_back"),
    path("<str:case>/more-time/", fees.extend, name="extend"),
    path("<str:case>/fees/", fees.ask, name="fees"),
    path("<str:case>/fees/<str:quote>/", fees.answer, name="fee_answer"),
    path("<str:case>/fees/<str:quote>/waive/", fees.waive, name="fee_waive"),
    path("<str:case>/gates/<str:gate>/", fees.gate, name="gate"),
    path("<str:case>/scope/", granting.scope, name="scope"),
    path("<str:case>/scope/<str:proposal>/", granting.approve, name="approve"),
    path("<str:case>/targets/<str:target>/", granting.choose, name="choose"),
]

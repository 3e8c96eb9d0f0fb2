"""The addresses of the order administrator's desk."""

from django.urls import path

from tecum.web.orders import (
    acts,
    certifying,
    compromises,
    confirming,
    entering,
    later,
    order,
    queue,
    starting,
)

app_name = "orders"
urlpatterns = [
    path("", queue.queue, name="orders"),
    path("enter/", entering.enter, name="enter"),
    path("certifications/", certifying.certifications, name="certifications"),
    path("certifications/missing/<str:surveillance>/", certifying.record_now, name="record_now"),
    path("certifications/<str:certification>/", certifying.certification, name="certification"),
    path("certifications/<str:certification>/sign/", certifying.sign, name="certification_sign"),
    path("certifications/<str:certification>/complete/", certifying.complete, name="certification_complete"),
    path("certifications/<str:certification>/oversee/", certifying.take_over, name="certification_take_over"),
    path(
        "certifications/<str:certification>/sheets/<int:ordinal>/",
        certifying.sheet,
        name="certification_sheet",
    ),
    path("compromises/report/", compromises.report, name="report"),
    path("compromises/<str:report>/", compromises.compromise, name="compromise"),
    path("compromises/<str:report>/told/", compromises.tell, name="compromise_tell"),
    path("<str:case>/", order.order, name="order"),
    path("<str:case>/take/", acts.take, name="take"),
    path("<str:case>/kind/", acts.kind, name="kind"),
    path("<str:case>/read/", confirming.confirm, name="confirm"),
    path("<str:case>/bill/", acts.match, name="match"),
    path("<str:case>/accept/", acts.accept, name="accept"),
    path("<str:case>/deficient/", acts.deficient, name="deficient"),
    path("<str:case>/go-on/", acts.go_on, name="go_on"),
    path("<str:case>/route/", acts.route, name="route"),
    path("<str:case>/copy/", acts.copy, name="copy"),
    path("<str:case>/refuse/", acts.refuse, name="refuse"),
    path("<str:case>/paper/", entering.add_paper, name="add_paper"),
    path("<str:case>/receipts/", acts.issue, name="issue"),
    path("<str:case>/receipts/<int:ordinal>/", order.receipt, name="receipt"),
    path("<str:case>/billing/", later.billing, name="billing"),
    path("<str:case>/collection/", later.collection, name="collection"),
    path("<str:case>/password/", later.password, name="password"),
    path("<str:case>/coverage/", later.coverage, name="coverage"),
    path("<str:case>/cancellation/", later.cancellation, name="cancellation"),
    path("<str:case>/propose/", starting.propose, name="propose"),
    path("<str:case>/start/", starting.start, name="start"),
    path("<str:case>/end/", starting.end, name="end"),
    path("<str:case>/acts/<str:act>/", starting.approve, name="approve"),
]

"""Addresses of the officer's pages: they carry opaque ids, never numbers."""

from django.urls import path

from tecum.web.portal import cases, fees, productions, requesting, submitting, support, surveillances, views

app_name = "portal"
urlpatterns = [
    path("look-up/", views.ask, name="ask"),
    path("look-up/<slug:lookup_id>/", views.answer, name="answer"),
    path("look-up/<slug:lookup_id>/answers.<slug:form>", views.export, name="export"),
    path("support/", support.threads, name="support"),
    path("support/new/", support.ask, name="support_ask"),
    path("support/<str:thread>/", support.thread, name="support_thread"),
    path("history/", views.history, name="history"),
    path("cases/", cases.queue, name="cases"),
    path("cases/new/", submitting.submit, name="submit"),
    path("cases/new/<slug:draft>/", submitting.submit, name="draft"),
    path("cases/new/<slug:draft>/drop/", submitting.drop, name="draft_drop"),
    path("cases/<slug:case>/", cases.one, name="case"),
    path("cases/<slug:case>/withdraw/", cases.withdraw, name="withdraw"),
    path("cases/<slug:case>/undo/", cases.undo, name="undo"),
    path("cases/<slug:case>/fees/<slug:quote>/accept/", fees.accept, name="fee_accept"),
    path("cases/<slug:case>/fees/<slug:quote>/refuse/", fees.refuse, name="fee_refuse"),
    path("surveillances/", surveillances.queue, name="surveillances"),
    path("surveillances/new/", requesting.ask, name="ask_surveillance"),
    path("surveillances/new/<slug:draft>/", requesting.ask, name="surveillance_draft"),
    path("surveillances/new/<slug:draft>/drop/", requesting.drop, name="surveillance_draft_drop"),
    path("surveillances/orders/<slug:case>/", requesting.one, name="order"),
    path(
        "surveillances/orders/<slug:case>/fees/<slug:quote>/accept/", fees.accept_price, name="price_accept"
    ),
    path(
        "surveillances/orders/<slug:case>/fees/<slug:quote>/refuse/", fees.refuse_price, name="price_refuse"
    ),
    path(
        "surveillances/orders/<slug:case>/receipts/<int:ordinal>/", requesting.receipt, name="order_receipt"
    ),
    path("surveillances/<slug:surveillance_id>/end/", surveillances.end, name="end_surveillance"),
    path("answers/", productions.queue, name="productions"),
    path("answers/<slug:handover>/", productions.one, name="production"),
]

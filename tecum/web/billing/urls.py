"""Addresses of billing: ids of cases, invoices and payments, never numbers of telephones."""

from django.urls import path

from tecum.web.billing import accounts, invoices, payments

app_name = "billing"
urlpatterns = [
    path("", accounts.queue, name="queue"),
    path("all/", accounts.issue_all, name="issue_all"),
    path("figures/", accounts.figures, name="figures"),
    path("cases/<str:case>/", accounts.bill, name="bill"),
    path("cases/<str:case>/about/", accounts.change, name="change"),
    path("cases/<str:case>/invoice/", accounts.issue, name="issue"),
    path("cases/<str:case>/<str:fact>/<slug:fee>/waive/", accounts.waive, name="waive"),
    path("cases/<str:case>/<str:fact>/<slug:fee>/charge/", accounts.charge_again, name="charge_again"),
    path("invoices/", invoices.queue, name="invoices"),
    path("invoices/list.<slug:form>", invoices.export, name="export"),
    path("invoices/<str:invoice>/", invoices.case, name="invoice"),
    path("invoices/<str:invoice>/invoice.pdf", invoices.paper, name="paper"),
    path("invoices/<str:invoice>/send/", invoices.send, name="send"),
    path("invoices/<str:invoice>/credit/", invoices.credit, name="credit"),
    path("invoices/<str:invoice>/dispute/", invoices.dispute, name="dispute"),
    path("invoices/<str:invoice>/stands/", invoices.end_dispute, name="end_dispute"),
    path("invoices/<str:invoice>/give-up/", invoices.give_up, name="give_up"),
    path("agencies/<str:agency>/statement/", invoices.statement, name="statement"),
    path("payments/", payments.queue, name="payments"),
    path("payments/<str:payment>/match/", payments.match, name="match"),
    path("payments/<str:payment>/let-go/", payments.let_go, name="let_go"),
    path("payments/<str:payment>/take-off/", payments.unmatch, name="unmatch"),
    path("payments/<str:payment>/send-back/", payments.send_back, name="send_back"),
]

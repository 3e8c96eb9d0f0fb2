"""The addresses of the portal administrator's desk."""

from django.urls import path

from tecum.web.desk import agencies, applications, consents, customers, due, outbox, people

app_name = "desk"
urlpatterns = [
    path("applications/", applications.queue, name="applications"),
    path("applications/<str:application>/", applications.case, name="application"),
    path("applications/<str:application>/accept/", applications.accept, name="application_accept"),
    path("applications/<str:application>/return/", applications.send_back, name="application_return"),
    path("applications/<str:application>/refuse/", applications.refuse, name="application_refuse"),
    path("applications/<str:application>/take-back/", applications.take_back, name="application_take_back"),
    path("applications/<str:application>/link/", applications.new_link, name="application_link"),
    path(
        "applications/<str:application>/files/<str:part>/", applications.credential, name="application_file"
    ),
    path("messages/", outbox.queue, name="outbox"),
    path("messages/<str:notice>/", outbox.case, name="notice"),
    path("messages/<str:notice>/again/", outbox.again, name="notice_again"),
    path("due/", due.queue, name="due"),
    path("due/<str:kind>/<str:subject>/", due.revive, name="due_revive"),
    path("people/", people.queue, name="people"),
    path("people/new/", people.create, name="person_create"),
    path("people/<str:person>/", people.case, name="person"),
    path("people/<str:person>/correct/", people.change, name="person_change"),
    path("people/<str:person>/link/", people.link, name="person_link"),
    path("people/<str:person>/suspend/", people.suspend, name="person_suspend"),
    path("people/<str:person>/reinstate/", people.reinstate, name="person_reinstate"),
    path("people/<str:person>/reset/", people.reset, name="person_reset"),
    path("people/<str:person>/roles/", people.grant, name="person_grant"),
    path("people/<str:person>/roles/<str:role>/end/", people.end_role, name="person_end_role"),
    path("agencies/", agencies.queue, name="agencies"),
    path("agencies/new/", agencies.create, name="agency_create"),
    path("agencies/<str:agency>/", agencies.case, name="agency"),
    path("agencies/<str:agency>/correct/", agencies.change, name="agency_change"),
    path("agencies/<str:agency>/domains/", agencies.add_domain, name="agency_add_domain"),
    path(
        "agencies/<str:agency>/domains/<str:domain>/remove/",
        agencies.remove_domain,
        name="agency_remove_domain",
    ),
    path("agencies/<str:agency>/call-back/", agencies.propose, name="call_back_propose"),
    path("agencies/<str:agency>/call-back/<str:entry>/confirm/", agencies.confirm, name="call_back_confirm"),
    path("agencies/<str:agency>/call-back/<str:entry>/strike/", agencies.strike, name="call_back_strike"),
    path("agencies/<str:agency>/suspend/", agencies.suspend, name="agency_suspend"),
    path("agencies/<str:agency>/reinstate/", agencies.reinstate, name="agency_reinstate"),
    path("customers/", customers.queue, name="customers"),
    path("customers/new/", customers.create, name="customer_create"),
    path("customers/<str:customer>/", customers.case, name="customer"),
    path("customers/<str:customer>/suspend/", customers.suspend, name="customer_suspend"),
    path("customers/<str:customer>/reinstate/", customers.reinstate, name="customer_reinstate"),
    path("customers/<str:customer>/cards/<str:card>/confirm/", customers.confirm_card, name="card_confirm"),
    path("customers/<str:customer>/cards/<str:card>/approve/", customers.approve_card, name="card_approve"),
    path("customers/<str:customer>/cards/<str:card>/refuse/", customers.refuse_card, name="card_refuse"),
    path("customers/<str:customer>/consent/", consents.record, name="consent_record"),
    path("customers/<str:customer>/consent/withdraw/", consents.withdraw, name="consent_withdraw"),
    path("customers/<str:customer>/campaign/", consents.note, name="campaign_note"),
    path("consents/", consents.campaign, name="consents"),
    path("consents/documents/<str:document>/", consents.document, name="consent_document"),
]

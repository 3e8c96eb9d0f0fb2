"""Addresses that anybody may open."""

from django.urls import path

from tecum.web.public import applying, asking, checking, production, status, views

app_name = "public"
urlpatterns = [
    path("", views.start, name="start"),
    path("serve-a-legal-demand/", views.serve, name="serve"),
    path("emergency/", asking.start, name="emergency"),
    path("emergency/<slug:pathway>/", asking.ask, name="emergency_ask"),
    path("check-your-process/", checking.check, name="check"),
    path("user-guide/", views.user_guide, name="manual"),
    path("user-guide/<str:name>.png", views.picture, name="picture"),
    path("files/<str:name>", views.file, name="file"),
    path("apply/", applying.begin, name="apply"),
    path("apply/<str:asked>/", applying.code, name="apply_code"),
    path("apply/<str:asked>/form/", applying.form, name="apply_form"),
    path("application-status/", status.ask, name="status"),
    path("application-status/<str:asked>/", status.code, name="status_code"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("security/", views.security, name="security"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path(".well-known/serve-this-carrier.json", views.serve_this_carrier, name="serve_this_carrier"),
    path("answer/<slug:token>/", production.fetch, name="production"),
]

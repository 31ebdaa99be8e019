"""The merchants room by itself: its own addresses, the admin, a guarded page for the counter, and a sensitive one."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from merchants.access import Action, allows
from merchants.guards import at_the_counter
from merchants.signing_in.step_up import recently_signed_in

PAGE = """{% extends "base.html" %}{% load i18n %}
{% block title %}{% trans "Credit counter" %}{% endblock %}
{% block content %}<h1>{% trans "Credit counter" %}</h1>{% endblock %}"""


@at_the_counter
def counter(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


@allows(Action.USE_ACCOUNT)
@recently_signed_in
def sensitive(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [
    path("", counter, name="counter"),
    path("somewhere/", counter, name="somewhere"),
    path("pick-up/", counter, name="pick_up"),
    path("sensitive/", sensitive, name="sensitive"),
    path("", include("merchants.urls")),
    path("account/", include("merchants.signing_in.urls")),
    path("admin/", admin.site.urls),
]

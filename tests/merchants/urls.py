"""The merchants room by itself: its own addresses, the admin, and a guarded page in place of the counter."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from merchants.guards import at_the_counter

PAGE = """{% extends "base.html" %}{% load i18n %}
{% block title %}{% trans "Credit counter" %}{% endblock %}
{% block content %}<h1>{% trans "Credit counter" %}</h1>{% endblock %}"""


@at_the_counter
def counter(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [
    path("", counter, name="counter"),
    path("somewhere/", counter, name="somewhere"),
    path("", include("merchants.urls")),
    path("admin/", admin.site.urls),
]

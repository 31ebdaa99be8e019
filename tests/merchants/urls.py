"""The merchants room by itself: its own addresses, the admin, and a guarded page in place of the counter."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from merchants.guards import at_the_counter


@at_the_counter
def counter(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [
    path("", counter, name="counter"),
    path("somewhere/", counter, name="somewhere"),
    path("", include("merchants.urls")),
    path("admin/", admin.site.urls),
]

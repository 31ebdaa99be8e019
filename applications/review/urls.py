"""Addresses of what is looked at after the customer has left."""

from django.urls import path

from applications.review import day, settling

urlpatterns = [
    path("day/", day.close_of_day, name="close_of_day"),
    path("applications/<uuid:application_id>/settle/", settling.settle, name="settle"),
]

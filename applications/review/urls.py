"""Addresses of what is looked at after the customer has left."""

from django.urls import path

from applications.review import day

urlpatterns = [
    path("day/", day.close_of_day, name="close_of_day"),
]

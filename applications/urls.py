"""Addresses of the credit application."""

from django.urls import include, path

urlpatterns = [
    path("", include("applications.review.urls")),
    path("", include("applications.journey.urls")),  # last: it takes any word after an application for a step
]

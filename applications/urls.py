"""Addresses of the credit application."""

from django.urls import include, path

urlpatterns = [
    path("", include("applications.journey.urls")),
    path("", include("applications.review.urls")),
]

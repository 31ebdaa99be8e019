"""Addresses of the administrators' console."""

from django.urls import path

from merchants.console import home

urlpatterns = [
    path("", home.home, name="console"),
    path("merchants/<uuid:merchant_id>/", home.merchant, name="console_merchant"),
]

"""Addresses of a person's own account."""

from django.urls import path

from merchants import step_up

urlpatterns = [
    path("again/", step_up.sign_in_again, name="account_reauthenticate"),
]

"""Addresses of a merchant's credentials, below the merchant's own."""

from django.urls import include, path

from merchants.console import credential_list, credential_pages, credential_switch

_of_one = [
    path("", credential_list.credential, name="console_credential"),
    path("edit/", credential_pages.edit, name="console_credential_edit"),
    path("test/", credential_pages.test, name="console_credential_test"),
    path("validity/", credential_pages.validity, name="console_credential_validity"),
    path("switch/", credential_switch.switch, name="console_credential_switch"),
    path("retire/", credential_pages.retire, name="console_credential_retire"),
]

urlpatterns = [
    path("", credential_list.credentials, name="console_credentials"),
    path("add/", credential_pages.add, name="console_credential_add"),
    path("<uuid:credential_id>/", include(_of_one)),
]

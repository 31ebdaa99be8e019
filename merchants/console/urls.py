"""Addresses of the administrators' console."""

from django.urls import include, path

from merchants.console import home, people, staff_list, stores
from merchants.console.bulk import pages as bulk

_MERCHANT = "merchants/<uuid:merchant_id>"
_STORE = f"{_MERCHANT}/stores/<uuid:store_id>"
_PERSON = f"{_MERCHANT}/staff/<int:user_id>"

urlpatterns = [
    path("", home.home, name="console"),
    path("merchants/add/", home.add, name="console_merchant_add"),
    path(f"{_MERCHANT}/", home.merchant, name="console_merchant"),
    path(f"{_MERCHANT}/edit/", home.edit, name="console_merchant_edit"),
    path(f"{_MERCHANT}/use/", home.use, name="console_merchant_use"),
    path(f"{_MERCHANT}/stores/", stores.stores, name="console_stores"),
    path(f"{_MERCHANT}/stores/add/", stores.add, name="console_store_add"),
    path(f"{_STORE}/", stores.edit, name="console_store"),
    path(f"{_STORE}/use/", stores.use, name="console_store_use"),
    path(f"{_MERCHANT}/credentials/", include("merchants.console.credential_urls")),
    path(f"{_MERCHANT}/staff/", staff_list.staff, name="console_staff"),
    path(f"{_MERCHANT}/staff/invite/", people.invite, name="console_staff_invite"),
    path(f"{_MERCHANT}/bulk-start/", bulk.bulk_start, name="console_bulk_start"),
    path(f"{_MERCHANT}/bulk-start/template/", bulk.template_file, name="console_bulk_template"),
    path(f"{_PERSON}/", people.person, name="console_person"),
    path(f"{_PERSON}/deactivate/", people.deactivate, name="console_person_deactivate"),
    path(f"{_PERSON}/reactivate/", people.reactivate, name="console_person_reactivate"),
    path(f"{_PERSON}/link/", people.new_link, name="console_person_link"),
    path(f"{_PERSON}/link/withdraw/", people.withdraw, name="console_person_withdraw"),
]

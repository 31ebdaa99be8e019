"""Merchants, stores, staff and credentials in the Django admin, each administrator within their own merchants."""

from merchants.admin import credentials, organisation, people  # noqa: F401  (register by import)

"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from flexiti_portal import unreadable_requests

urlpatterns = [
    path("", include("applications.monitoring.urls")),
    path("", include("applications.urls")),
    path("", include("merchants.urls")),
    path("account/", include("merchants.signing_in.urls")),
    path("admin/", admin.site.urls),
]

handler400 = unreadable_requests.bad_request
handler403 = unreadable_requests.permission_denied
handler404 = unreadable_requests.not_found
handler500 = unreadable_requests.server_error

"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("applications.monitoring.urls")),
    path("", include("applications.urls")),
    path("", include("merchants.urls")),
    path("account/", include("merchants.signing_in.urls")),
    path("admin/", admin.site.urls),
]

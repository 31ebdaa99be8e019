"""The Django admin's list as it comes, for comparison: counted, sorted, and paged by leaving out rows."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.urls import include, path

from applications.models import Application

site = AdminSite("stock")


class StockAdmin(ModelAdmin):
    """What one writes in a minute: the columns of our own list, newest first."""

    list_display = ("reference_id", "status", "store", "created_by", "language", "province", "amount", "created_at")
    list_select_related = ("store", "created_by")
    list_per_page = 50
    ordering = ("-created_at",)


site.register(Application, StockAdmin)

urlpatterns = [path("stock-admin/", site.urls), path("", include("flexiti_portal.urls"))]

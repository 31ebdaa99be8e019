"""Addresses of what is looked at after the customer has left."""

from django.urls import include, path

from applications.review import dashboard, day, exports_page, listing_page, searching, settling

urlpatterns = [
    path("review/", listing_page.review_list, name="review_list"),
    path("review/counts/", listing_page.review_list_counts, name="review_list_counts"),
    path("review/search/", searching.review_list_search, name="review_list_search"),
    path("review/exports/", exports_page.export_list, name="export_list"),
    path("review/exports/new/", exports_page.export_list_new, name="export_list_new"),
    path("review/exports/<uuid:export_id>/", exports_page.export_list_item, name="export_list_item"),
    path("review/exports/<uuid:export_id>/progress/", exports_page.export_list_progress, name="export_list_progress"),
    path("review/exports/<uuid:export_id>/file/", exports_page.export_list_file, name="export_list_file"),
    path("review/dashboard/", dashboard.show, name="dashboard"),
    path("day/", day.close_of_day, name="close_of_day"),
    path("applications/<uuid:application_id>/settle/", settling.settle, name="settle"),
    path("review/", include("applications.review.application_urls")),
]

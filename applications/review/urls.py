"""Addresses of what is looked at after the customer has left."""

from django.urls import path

from applications.review import day, listing_page, searching, settling

urlpatterns = [
    path("review/", listing_page.review_list, name="review_list"),
    path("review/counts/", listing_page.review_list_counts, name="review_list_counts"),
    path("review/search/", searching.review_list_search, name="review_list_search"),
    path("day/", day.close_of_day, name="close_of_day"),
    path("applications/<uuid:application_id>/settle/", settling.settle, name="settle"),
]

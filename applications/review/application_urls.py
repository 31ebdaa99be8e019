"""Addresses of one application as a manager sees it, and of the worklists that lead there."""

from django.urls import path

from applications.review import (
    cancelling,
    follow_up_page,
    one_application,
    revealing,
    terms_copy,
    worklist_pages,
)

_ONE = "applications/<uuid:application_id>/"

urlpatterns = [
    path(_ONE, one_application.review_application, name="review_application"),
    path(f"{_ONE}reveal/<slug:field>/", revealing.review_reveal, name="review_reveal"),
    path(f"{_ONE}terms/<int:acceptance_id>/", terms_copy.review_terms, name="review_terms"),
    path(f"{_ONE}terms/<int:acceptance_id>/bytes/", terms_copy.review_terms_bytes, name="review_terms_bytes"),
    path(f"{_ONE}cancel/", cancelling.review_cancel, name="review_cancel"),
    path(f"{_ONE}follow-up/take/", follow_up_page.follow_up_take, name="follow_up_take"),
    path(f"{_ONE}follow-up/plan/", follow_up_page.follow_up_plan, name="follow_up_plan"),
    path(f"{_ONE}follow-up/note/", follow_up_page.follow_up_note, name="follow_up_note"),
    path(f"{_ONE}follow-up/close/", follow_up_page.follow_up_close, name="follow_up_close"),
    path(f"{_ONE}follow-up/open-again/", follow_up_page.follow_up_open_again, name="follow_up_open_again"),
    path("worklists/pending/", worklist_pages.worklist_pending, name="worklist_pending"),
    path("worklists/unknown/", worklist_pages.worklist_unknown, name="worklist_unknown"),
]

"""Addresses of an application, from the counter to its outcome."""

from django.urls import path

from applications.journey import (
    counter,
    held_page,
    outcome,
    picking_up,
    same_person_page,
    unsettled_page,
    views,
    waiting_page,
)

urlpatterns = [
    path("", counter.counter, name="counter"),
    path("pick-up/", picking_up.pick_up, name="pick_up"),
    path("applications/start/", views.start_application, name="start_application"),
    path("applications/<uuid:application_id>/", outcome.application, name="application"),
    path("applications/<uuid:application_id>/continue/", views.journey, name="journey"),
    path("applications/<uuid:application_id>/scan/", views.scan, name="scan"),
    path("applications/<uuid:application_id>/submit/", views.submit, name="submit"),
    path("applications/<uuid:application_id>/same-person/", same_person_page.same_person, name="same_person"),
    path("applications/<uuid:application_id>/let-it-wait/", waiting_page.let_it_wait, name="let_it_wait"),
    path("applications/<uuid:application_id>/take-back/", waiting_page.take_it_back, name="take_it_back"),
    path("applications/<uuid:application_id>/status/", outcome.application_status, name="application_status"),
    path("applications/<uuid:application_id>/send-again/", outcome.send_again, name="send_again"),
    path("applications/<uuid:application_id>/held/", held_page.decide_held, name="decide_held"),
    path("applications/<uuid:application_id>/held/send/", held_page.send_held, name="send_held"),
    path("applications/<uuid:application_id>/another-inquiry/", unsettled_page.another_inquiry, name="another_inquiry"),
    path("applications/<uuid:application_id>/keep/", outcome.keep, name="keep"),
    path("applications/<uuid:application_id>/cancel/", outcome.cancel, name="cancel"),
    path("applications/<uuid:application_id>/customer-copy/", outcome.customer_copy, name="customer_copy"),
    path("applications/<uuid:application_id>/debt-ratio/", outcome.debt_ratio_document, name="debt_ratio_document"),
    path("applications/<uuid:application_id>/<slug:step_name>/", views.step, name="step"),
]

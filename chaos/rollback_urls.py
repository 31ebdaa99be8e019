"""The portal's addresses, with the other pattern behind the button."""

from django.urls import include, path

from chaos.rollback import submit

urlpatterns = [
    path("applications/<uuid:application_id>/submit/", submit, name="submit"),
    path("", include("flexiti_portal.urls")),
]

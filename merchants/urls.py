"""Addresses of sign-in and of the pages around the counter. Of allauth only what is needed is mounted."""

from allauth.account import views as account
from django.urls import include, path

from merchants import views
from merchants.access import Action, allows
from merchants.console import welcome
from merchants.console.lost_factor import remove_lost_factor

urlpatterns = [
    path("sign-in/", allows(Action.SIGN_IN)(account.login), name="account_login"),
    path("sign-in/inactive/", allows(Action.SIGN_IN)(account.account_inactive), name="account_inactive"),
    path("sign-out/", allows(Action.USE_ACCOUNT)(account.logout), name="account_logout"),
    path("stores/", views.choose_store, name="choose_store"),
    path("session/retry/", views.retry_session, name="retry_session"),
    path("console/", include("merchants.console.urls")),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("console/staff/<int:user_id>/second-factor/remove/", remove_lost_factor, name="console_remove_second_factor"),
    path("language/", views.set_language, name="set_language"),
]

"""Addresses of a person's own account. Of allauth only what is needed is mounted."""

from allauth.mfa.base import views as mfa
from django.urls import path

from flexiti_portal.single_sign_on import PROVIDER
from merchants.access import Action, allows
from merchants.signing_in import second_factor_views as second_factor
from merchants.signing_in import single_sign_on_views, start_over, step_up, till_views

urlpatterns = [
    path("", second_factor.account, name="account"),
    path("again/", step_up.sign_in_again, name="account_reauthenticate"),
    path("code/", allows(Action.SIGN_IN)(mfa.authenticate), name="mfa_authenticate"),
    path("locked/", till_views.locked, name="locked"),
    path("lock/", till_views.lock, name="lock_till"),
    path("hand-over/", till_views.hand_over, name="hand_over"),
    path("idle/", till_views.idle, name="idle"),
    path("sso/", single_sign_on_views.single_sign_on, name="single_sign_on"),
    path("sso/callback/", single_sign_on_views.callback, {"provider_id": PROVIDER}, name="openid_connect_callback"),
    path("sign-out-elsewhere/", second_factor.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("start-over/", start_over.start_over, name="start_over"),
    path("second-factor/", second_factor.set_up, name="set_up_second_factor"),
    path("second-factor/recovery-codes/", second_factor.new_recovery_codes, name="new_recovery_codes"),
    path("second-factor/remove/", second_factor.remove, name="remove_second_factor"),
]

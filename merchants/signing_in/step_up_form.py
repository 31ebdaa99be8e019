"""The form with which somebody proves again who they are."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from django.utils.translation import gettext_lazy as _


class PasswordForm(ReauthenticateForm):
    """The password of the person signed in."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Enter your password.")
        self.fields["password"].widget.attrs.pop("placeholder", None)

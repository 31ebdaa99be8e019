"""The form of a credential. Secrets go in and never come out: they are no model fields of this form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.models import Credential

# What is typed here, and the column it replaces.
SECRETS = {
    "new_client_secret": "client_secret",  # nosec B105 (names of columns)
    "new_merchant_password": "merchant_password",  # nosec B105
}
_KEEP = _("Never shown. Leave blank to keep what is stored.")
_NEW_ADDRESS = _("The base address has changed. Enter this again: a stored secret is only sent where it was given for.")


def _secret(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password", "size": 60})
    return forms.CharField(label=label, help_text=help_text, widget=widget, required=False, max_length=100, strip=True)


def _plain(address: str) -> str:
    return address.strip().rstrip("/")


class CredentialForm(forms.ModelForm):
    new_client_secret = _secret(_("Client secret"), _KEEP)
    new_merchant_password = _secret(_("Merchant password"), _KEEP)
    remove_merchant_password = forms.BooleanField(label=_("Remove the stored merchant password"), required=False)

    class Meta:
        model = Credential
        fields = ("merchant", "environment", "base_url", "client_id", "merchant_username", "is_active")
        widgets = {"base_url": forms.TextInput(attrs={"size": 60, "spellcheck": "false"})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance._state.adding and not cleaned.get("new_client_secret"):
            self.add_error("new_client_secret", _("Enter the client secret that Flexiti gave with this client id."))
        if cleaned.get("remove_merchant_password") and cleaned.get("new_merchant_password"):
            self.add_error("new_merchant_password", _("Either enter a new password or remove the stored one."))
        for typed in self._secrets_for_another_address(cleaned):
            self.add_error(typed, _NEW_ADDRESS)
        self._take_secrets(cleaned)
        return cleaned

    def _secrets_for_another_address(self, cleaned: dict[str, Any]) -> list[str]:
        """Secrets that would follow a changed base address: whoever chose the address could read them there."""
        address = cleaned.get("base_url")
        if self.instance._state.adding or not address or _plain(address) == _plain(self.initial["base_url"]):
            return []
        goes = {"new_merchant_password"} if cleaned.get("remove_merchant_password") else set()
        return [
            typed
            for typed, column in SECRETS.items()
            if typed not in goes and getattr(self.instance, column) and not cleaned.get(typed)
        ]

    def _take_secrets(self, cleaned: dict[str, Any]) -> None:
        for typed, column in SECRETS.items():
            if cleaned.get(typed):
                setattr(self.instance, column, cleaned[typed])
        if cleaned.get("remove_merchant_password"):
            self.instance.merchant_password = None

    @property
    def changed_columns(self) -> list[str]:
        """The names of the columns that this form changes, secrets included, never their values."""
        changed = {SECRETS.get(name, name) for name in self.changed_data}
        if "remove_merchant_password" in changed:
            changed = changed - {"remove_merchant_password"} | {"merchant_password"}
        return sorted(changed)

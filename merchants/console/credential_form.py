"""The forms of a credential. Secrets go in and never come out: they are no model fields of these forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flexiti_portal.crispy import bare_helper
from merchants.models import Credential, Environment
from merchants.models.environments import address_of

# What is typed here, and the column it replaces.
SECRETS = {
    "new_client_secret": "client_secret",  # nosec B105 # names of columns
    "new_merchant_password": "merchant_password",  # nosec B105
}
_KEEP = _("Never shown. Leave blank to keep what is stored.")
_NEW_ADDRESS = _("The base address has changed. Enter this again: a stored secret is only sent where it was given for.")
_AS_GIVEN = _("As Flexiti gave it. Never shown again.")


def _secret(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    required = {"required": _("Enter the client secret that Flexiti gave with this client id.")}
    return forms.CharField(
        label=label, widget=widget, required=False, max_length=100, strip=True, error_messages=required
    )


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a day such as 2027-01-31.")},
        **more,
    )


def _plain(address: str) -> str:
    return address.strip().rstrip("/")


class CredentialForm(forms.ModelForm):
    """A new credential, or one that stands by: everything that a call is made with."""

    new_client_secret = _secret(_("Client secret"))
    new_merchant_password = _secret(_("Merchant password"))
    remove_merchant_password = forms.BooleanField(label=_("Remove the stored merchant password"), required=False)

    field_order = (
        "environment",
        "base_url",
        "client_id",
        "new_client_secret",
        "merchant_username",
        "new_merchant_password",
        "remove_merchant_password",
    )
    use_required_attribute = False

    class Meta:
        model = Credential
        fields = ("environment", "base_url", "client_id", "merchant_username")
        widgets = {
            name: forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"})
            for name in ("base_url", "client_id", "merchant_username")
        }
        help_texts = {
            "base_url": _("Leave blank for Flexiti’s own address of the environment."),
            "merchant_username": _("Only if Flexiti gave you one."),
        }
        error_messages = {
            "environment": {"required": _("Choose the environment.")},
            "client_id": {"required": _("Enter the client id from the developer portal.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper()
        self.fields["base_url"].required = False
        self.fields["environment"].choices = [("", _("Choose")), *Environment.choices]  # type: ignore[attr-defined]
        is_new = self.instance._state.adding
        for typed in SECRETS:
            self.fields[typed].help_text = _AS_GIVEN if is_new else _KEEP
        self.fields["new_client_secret"].required = is_new
        if is_new or self.instance.merchant_password is None:
            del self.fields["remove_merchant_password"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._fill_in_address(cleaned)
        if cleaned.get("remove_merchant_password") and cleaned.get("new_merchant_password"):
            self.add_error("new_merchant_password", _("Either enter a new password or remove the stored one."))
        for typed in self._secrets_for_another_address(cleaned):
            self.add_error(typed, _NEW_ADDRESS)
        self._take_secrets(cleaned)
        return cleaned

    def _fill_in_address(self, cleaned: dict[str, Any]) -> None:
        environment = cleaned.get("environment")
        if environment and "base_url" in cleaned and not cleaned["base_url"]:
            cleaned["base_url"] = address_of(environment)
            if not cleaned["base_url"]:
                self.add_error("base_url", _("This environment has no address of its own. Enter it."))

    def _post_clean(self) -> None:
        """The model has nothing to add where there is no address."""
        if self.cleaned_data.get("base_url"):
            super()._post_clean()  # type: ignore[misc]

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


class NewCredentialForm(CredentialForm):
    """The same with its last day."""

    valid_until = _day(help_text=_("The last day, where Flexiti gave one. You are told in time."))

    class Meta(CredentialForm.Meta):
        fields = (*CredentialForm.Meta.fields, "valid_until")  # type: ignore[assignment]


class ValidityForm(forms.Form):
    """Until when it is good."""

    valid_until = _day(help_text=_("The last day, as Flexiti gave it. Leave blank when they gave none."))

    use_required_attribute = False

    def __init__(self, data: Any = None, *, credential: Credential) -> None:
        super().__init__(data, initial={"valid_until": credential.valid_until})
        self.helper = bare_helper()

"""The forms of a person who works for a merchant."""

from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from flexiti_portal.crispy import bare_helper
from merchants.console.staffing import Details
from merchants.console.usernames import is_taken, made_from
from merchants.models import Language, Membership, Merchant, Role, Store

ROLES = [
    (Role.ASSOCIATE.value, _("Associate: takes applications")),
    (Role.MANAGER.value, _("Manager: also reviews and settles those of their stores")),
    (Role.ADMINISTRATOR.value, _("Administrator: stores, staff and credentials; sees no application")),
]


class PersonForm(forms.Form):
    """Who somebody is and what they do where. `membership` is the one that is edited.

    With `only_here` the person also works elsewhere: the fields of the account itself are not asked.
    """

    first_name = forms.CharField(
        label=_("First name"), max_length=150, error_messages={"required": _("Enter the first name.")}
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, error_messages={"required": _("Enter the last name.")}
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("Enter an e-mail address such as name@example.com.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the screen"),
        required=False,
        choices=[("", _("As their browser asks")), *Language.choices],
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what this person does.")},
    )
    stores = forms.ModelMultipleChoiceField(
        label=_("Stores"),
        queryset=Store.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where this person works. An administrator needs none."),
    )

    use_required_attribute = False
    _of_the_account = ("first_name", "last_name", "email", "language")

    def __init__(
        self,
        data: Any = None,
        *,
        merchant: Merchant,
        membership: Membership | None = None,
        only_here: bool = False,
    ) -> None:
        super().__init__(data, initial=_initial(membership) if membership else {})
        self.membership = membership
        self.fields["stores"].queryset = _stores_to_choose(merchant, membership)  # type: ignore[attr-defined]
        # Needed by everybody but an administrator: neither mark would be right.
        self.fields["stores"].hide_optional = True  # type: ignore[attr-defined]
        if only_here:
            for name in self._of_the_account:
                del self.fields[name]
        self.helper = bare_helper()
        self.helper.layout = Layout(*([] if only_here else self._account_layout()), "role", "stores")

    def _account_layout(self) -> list[Any]:
        return [Row("first_name", "last_name"), "email", "language"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        role = cleaned.get("role")
        if role == Role.ADMINISTRATOR:
            cleaned["stores"] = Store.objects.none()
        elif role and "stores" in cleaned and not cleaned["stores"]:
            self.add_error("stores", _("Choose at least one store: without one this person can do nothing."))
        return cleaned

    def details(self) -> Details:
        """What was filled in; what is not asked stays as it is."""
        values = dict(self.cleaned_data)
        for name in self._of_the_account:
            if self.membership and name not in self.fields:
                values[name] = getattr(self.membership.user, name)
        values["role"], values["stores"] = Role(values["role"]), tuple(values["stores"])
        return Details(**values)


class InvitationForm(PersonForm):
    """The same for a new person, with a user name that is made from the name when none is given."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        required=False,
        validators=[UnicodeUsernameValidator()],
        help_text=_("What they sign in with. Leave it empty, and it is made from the name: amelie.okafor."),
    )

    def _account_layout(self) -> list[Any]:
        first, *others = super()._account_layout()
        return [first, "username", *others]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if username and is_taken(username):
            raise ValidationError(_("Somebody has this user name already. Choose another one."))
        return username

    def details(self) -> Details:
        details = super().details()
        if not details.username:
            self.cleaned_data["username"] = made_from(details.first_name, details.last_name)
        return super().details()


def _initial(membership: Membership) -> dict[str, Any]:
    person = membership.user
    account = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "language")}
    return {**account, "role": membership.role, "stores": list(membership.stores.values_list("pk", flat=True))}


def _stores_to_choose(merchant: Merchant, membership: Membership | None) -> Any:
    """Those in use, and those out of use that the person still has."""
    stores = merchant.stores.filter(is_active=True)
    if membership:
        stores = stores | merchant.stores.filter(pk__in=membership.stores.values("pk"))
    return stores.distinct()

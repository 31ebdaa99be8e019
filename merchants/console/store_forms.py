"""The form of a store."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from localflavor.ca.ca_provinces import PROVINCE_CHOICES

from flexiti_portal.crispy import bare_helper
from merchants.models import Merchant, Store
from merchants.time_zones import LABELS, is_kept_in, usual_zone


class StoreForm(forms.Form):
    """A store of `merchant`; `store` is the one that is edited. Its province decides which time it can keep."""

    name = forms.CharField(
        label=_("Name"),
        max_length=130,
        help_text=_("As staff call it. It is on every page at the counter."),
        error_messages={"required": _("Enter the name of the store.")},
    )
    city = forms.CharField(label=_("City"), max_length=100, error_messages={"required": _("Enter the city.")})
    province = forms.ChoiceField(
        label=_("Province or territory"),
        choices=[("", _("Choose")), *PROVINCE_CHOICES],
        error_messages={"required": _("Choose the province or territory.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time"),
        required=False,
        choices=[("", _("The usual one of the province")), *LABELS.items()],
        help_text=_("Decides when the day of the store begins and ends."),
    )
    lender_location_id = forms.CharField(
        label=_("Location id at Flexiti"),
        max_length=40,
        required=False,
        help_text=_("As Flexiti gave it for this store; empty when they gave none."),
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, merchant: Merchant, store: Store | None = None) -> None:
        super().__init__(data, initial={name: getattr(store, name) for name in self.base_fields} if store else {})
        self.merchant, self.store = merchant, store
        zone = store.time_zone if store else ""
        if zone and zone not in LABELS:
            self.fields["time_zone"].choices += [(zone, zone)]  # type: ignore[attr-defined]
        self.helper = bare_helper()

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = self.merchant.stores.exclude(pk=self.store.pk) if self.store else self.merchant.stores
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("This merchant has a store of this name already. Give another one."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        province, zone = cleaned.get("province"), cleaned.get("time_zone")
        if province and not zone:
            cleaned["time_zone"] = usual_zone(province)
        elif province and zone and zone != self.initial.get("time_zone") and not is_kept_in(zone, province):
            self.add_error("time_zone", not_kept(province))
        return cleaned


def not_kept(province: str) -> str:
    """That a time is not kept in a province, and which one is."""
    told = {"province": dict(PROVINCE_CHOICES)[province], "zone": LABELS[usual_zone(province)]}
    return _now("This time is not kept in %(province)s. The usual one there: %(zone)s.") % told

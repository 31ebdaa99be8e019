"""Staff and what they may do where."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merchants.admin.scope import NothingDeleted, WithinMerchants, administered
from merchants.models import Membership, User
from merchants.staff import align_admin_access


class StaffCreationForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User


class MembershipForm(ModelForm):
    class Meta:
        model = Membership
        fields = ("merchant", "role", "stores")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        merchant = cleaned.get("merchant")
        if merchant and any(store.merchant_id != merchant.pk for store in cleaned.get("stores") or ()):
            self.add_error("stores", _("Choose stores of this merchant only."))
        return cleaned


class MembershipInline(WithinMerchants, admin.StackedInline):
    model = Membership
    form = MembershipForm
    extra = 0
    verbose_name_plural = _("What this person may do, and where")

    def get_formset(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        """A person without a membership would be out of sight of the administrator who made them."""
        is_new = obj is None
        kwargs |= {"min_num": int(is_new), "validate_min": is_new and not cast(User, request.user).is_superuser}
        return super().get_formset(request, obj, **kwargs)


@admin.register(User)
class StaffAdmin(NothingDeleted, WithinMerchants, UserAdmin):
    merchant_path = "memberships__merchant"
    add_form = StaffCreationForm
    inlines = (MembershipInline,)
    list_display = ("username", "last_name", "first_name", "is_active", "last_login")
    list_filter = ("is_active",)
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
    )
    superuser_fieldsets = ((_("Access to this administration"), {"fields": ("is_staff", "is_superuser", "groups")}),)
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        wide = obj is not None and cast(User, request.user).is_superuser
        return (*shown, *self.superuser_fieldsets) if wide else shown

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody sets the password of a person who also works for a merchant they do not administer."""
        return super().has_change_permission(request, obj) and (obj is None or self._is_within_reach(request, obj))

    def _is_within_reach(self, request: HttpRequest, person: User) -> bool:
        if cast(User, request.user).is_superuser:
            return True
        works_elsewhere = person.memberships.exclude(merchant__in=administered(request)).exists()
        return not person.is_superuser and not works_elsewhere

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        align_admin_access(form.instance)

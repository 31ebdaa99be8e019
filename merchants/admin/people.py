"""Staff and what they may do where."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merchants.admin.scope import ChangedInConsole, NothingDeleted, WithinMerchants
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


@admin.register(User)
class StaffAdmin(ChangedInConsole, NothingDeleted, WithinMerchants, UserAdmin):
    merchant_path = "memberships__merchant"
    add_form = StaffCreationForm
    inlines = (MembershipInline,)
    list_display = ("username", "last_name", "first_name", "is_active", "last_login")
    list_filter = ("is_active",)
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("in_console", "username", "is_active")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
    )
    operator_fieldsets = (
        (None, {"fields": ("password",)}),
        (_("Access to this administration"), {"fields": ("is_staff", "is_superuser", "groups")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        return (*shown, *self.operator_fieldsets) if obj and self.has_change_permission(request, obj) else shown

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        align_admin_access(form.instance)

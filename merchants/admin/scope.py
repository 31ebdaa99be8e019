"""Keeps an administrator within the merchants they administer, in lists, in forms and in the choices of both."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest

from merchants.models import Merchant, Store, User
from merchants.selectors import merchants_administered_by

if TYPE_CHECKING:
    _Options = admin.ModelAdmin
else:
    _Options = object


def administered(request: HttpRequest) -> QuerySet[Merchant]:
    """The merchants of the person at the admin."""
    return merchants_administered_by(cast(User, request.user))


class WithinMerchants(_Options):
    """For model admins and inlines. `merchant_path` leads from the row to its merchant."""

    merchant_path = "merchant"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if cast(User, request.user).is_superuser:
            return rows
        return rows.filter(**{f"{self.merchant_path}__in": administered(request)}).distinct()

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.related_model is Merchant:
            kwargs["queryset"] = administered(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.related_model is Store:
            kwargs["queryset"] = Store.objects.filter(merchant__in=administered(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class NothingDeleted(_Options):
    """Evidence refers to these rows: they are taken out of use, never deleted."""

    def has_delete_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

"""What a role brings in the Django admin. Membership is the truth; the flag and the group follow it."""

from django.contrib.auth.models import Group, Permission

from merchants.models import Role, User

ADMINISTRATORS = "Merchant administrators"
# To be read. The console is where they change any of it, by its rules and on the record.
_READ = ("merchant", "store", "membership", "user", "credential")


def administrators_group() -> Group:
    """The group of all merchants' administrators, with the permissions the role stands for."""
    group, _created = Group.objects.get_or_create(name=ADMINISTRATORS)
    codenames = [f"view_{model}" for model in _READ]
    group.permissions.set(Permission.objects.filter(content_type__app_label="merchants", codename__in=codenames))
    return group


def align_admin_access(user: User) -> None:
    """Open the admin to a person who administers a merchant, and close it to one who no longer does."""
    if user.is_superuser:
        return
    administers = user.memberships.filter(role=Role.ADMINISTRATOR).exists()
    group = administrators_group()
    (user.groups.add if administers else user.groups.remove)(group)
    if user.is_staff != administers:
        user.is_staff = administers
        user.save(update_fields=["is_staff"])

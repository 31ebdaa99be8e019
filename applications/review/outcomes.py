"""What became of applications, in the groups in which a dashboard counts them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from applications.statuses import Status


class Group(TextChoices):
    """Every application is in one of them. The first four are drawn apart."""

    APPROVED = "approved", pgettext_lazy("applications", "Approved")
    DECLINED = "declined", pgettext_lazy("applications", "Declined")
    PENDING = "pending", pgettext_lazy("applications", "Under review at Flexiti")
    UNKNOWN = "unknown", pgettext_lazy("applications", "Outcome not known")
    NO_ACCOUNT = "no_account", pgettext_lazy("applications", "No account found")
    ALREADY_CUSTOMER = "already_customer", pgettext_lazy("applications", "Already a Flexiti customer")
    NOT_SENT = "not_sent", pgettext_lazy("applications", "Not sent")
    UNDER_WAY = "under_way", pgettext_lazy("applications", "On its way to Flexiti")
    DRAFT = "draft", pgettext_lazy("applications", "Still being filled in")
    ABANDONED = "abandoned", pgettext_lazy("applications", "Abandoned")


# A cancelled approval was an approval: how many were cancelled is told beside.
GROUP_OF: Mapping[str, Group] = {
    Status.APPROVED: Group.APPROVED,
    Status.CANCELLING: Group.APPROVED,
    Status.CANCELLED: Group.APPROVED,
    Status.DECLINED: Group.DECLINED,
    Status.PENDING: Group.PENDING,
    Status.UNKNOWN: Group.UNKNOWN,
    Status.NO_ACCOUNT: Group.NO_ACCOUNT,
    Status.ALREADY_CUSTOMER: Group.ALREADY_CUSTOMER,
    Status.FAILED: Group.NOT_SENT,
    Status.QUEUED: Group.UNDER_WAY,
    Status.HELD: Group.UNDER_WAY,
    Status.SENDING: Group.UNDER_WAY,
    Status.DRAFT: Group.DRAFT,
    Status.NEEDS_CORRECTION: Group.DRAFT,
    Status.EXPIRED: Group.ABANDONED,
}


class Layer(TextChoices):
    """What is told apart in a drawing, from the bottom up."""

    APPROVED = "approved", pgettext_lazy("applications", "Approved")
    DECLINED = "declined", pgettext_lazy("applications", "Declined")
    PENDING = "pending", pgettext_lazy("applications", "Under review at Flexiti")
    UNCLEAR = "unclear", pgettext_lazy("applications", "Not known, or no account found")
    OTHER = "other", pgettext_lazy("applications", "Not decided")


_LAYER_OF = {
    Group.APPROVED: Layer.APPROVED,
    Group.DECLINED: Layer.DECLINED,
    Group.PENDING: Layer.PENDING,
    Group.UNKNOWN: Layer.UNCLEAR,
    Group.NO_ACCOUNT: Layer.UNCLEAR,
}


def layer_of(group: Group) -> Layer:
    return _LAYER_OF.get(group, Layer.OTHER)


@dataclass
class Outcomes:
    """How many applications have which status, and how many of them were submitted."""

    statuses: Counter[str] = field(default_factory=Counter)
    submitted: int = 0

    @property
    def started(self) -> int:
        return self.statuses.total()

    @property
    def groups(self) -> Counter[Group]:
        found: Counter[Group] = Counter()
        for status, number in self.statuses.items():
            found[GROUP_OF[status]] += number
        return found

    @property
    def layers(self) -> list[int]:
        """How many are in each layer, in their order."""
        found: Counter[Layer] = Counter()
        for group, number in self.groups.items():
            found[layer_of(group)] += number
        return [found[layer] for layer in Layer]

    @property
    def answered(self) -> int:
        """What the lender has adjudicated: approved, declined, or under review by a person there."""
        groups = self.groups
        return groups[Group.APPROVED] + groups[Group.DECLINED] + groups[Group.PENDING]

    @property
    def approval_rate(self) -> float | None:
        """Approved ÷ answered by the lender; None while nothing is answered."""
        return self.groups[Group.APPROVED] / self.answered if self.answered else None

    @property
    def cancelled(self) -> int:
        return self.statuses[Status.CANCELLED]

    def of(self, *groups: Group) -> int:
        found = self.groups
        return sum(found[group] for group in groups)

"""One of everything, three times: in one's own store, in another store of one's merchant, and at another merchant."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from applications.models import Application, SubmissionAttempt
from applications.review.models import Export
from applications.statuses import Status
from applications.submission.decisions import Decision
from applications.submission.recording import record_decision
from applications.submission.sealing import submit
from audit.events import timeline
from merchants.access import Who
from merchants.models import Credential, Invitation, Merchant, Role, Store, User
from merchants.staff import align_admin_access
from tests.factories import (
    CredentialFactory,
    MembershipFactory,
    MerchantFactory,
    StoreFactory,
    UserFactory,
    ready_application,
)

OWN, SIBLING, FOREIGN = "own", "sibling", "foreign"
# Of whom an action that reaches so far may touch things: by name of `merchants.access.Reach`.
WITHIN = {
    "NOTHING": set(),
    "OWN_ACCOUNT": {OWN},
    "OWN_STORE": {OWN},
    "OWN_STORES": {OWN},
    "OWN_MERCHANT": {OWN, SIBLING},
    "EVERYTHING": {OWN, SIBLING, FOREIGN},
}


@dataclass
class Place:
    """A store, and one of everything that belongs to it."""

    store: Store
    credential: Credential
    colleague: User
    manager: User
    application: Application
    export: Export
    invitation: Invitation

    @property
    def merchant(self) -> Merchant:
        return self.store.merchant

    def values(self) -> dict[str, Any]:
        """An argument of every name that an address may have."""
        acceptance = self.application.acceptances.get()
        return {
            "application_id": self.application.pk,
            "acceptance_id": acceptance.pk,
            "step_name": "check",
            "field": "phone_number",
            "export_id": self.export.pk,
            "merchant_id": self.merchant.pk,
            "store_id": self.store.pk,
            "credential_id": self.credential.pk,
            "user_id": self.colleague.pk,
            "invitation_id": self.invitation.pk,
            "token": "no-such-token",
            "content_type_id": ContentType.objects.get_for_model(Store).pk,
            "app_label": "merchants",
            "id": self.colleague.pk,
        }

    def row_of(self, table: str) -> Any:
        """The key of a row of this place, for the Django admin's pages of that table."""
        rows = {
            "merchants_merchant": self.merchant.pk,
            "merchants_store": self.store.pk,
            "merchants_credential": self.credential.pk,
            "merchants_user": self.colleague.pk,
            "audit_event": timeline(self.application).first().pk,
            "auth_group": Group.objects.first().pk,
            "applications_application": self.application.pk,
            "applications_submissionattempt": self.application.pk,
        }
        return rows.get(table, self.store.pk)


@dataclass
class World:
    """The places, and somebody of each kind who works at the first, with the cookies of their browser."""

    places: dict[str, Place]
    people: dict[Who, User | None] = field(default_factory=dict)
    cookies: dict[Who, SimpleCookie] = field(default_factory=dict)


def make_world() -> World:
    own = _place(MerchantFactory())
    sibling = _place(own.merchant, own.credential)
    world = World({OWN: own, SIBLING: sibling, FOREIGN: _place(MerchantFactory())})
    world.people = {
        Who.ANYBODY: None,
        Who.NEWCOMER: UserFactory(),
        Who.ASSOCIATE: own.application.created_by,
        Who.MANAGER: own.manager,
        Who.ADMINISTRATOR: _person(own.store, Role.ADMINISTRATOR),
        Who.OPERATOR: UserFactory(is_superuser=True, is_staff=True),
    }
    return world


def _place(merchant: Merchant, credential: Credential | None = None) -> Place:
    store = StoreFactory(merchant=merchant)
    credential = credential or CredentialFactory(merchant=merchant)
    manager, colleague = _person(store, Role.MANAGER), _person(store, Role.ASSOCIATE)
    application = _approved(credential, store, _person(store, Role.ASSOCIATE))
    export = Export.objects.create(merchant=merchant, requested_by=manager, language="en")
    invitation = Invitation.objects.create(
        user=colleague, merchant=merchant, invited_by=manager, digest=f"{store.pk.hex:0>64}", expires_at=timezone.now()
    )
    return Place(store, credential, colleague, manager, application, export, invitation)


def _approved(credential: Credential, store: Store, associate: User) -> Application:
    """Of another customer in every store."""
    phone_number = f"416555{store.pk.int % 10_000:04}"
    changes = {"last_name": f"Of {store.name}", "phone_number": phone_number, "email": f"{store.pk.hex}@example.test"}
    application = ready_application(credential, store=store, user=associate, **changes)
    attempt = submit(application, by=associate, revision=0)
    Application.objects.filter(pk=application.pk).update(status=Status.SENDING)
    SubmissionAttempt.objects.filter(pk=attempt.pk).update(sending_since=timezone.now())
    attempt.refresh_from_db()
    record_decision(attempt, Decision(Status.APPROVED, account_number=str(store.pk.int)[:8], credit_limit="3000.00"))
    application.refresh_from_db()
    return application


def _person(store: Store, role: Role) -> User:
    user = UserFactory()
    stores = [] if role == Role.ADMINISTRATOR else [store]
    MembershipFactory(user=user, merchant=store.merchant, role=role, stores=stores)
    align_admin_access(user)
    return user

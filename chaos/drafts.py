"""Drafts that only wait for the click: complete answers, and accepted terms. Needs Django (stack.py)."""

import hashlib
import random
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, DeviceHolder, TermsAcceptance, TermsDocument
from applications.statistics.recording import count_start
from chaos.people import Saved, applicants
from merchants.models import Store, User

_BATCH = 500


@dataclass(frozen=True)
class Draft:
    """What a client needs to submit it, and the reference id under which the lender will know it."""

    id: UUID
    reference_id: str

    @property
    def path(self) -> str:
        """The one address of the application."""
        return f"/applications/{self.id}/"


def make_drafts(count: int, chance: random.Random, *, username: str, first: int = 0) -> list[Draft]:
    """Drafts of `count` different people, in the one store of this associate; `first` is the number of the first."""
    user = User.objects.get(username=username)
    store = Store.objects.get(memberships__user=user)
    documents = {province: _terms(province) for province in ("ON", "QC")}
    made: list[Draft] = []
    answers = list(applicants(count, chance, first=first))
    for start in range(0, count, _BATCH):
        drafts = [_draft(saved, store, user) for saved in answers[start : start + _BATCH]]
        Application.objects.bulk_create(drafts)
        for draft in drafts:
            count_start(draft)
        TermsAcceptance.objects.bulk_create([_acceptance(draft, documents, user) for draft in drafts])
        made += [Draft(draft.pk, draft.reference_id) for draft in drafts]
    return made


def _draft(saved: Saved, store: Store, user: User) -> Application:
    return Application(
        merchant=store.merchant,
        store=store,
        credential=store.merchant.active_credential,
        created_by=user,
        language=saved["start"]["language"],
        answers=Answers(saved=saved).to_json(),
    )


def _acceptance(draft: Application, documents: dict[str, TermsDocument], user: User) -> TermsAcceptance:
    return TermsAcceptance(
        application=draft,
        document=documents[Answers.from_json(draft.answers).province],
        displayed_at=timezone.now(),
        recorded_by=user,
        device_holder=DeviceHolder.CUSTOMER,
    )


def _terms(province: str) -> TermsDocument:
    content = b"<div id='tcs'><h1>Cardholder agreement</h1><p>You agree.</p></div>"
    digest = hashlib.sha256(content).hexdigest()
    kept, _ = TermsDocument.objects.get_or_create(
        sha256=digest,
        language="en",
        province=province,
        defaults={"content": content, "content_type": "text/html; charset=utf-8"},
    )
    return kept

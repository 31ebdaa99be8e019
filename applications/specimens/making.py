"""Making many applications of one merchant, spread over its stores, its associates and the days."""

import random
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from applications.models import TermsAcceptance, TermsDocument
from applications.specimens.loading import load, reserved_keys
from applications.specimens.outcomes import moment, outcome_of
from applications.specimens.rows import Counter, Rows, add, refer
from merchants.models import Merchant, Role, Store

_AT_ONCE = 5_000


class NobodyToApplyAt(Exception):
    """The merchant lacks a credential in use, a store, or an associate of some store."""


def make_applications(
    merchant: Merchant, *, count: int, days: int, seed: int, first: int = 0, say: Callable[[int], None] = lambda _: None
) -> None:
    """Add `count` applications of the last `days` days, of the applicants from number `first` on.

    Nothing is sent and nothing is audited: these applications never happened. `say` hears how many there are so far.
    Raises NobodyToApplyAt.
    """
    chance = random.Random(f"{merchant.pk} {seed}")  # noqa: S311  # nosec B311
    counters = _counters(merchant)
    weights = [chance.lognormvariate(0, 0.5) for _ in counters]
    now = timezone.now()
    for begin in range(0, count, _AT_ONCE):
        rows = Rows()
        for number in range(begin, min(begin + _AT_ONCE, count)):
            counter = chance.choices(counters, weights)[0]
            at = moment(chance, now, days, counter.store.tzinfo)
            add(rows, counter, first + number, outcome_of(chance, now - at), at, chance)
        refer(rows, reserved_keys(TermsAcceptance, len(rows.acceptances)))
        with transaction.atomic():
            for table in rows.in_order():
                load(table)
        say(begin + len(rows.applications))


def _counters(merchant: Merchant) -> list[Counter]:
    credential = merchant.active_credential
    stores = list(merchant.stores.filter(is_active=True, memberships__role=Role.ASSOCIATE).distinct())
    if credential is None or not stores:
        raise NobodyToApplyAt(f"{merchant} needs a credential in use and a store with an associate.")
    terms = {store.province: _terms(store) for store in stores}
    return [
        Counter(
            store,
            credential,
            [one.user for one in store.memberships.filter(role=Role.ASSOCIATE).select_related("user")],
            terms[store.province],
        )
        for store in stores
    ]


def _terms(store: Store) -> dict[str, TermsDocument]:
    """Terms of our own making: the lender's are fetched when a customer is to read them."""
    found = {}
    for lang, text in {"en": "Made-up terms.", "fr": "Modalités fictives."}.items():
        found[lang], _ = TermsDocument.objects.get_or_create(
            sha256=f"{lang}{store.province}".encode().hex().zfill(64),
            language=lang,
            province=store.province,
            defaults={"content": f"<p>{text}</p>".encode(), "content_type": "text/html; charset=utf-8"},
        )
    return found

"""Many applications at once, told apart by when they were begun."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from applications.answers import Answers
from applications.models import Application
from applications.persons import search_keys
from applications.statuses import Status
from merchants.models import Credential, Store, User
from tests.factories import saved_answers

BEGAN = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


def applications_in(
    store: Store, number: int, *, by: User, credential: Credential, began: datetime = BEGAN, **columns: Any
) -> list[Application]:
    """So many in one store, a minute apart, the oldest first; a column given as a list is dealt out in turn.

    `answers` are the changes to the answers that all of them share.
    """
    answers = Answers(saved=saved_answers(**columns.pop("answers", {})))
    dealt = {name: cycle(value if isinstance(value, list) else [value]) for name, value in columns.items()}
    keys = search_keys(answers).as_columns()
    made = []
    for minute in range(number):
        at = began + timedelta(minutes=minute)
        values: dict[str, Any] = {
            "status": Status.APPROVED,
            "province": "ON",
            "amount": Decimal("2500.00"),
            "environment": credential.environment,
            "day": at.astimezone(store.tzinfo).date(),
            "created_by": by,
            **keys,
            **{name: next(value) for name, value in dealt.items()},
        }
        made.append(
            Application(
                merchant_id=store.merchant_id,
                store=store,
                credential=credential,
                answers=answers.to_json(),
                created_at=at,
                updated_at=at,
                **values,
            )
        )
    return Application.objects.bulk_create(made, batch_size=1000)

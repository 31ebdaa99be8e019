"""What tests of unsettled outcomes share: the plan of the searches, and the lender's side of a lost answer."""

from posapi import Client, Credentials, CreditApplication, new_reference_id
from tests.factories import CLIENT_ID, CLIENT_SECRET
from tests.posapi.lender import HERE

# Seconds from one search to the next, until absence counts.
UNTIL_NO_ACCOUNT = (10, 20, 30, 60, 120)


def open_account(sandbox, application, client_id=CLIENT_ID, secret=CLIENT_SECRET):
    """An account for the same person, opened beside the application's own send."""
    body = {**application.attempts.get(number=1).body, "middle_name": "A-RR_L"}
    with Client(Credentials(sandbox.base_url, client_id, secret), destinations=HERE) as client:
        client.flow(new_reference_id()).apply(CreditApplication.from_body(body))

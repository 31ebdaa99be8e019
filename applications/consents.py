"""What a customer agreed to beside the terms, written down in the transaction of what it allows."""

from dataclasses import dataclass

from applications.models import Application, ConsentKind, CustomerConsent, DeviceHolder, SubmissionAttempt
from audit.events import record
from audit.names import EventName
from merchants.models import User


@dataclass(frozen=True)
class Consent:
    """The customer's agreement as it was given at the counter, in their own language."""

    kind: ConsentKind
    device_holder: DeviceHolder


def record_consent(
    application: Application, consent: Consent, *, attempt: SubmissionAttempt | None, by: User
) -> CustomerConsent:
    """Keep the consent with the attempt it is about, and leave an audit line. Call it inside that transaction."""
    given = CustomerConsent.objects.create(
        application=application,
        attempt=attempt,
        kind=consent.kind,
        language=application.lang,
        recorded_by=by,
        device_holder=consent.device_holder,
    )
    record(
        EventName.CONSENT_GIVEN,
        subject=application,
        merchant_id=application.merchant_id,
        by=by,
        detail={
            "kind": str(consent.kind),
            "device_holder": str(consent.device_holder),
            "language": given.language,
            "attempt": attempt.number if attempt else None,
        },
    )
    return given

"""What one row says of itself."""

from django.utils.translation import override

from merchants.models import Merchant


def test_contact_is_told_in_the_readers_language() -> None:
    merchant = Merchant(support_contact="Head office", support_contact_fr="Siège social")
    with override("fr"):
        assert merchant.contact == "Siège social"
    with override("en"):
        assert merchant.contact == "Head office"


def test_contact_in_one_language_serves_both() -> None:
    with override("fr"):
        assert Merchant(support_contact="Nadia Roy, 416-555-0101").contact == "Nadia Roy, 416-555-0101"

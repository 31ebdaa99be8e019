"""The pages of exports: asking, watching, downloading, looking back."""

import gzip
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.review.models import Export
from audit.events import timeline
from merchants.models import Role, User
from tests.applications.journey.conftest import person, signed_in
from tests.applications.review.rows import applications_in
from tests.factories import CredentialFactory, StoreFactory
from tests.pages.parsed import Page, words

MASKED = {"language": "en", "contents": "masked"}
NAMED = {"language": "en", "contents": "with_names", "reason": "Recall of a product"}


@pytest.fixture
def store(db):
    return StoreFactory(name="Bloor Street")


@pytest.fixture
def manager(store):
    return person("Daniel Wong", store, Role.MANAGER)


@pytest.fixture
def manager_client(manager):
    return signed_in(manager)


@pytest.fixture
def make(store):
    associate, credential = person("associate", store), CredentialFactory(merchant=store.merchant)

    def make(number, **columns):
        return applications_in(store, number, by=associate, credential=credential, **columns)

    return make


def ask(client, data=MASKED, query=""):
    return client.post(reverse("export_list_new") + query, data)


def asked(client, data=MASKED, query=""):
    answer = ask(client, data, query)
    assert answer.status_code == 302, answer.content.decode()
    return Export.objects.order_by("-requested_at").first()


def address(name, export):
    return reverse(name, args=[export.pk])


def download(client, export):
    return client.post(address("export_list_file", export), headers={"referer": "http://testserver/from/"})


def html_of(answer):
    return " ".join(answer.content.decode().split())


def test_list_leads_to_an_export_of_what_it_shows(manager_client, make, store):
    make(1)
    page = Page.whole(manager_client.get(reverse("review_list") + "?status=approved").content.decode())
    (link,) = [one.get("href") for one in page.all("a") if words(one) == "Export this list"]
    answer = manager_client.get(link)
    assert "Status Approved" in html_of(answer)
    export = asked(manager_client, query="?status=approved")
    assert (export.query, export.with_names, export.reason, export.merchant) == (
        "status=approved",
        False,
        None,
        store.merchant,
    )


def test_download_streams_the_file_and_counts(manager_client, manager, make):
    make(3)
    export = asked(manager_client)
    assert "Not downloaded" in html_of(manager_client.get(address("export_list_item", export)))
    answer = download(manager_client, export)
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="applications-')
    assert len(b"".join(answer.streaming_content).splitlines()) == 4
    page = html_of(manager_client.get(address("export_list_item", export)))
    assert "Complete" in page
    assert "3 rows written" in page
    assert [event.actor_id for event in timeline(export)] == [str(manager.pk)] * 2


@pytest.mark.parametrize("what", ["deactivated", "demoted", "moved"])
def test_download_ends_for_somebody_who_may_no_longer_read_it(manager_client, manager, make, store, what):
    make(3)
    answer = download(manager_client, asked(manager_client))
    pieces = iter(answer.streaming_content)
    next(pieces)
    if what == "deactivated":
        User.objects.filter(pk=manager.pk).update(is_active=False)
    elif what == "demoted":
        manager.memberships.update(role=Role.ASSOCIATE)
    else:
        manager.memberships.get().stores.set([StoreFactory(merchant=store.merchant)])
    assert not list(pieces)
    assert timeline(Export.objects.get()).last().detail["complete"] is False


@pytest.mark.django_db(transaction=True)  # the end of a request closes the connection to the database
def test_connection_that_breaks_is_an_end_on_the_record(manager_client, make):
    make(3)
    export = asked(manager_client)
    answer = download(manager_client, export)
    next(iter(answer.streaming_content))
    answer.close()
    assert "The download broke off before the last row." in html_of(
        manager_client.get(address("export_list_item", export))
    )
    assert timeline(export).last().detail["complete"] is False


def test_compressed_file_begins_at_once_and_is_whole(manager_client, make):
    make(3)
    answer = manager_client.post(
        address("export_list_file", asked(manager_client)), headers={"accept-encoding": "gzip"}
    )
    assert answer["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(b"".join(answer.streaming_content)).splitlines()) == 4


def test_progress_asks_for_itself_until_the_end(manager_client, make):
    make(1)
    export = asked(manager_client)
    fragment = address("export_list_progress", export)
    assert f'hx-get="{fragment}"' in html_of(manager_client.get(fragment))
    Export.objects.update(began_at=timezone.now(), rows_written=40, rows_expected=100)
    html = html_of(manager_client.get(fragment))
    assert "40 rows written of 100" in html
    assert '<progress value="40" max="100"' in html
    Export.objects.update(ended_at=timezone.now(), is_complete=True)
    html = html_of(manager_client.get(fragment))
    assert "hx-get" not in html
    assert "<progress" not in html


def test_names_need_a_reason(manager_client, make):
    answer = ask(manager_client, {**NAMED, "reason": "  "})
    assert answer.status_code == 422
    assert "Write down why names are needed" in html_of(answer)
    assert not Export.objects.exists()


def test_names_need_a_recent_sign_in(manager_client, make):
    make(1)
    export = asked(manager_client, NAMED)
    assert export.reason == "Recall of a product"
    page = manager_client.get(address("export_list_item", export))
    assert "Sign in again first" in html_of(page)
    answer = download(manager_client, export)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    export.refresh_from_db()
    assert export.began_at is None


def test_names_are_in_the_file_after_signing_in(client, store, manager, make):
    make(1)
    manager.set_password("a long enough password")
    manager.save()
    client.post(reverse("account_login"), {"login": manager.username, "password": "a long enough password"})
    export = asked(client, NAMED)
    content = b"".join(download(client, export).streaming_content).decode()
    assert "Anne-Élise" in content
    assert "Recall of a product" in html_of(client.get(address("export_list_item", export)))


def test_reason_for_a_masked_file_is_not_kept(manager_client):
    assert asked(manager_client, {**NAMED, "contents": "masked"}).reason is None


def test_export_belongs_to_who_asked(manager_client, store, make):
    make(1)
    export = asked(manager_client)
    others = [
        signed_in(person("colleague", store, Role.MANAGER)),
        signed_in(person("stranger", StoreFactory(), Role.MANAGER)),
    ]
    for other in others:
        for name in ("export_list_item", "export_list_progress"):
            assert other.get(address(name, export)).status_code == 404
        assert download(other, export).status_code == 404
        assert str(export.pk) not in html_of(other.get(reverse("export_list")))
    assert signed_in(store.memberships.get(role=Role.ASSOCIATE).user).get(reverse("export_list")).status_code == 403


def test_export_can_be_downloaded_again_for_an_hour_only(manager_client, make):
    make(1)
    export = asked(manager_client)
    b"".join(download(manager_client, export).streaming_content)
    assert "Download again" in html_of(manager_client.get(address("export_list_item", export)))
    Export.objects.update(began_at=timezone.now() - timedelta(hours=1))
    answer = download(manager_client, export)
    assert answer.status_code == 302
    page = html_of(manager_client.get(answer["Location"]))
    assert "The time of this export is over." in page
    assert "Download again" not in page


def test_store_taken_away_meanwhile_ends_the_export(manager_client, manager, store, make):
    other = StoreFactory(merchant=store.merchant)
    make(1)
    membership = manager.memberships.get()
    membership.stores.add(other)
    export = asked(manager_client, query=f"?store={store.pk}")
    membership.stores.remove(store)
    assert download(manager_client, export).status_code == 302
    assert "What is no longer yours" in html_of(manager_client.get(reverse("export_list")))


def test_list_that_cannot_be_understood_is_not_exported(manager_client):
    answer = ask(manager_client, query="?status=lost")
    assert answer["Location"] == reverse("review_list") + "?status=lost"
    assert not Export.objects.exists()


def test_own_exports_are_listed_with_their_rows(manager_client, make):
    make(2)
    b"".join(download(manager_client, asked(manager_client, query="?province=ON")).streaming_content)
    (body,) = Page.whole(manager_client.get(reverse("export_list")).content.decode()).all("tbody")
    (row,) = [words(row) for row in body]
    assert "Customer’s province Ontario" in row
    assert "masked English 2 Complete" in row


def test_pages_in_french(manager_client, make):
    make(2)
    manager_client.cookies["language"] = "fr"
    export = asked(manager_client, {**MASKED, "language": "fr"})
    assert "Télécharger" in html_of(manager_client.get(address("export_list_item", export)))
    answer = download(manager_client, export)
    assert 'filename="demandes-' in answer["Content-Disposition"]
    assert "Montant" in b"".join(answer.streaming_content).decode()
    assert "2 lignes écrites" in html_of(manager_client.get(address("export_list_item", export)))
    assert "Exportations" in html_of(manager_client.get(reverse("export_list")))

"""What holds for every request, whatever view answers it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["unicode_escape", "rot13", "utf-7", "utf-16"])
def test_form_is_read_as_utf8_whatever_charset_it_claims(client, charset):
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800 +2AA-\r\n--x--\r\n'
    answer = client.generic(
        "POST", "/sign-in/", body, content_type=f"multipart/form-data; boundary=x; charset={charset}"
    )
    assert answer.status_code == 200
    assert "\\ud800 +2AA-" in answer.content.decode()


@pytest.mark.django_db
def test_short_form_of_another_charset_is_read_too(client):
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    answer = client.generic("POST", "/sign-in/", b"login=somebody", content_type=kind)
    assert 'value="somebody"' in answer.content.decode()


@pytest.mark.django_db
def test_file_is_not_taken(client):
    file = SimpleUploadedFile("licence.jpg", b"x" * 3_000_000)
    answer = client.post("/sign-in/", {"login": "somebody", "file": file})
    assert answer.status_code == 200
    assert not answer.wsgi_request.FILES

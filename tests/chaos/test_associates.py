"""The associate of the measures behaves as a browser where a connection ends."""

import socket
import threading
from contextlib import closing, suppress

import pytest

from chaos.associates import Associate


@pytest.fixture
def server():
    """`server(1)`: a web server that answers so many requests in all, each on a connection that it closes unasked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve(answers):
            with suppress(OSError):  # the end of the test
                for number in range(answers + 1):
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(4096)
                        if number < answers:
                            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        def start(answers):
            threading.Thread(target=serve, args=[answers], daemon=True).start()
            return f"http://127.0.0.1:{listening.getsockname()[1]}"

        yield start
        listening.shutdown(socket.SHUT_RDWR)


def test_page_is_asked_for_again_on_a_connection_that_was_idle(server):
    with closing(Associate(server(2), "associate")) as associate:
        assert [associate.get("/"), associate.get("/")] == [(200, ""), (200, "")]


def test_page_that_is_not_answered_on_a_new_connection_is_an_error(server):
    with pytest.raises(ConnectionError):
        Associate(server(0), "associate").get("/")


def test_form_is_never_sent_again_by_itself(server):
    with closing(Associate(server(2), "associate")) as associate:
        associate.get("/")
        with pytest.raises(ConnectionError):
            associate.post("/", {})

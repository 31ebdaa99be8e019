from contextlib import closing

import pytest

from local_services import sockets
from local_services.sockets import PortTaken, free_port, listening, listening_from, port_of, socket_folder


def test_socket_folder_is_short_private_and_removed(monkeypatch, tmp_path):
    deep = tmp_path / ("deep" * 20)
    deep.mkdir()
    monkeypatch.setattr(sockets.tempfile, "tempdir", str(deep))
    with socket_folder() as folder:
        assert len(str(folder / "valkey.sock")) < 104
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_a_taken_port_is_refused_with_its_number():
    with closing(listening(0)) as taken, pytest.raises(PortTaken, match=str(port_of(taken))):
        listening(port_of(taken))


def test_the_next_free_port_follows_a_taken_one():
    with closing(listening(0)) as taken, closing(listening_from(port_of(taken))) as following:
        assert port_of(taken) < port_of(following) < port_of(taken) + 100


def test_free_port_can_be_listened_on():
    with closing(listening(free_port())) as listener:
        assert sockets.is_answered(port_of(listener))

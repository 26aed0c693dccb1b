"""When the database is away, or we are wrong: what callers, probes and logs are told."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from config import Settings
from scheduler import create_app
from tests.support.api import BASE, Api, api_of, database_of
from tests.support.databases import Databases

TOKEN = {"Authorization": "Bearer interval_abc"}
AWAY = ["sqlite:////nowhere/interval.sqlite3", "postgresql://somebody:hush@127.0.0.1:1/interval"]


def app_on(database_url: str) -> Flask:
    return create_app(Settings(environment="test", database_url=database_url, log_level="ERROR"))


@pytest.mark.parametrize("database_url", AWAY)
def test_a_call_while_the_database_is_away_is_503_and_says_when_to_try_again(database_url: str) -> None:
    answer = app_on(database_url).test_client().get(f"{BASE}/patients", headers=TOKEN)
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "unavailable", "2")
    assert answer.content_type == "application/problem+json"
    assert {"hush", "nowhere", "127.0.0.1"} & set(answer.text.replace("/", " ").split()) == set()


@pytest.mark.parametrize("database_url", AWAY)
def test_the_process_lives_and_is_not_ready_while_the_database_is_away(database_url: str) -> None:
    client = app_on(database_url).test_client()
    alive, ready = client.get("/healthz"), client.get("/readyz")
    assert (alive.status_code, alive.text) == (200, "alive\n")
    assert (ready.status_code, ready.json["code"]) == (503, "database_away")


def test_the_process_is_ready_on_a_database_of_its_version(database_url: str) -> None:
    app = app_on(database_url)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    database_of(app).dispose()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_process_is_not_ready_on_a_database_that_was_not_migrated(
    databases: Databases, postgres_server: str, engine: str
) -> None:
    url = databases.new(engine, migrated=False)
    app = app_on(url)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["code"]) == (503, "schema_outdated")
    database_of(app).dispose()
    databases.drop(url)


def test_the_process_is_not_ready_on_a_database_of_a_later_version(database_url: str) -> None:
    app = app_on(database_url)
    later = text("UPDATE alembic_version SET version_num = 'later'")
    database_of(app).write(lambda tx: tx.execute(later))
    assert app.test_client().get("/readyz").json["code"] == "schema_outdated"
    database_of(app).dispose()


def test_the_service_works_again_without_a_restart_when_the_database_is_back(
    tmp_path: Path, databases: Databases
) -> None:
    url = databases.new("sqlite")
    kept, away = Path(url.removeprefix("sqlite:///")), tmp_path / "away"
    api = api_of(url)
    database_of(api.app).dispose()
    kept.rename(away)
    kept.mkdir()
    assert api.get("/protocols").status_code == 503
    kept.rmdir()
    away.rename(kept)
    assert api.get("/protocols").status_code == 200
    database_of(api.app).dispose()
    databases.drop(url)


def test_a_fault_of_ours_is_500_is_logged_and_tells_the_caller_nothing(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str:
        raise ZeroDivisionError("the inside of the service")

    app = api.app
    app.add_url_rule("/broken/<secret>", view_func=lambda secret: broken())
    answer = app.test_client().get("/broken/token-of-somebody?q=zoe")
    assert (answer.status_code, answer.json["code"]) == (500, "failed")
    assert "inside" not in answer.text
    told = capsys.readouterr()
    (line,) = [json.loads(line) for line in (told.out + told.err).splitlines()]
    assert (line["route"], line["method"], line["event"]) == ("/broken/<secret>", "GET", "failed")
    assert "ZeroDivisionError: the inside of the service" in line["exception"]
    assert "token-of-somebody" not in json.dumps(line)

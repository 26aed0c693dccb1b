import pytest

from config import DEVELOPMENT_KEY, Settings, SettingsError, load_settings

SECRET = "4vYqzJ0mW8tRk2LxN7bCdF5hGsPa9uEi1oKQ"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": SECRET,
    "LINK_KEY": "T6nXw3ZbV9cMr5JyK1fHqD8gLs0pAe2uOi7I",
    "PUBLIC_URL": "https://clinic.test",
}


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return str(caught.value).splitlines()


def test_an_empty_environment_gives_a_service_for_one_machine() -> None:
    settings = load_settings({})
    assert settings.environment == "development"
    assert settings.database_url == "sqlite:///var/interval.sqlite3"
    assert (settings.port, settings.public_url) == (8000, "http://localhost:8000")
    assert (settings.debug, settings.log_level, settings.smtp_url) == (False, "INFO", None)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings({"PORT": "", "SMTP_URL": "", "SECRET_KEY": ""}) == load_settings({})


def test_the_public_address_follows_the_port() -> None:
    assert load_settings({"PORT": "8123"}).public_url == "http://localhost:8123"


def test_each_setting_is_taken_from_its_variable() -> None:
    given = {"PUBLIC_URL": "https://clinic.test/book/", "LOG_LEVEL": "debug", "SMTP_URL": "smtp://mail.test:25"}
    settings = load_settings({**given, "DATABASE_URL": "postgresql://db.test/interval"})
    assert settings.public_url == "https://clinic.test/book"
    assert settings.log_level == "DEBUG"
    assert settings.smtp_url == "smtp://mail.test:25"
    assert settings.database_url == "postgresql://db.test/interval"


def test_the_link_key_of_development_follows_the_secret_and_is_not_the_secret() -> None:
    one, other = load_settings({}), load_settings({"SECRET_KEY": SECRET})
    assert one.link_key != other.link_key
    assert other.link_key != SECRET


def test_production_starts_with_all_it_needs() -> None:
    settings = load_settings(PRODUCTION)
    assert settings.secret_key == SECRET
    assert settings.environment == "production"


def test_production_demands_a_second_factor_of_managers_unless_told_otherwise() -> None:
    demanded = [
        load_settings(given).second_factor for given in ({}, PRODUCTION, PRODUCTION | {"SECOND_FACTOR": "nobody"})
    ]
    assert demanded == ["nobody", "managers", "nobody"]


def test_secrets_and_passwords_are_never_shown() -> None:
    settings = load_settings({**PRODUCTION, "DATABASE_URL": "postgresql://u:hush@db.test/i"})
    assert SECRET not in repr(settings)
    assert "hush" not in repr(settings)


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings({}).port = 1


@pytest.mark.parametrize("name", ["SECRET_KEY", "LINK_KEY"])
@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        ("", "must have at least 32 characters in production"),
        (SECRET[:31], "must have at least 32 characters in production"),
        (DEVELOPMENT_KEY, "is a published placeholder, which production refuses"),
        (load_settings({}).link_key, "is a published placeholder, which production refuses"),
        (f"ChangeMe-{SECRET}", "is a published placeholder, which production refuses"),
        ("ab" * 16, "must have at least 10 different characters in production"),
    ],
)
def test_production_refuses_a_weak_secret(name: str, secret: str, fault: str) -> None:
    assert faults({**PRODUCTION, name: secret}) == [f"{name}: {fault}"]


def test_production_refuses_one_secret_for_two_purposes() -> None:
    assert faults({**PRODUCTION, "LINK_KEY": SECRET}) == ["LINK_KEY: must differ from SECRET_KEY in production"]


@pytest.mark.parametrize("name", ["DEBUG", "FLASK_DEBUG"])
def test_production_refuses_debug(name: str) -> None:
    assert faults({**PRODUCTION, name: "1"}) == ["DEBUG and FLASK_DEBUG: must be off in production"]


def test_production_needs_its_public_address() -> None:
    missing = {name: value for name, value in PRODUCTION.items() if name != "PUBLIC_URL"}
    assert faults(missing) == ["PUBLIC_URL: must be set in production"]


def test_production_names_every_fault_at_once() -> None:
    found = faults({"ENVIRONMENT": "production", "PUBLIC_URL": "https://clinic.test", "DEBUG": "true"})
    assert [line.split(":")[0] for line in found] == ["DEBUG and FLASK_DEBUG", "SECRET_KEY", "LINK_KEY"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("DEBUG", "perhaps"),
        ("LOG_LEVEL", "chatty"),
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("DATABASE_URL", "mysql://db.test/interval"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("PUBLIC_URL", "clinic.test"),
        ("PUBLIC_URL", "https://clinic.test/?a=1"),
        ("SMTP_URL", "mail.test:25"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_its_name(name: str, value: str) -> None:
    (line,) = faults({name: value})
    assert line.startswith(f"{name}: ")


def test_a_refusal_does_not_repeat_a_password() -> None:
    assert "hush" not in "".join(faults({"DATABASE_URL": "mysql://u:hush@db.test/i"}))


def test_tests_may_build_settings_by_hand() -> None:
    assert Settings(environment="test", port=1).public_url == "http://localhost:1"


@pytest.mark.parametrize(
    "given",
    [
        {"SMTP_URL": "smtp://mail.test?starttls=never"},
        {"MAIL_FROM": "Clinic <visits@clinic.test>"},
        {"MAIL_FROM": "visits@clinic.test\r\nBcc: all@clinic.test"},
        {"TEXT_URL": "ftp://gateway.test"},
        {"TEXT_TYPE": "xml"},
        {"TEXT_HEADER": "Bearer KEY"},
        {"TEXT_BODY": "to={recipient}&text={text}"},
        {"TEXT_BODY": '{"to": "{recipient}"}'},
    ],
    ids=str,
)
def test_ways_out_that_make_no_sense_are_refused(given: dict[str, str]) -> None:
    (name,) = given
    assert [fault.partition(":")[0] for fault in faults(given)] == [name]


def test_production_needs_a_sender_for_its_mails() -> None:
    assert faults({**PRODUCTION, "SMTP_URL": "smtp://mail.test"}) == [
        "MAIL_FROM: must be set in production when SMTP_URL is"
    ]

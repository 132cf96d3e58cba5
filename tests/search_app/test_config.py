"""Settings: the table, the environment, the values that do not fit."""

import re
from pathlib import Path

import click
import pytest

from indexer.cli import main as reindex_command
from search_app.cli import main
from search_app.config import SETTINGS, ConfigError, Settings


def test_every_setting_has_a_name_and_a_meaning():
    assert all(one.name == f"SEARCH_{one.key.upper()}" and one.help for one in SETTINGS)


def test_defaults_without_environment():
    settings = Settings.load(environ={})

    assert settings == Settings()
    assert (settings.index_dir, settings.host, settings.port) == (Path("index"), "127.0.0.1", 8000)


def test_the_environment_is_read_in_the_type_of_the_default():
    environ = {
        "SEARCH_INDEX_DIR": "/srv/index",
        "SEARCH_PORT": "9000",
        "SEARCH_TRUSTED_HOSTS": "grants.example, .example.org",
        "SEARCH_LOG_QUERIES": "1",
        "SEARCH_LOG_FORMAT": "json",
        "PATH": "/bin",
    }

    assert Settings.load(environ=environ) == Settings(
        index_dir=Path("/srv/index"),
        port=9000,
        trusted_hosts=("grants.example", ".example.org"),
        log_queries=True,
        log_format="json",
    )


def test_a_variable_that_is_empty_is_not_set():
    assert Settings.load(environ={one.name: "" for one in SETTINGS}) == Settings()


def test_an_address_may_stand_in_brackets_as_before_a_port():
    assert Settings.load(environ={"SEARCH_HOST": "[::1]"}).host == "::1"


def test_the_caller_beats_the_environment():
    settings = Settings.load({"SEARCH_PORT": 9001, "TESTING": True}, environ={"SEARCH_PORT": "9000"})

    assert settings.port == 9001


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("SEARCH_PORT", "http", id="not-a-number"),
        pytest.param("SEARCH_PORT", "-1", id="negative"),
        pytest.param("SEARCH_PORT", "0", id="a-port-that-nobody-knows"),
        pytest.param("SEARCH_PORT", "70000", id="beyond-the-last-port"),
        pytest.param("SEARCH_TRUSTED_HOSTS", "https://grants.example.org", id="an-address-for-a-name"),
        pytest.param("SEARCH_TRUSTED_HOSTS", "grants.example.org/search", id="a-name-with-a-path"),
        pytest.param("SEARCH_TRUSTED_HOSTS", "a.example b.example", id="names-without-a-comma"),
        pytest.param("SEARCH_TRUSTED_HOSTS", "grants..example.org", id="a-name-with-a-gap"),
        pytest.param("SEARCH_TRUSTED_HOSTS", ".", id="a-dot-for-a-name"),
        pytest.param("SEARCH_WORKERS", 1.5, id="fraction"),
        pytest.param("SEARCH_LOG_QUERIES", "yes", id="not-a-flag"),
        pytest.param("SEARCH_LOG_FORMAT", "xml", id="no-such-format"),
        pytest.param("SEARCH_WORKERS", "0", id="no-worker"),
        pytest.param("SEARCH_MAX_PER_PAGE", "0", id="pages-without-hits"),
        pytest.param("SEARCH_MAX_QUERY_LENGTH", 0, id="queries-without-characters"),
        pytest.param("SEARCH_PUBLIC_URL", "grants.example.org", id="address-without-a-scheme"),
        pytest.param("SEARCH_PUBLIC_URL", "https://", id="address-without-a-host"),
        pytest.param("SEARCH_PUBLIC_URL", "https://ann:secret@grants.example.org", id="address-with-a-user"),
        pytest.param("SEARCH_PUBLIC_URL", "https://ann@grants.example.org/x", id="address-with-a-name"),
        pytest.param("SEARCH_PUBLIC_URL", "https://grants.example.org:http", id="address-with-no-port"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(name, value):
    with pytest.raises(ConfigError, match=re.escape(f"{name} cannot be '{value}'")):
        Settings.load({name: value}, environ={})


@pytest.mark.parametrize(
    "url", ["https://grants.example.org:8443/search/", "http://[::1]:8000", "HTTPS://Müller.example", ""]
)
def test_an_address_that_people_can_use_is_taken(url):
    assert Settings.load(environ={"SEARCH_PUBLIC_URL": url}).public_url == url


def test_trusted_names_are_kept_as_requests_give_them():
    environ = {"SEARCH_TRUSTED_HOSTS": "Grants.Example.ORG:8443, .Müller.example"}

    assert Settings.load(environ=environ).trusted_hosts == (
        "grants.example.org:8443",
        ".xn--mller-kva.example",
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SEARCH_WORKERS", "0", "; a whole number, 1 or more."),
        ("SEARCH_CACHE_MB", "-1", "; a whole number, 0 or more."),
        ("SEARCH_MAX_PER_PAGE", "many", "; a whole number, 1 or more."),
        ("SEARCH_LOG_QUERIES", "yes", "; 1 or 0."),
        ("SEARCH_PORT", "70000", "; a whole number, 1 to 65535."),
        ("SEARCH_MAX_FILE_MB", "2000", "; a whole number, 1 to 1024."),
        (
            "SEARCH_PUBLIC_URL",
            "grants.example",
            "; https:// or http:// and a host, without a user or a password.",
        ),
        (
            "SEARCH_TRUSTED_HOSTS",
            "*",
            "; names such as grants.example.org, with a dot before it for all below it.",
        ),
    ],
)
def test_the_error_says_which_values_fit(name, value, told):
    with pytest.raises(ConfigError) as raised:
        Settings.load({name: value}, environ={})
    assert str(raised.value).endswith(told)


def test_help_settings_prints_every_setting(runner):
    printed = runner.invoke(main, ["--help-settings"])

    assert printed.exit_code == 0
    assert [line.split()[0] for line in printed.output.splitlines()] == [one.name for one in SETTINGS]


def test_a_wrong_setting_is_a_usage_error(runner):
    failed = runner.invoke(main, [], env={"SEARCH_PORT": "http"})

    assert failed.exit_code == 2
    assert "SEARCH_PORT cannot be 'http'" in failed.output


def test_both_commands_take_the_same_numbers():
    bounds = {
        option.envvar: (option.type.min, option.type.max)
        for option in reindex_command.params
        if isinstance(option.type, click.IntRange) and option.envvar in {one.name for one in SETTINGS}
    }
    assert bounds
    for name, (least, most) in bounds.items():
        for fits in (least, most):
            Settings.load({name: str(fits)}, environ={})
        for wrong in (least - 1, most + 1):
            with pytest.raises(ConfigError, match=f"{least} to {most}"):
                Settings.load({name: str(wrong)}, environ={})

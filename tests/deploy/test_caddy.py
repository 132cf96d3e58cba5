"""Caddy in front of the server, as deploy/Caddyfile says: names, certificates, health, forwarded headers."""

import http.client
import json
import os
import socket
import ssl
import subprocess
from contextlib import closing, contextmanager

import pytest

from bench.servers import HOST, free_port
from tests.deploy.conftest import DEPLOY, program
from tests.reliability.serving import search, serving, until

NAME = "grants.example.org"
REQUESTS = 200
# What a test machine has in place of the ports below 1024 and of a certificate that others trust.
LOCAL = """\
{{
	admin off
	http_port {http}
	https_port {https}
	local_certs
	skip_install_trust
}}
"""


class Site:
    """The site behind Caddy, as a browser reaches it: by its name, over TLS."""

    def __init__(self, folder, server):
        self.folder, self.server, self.port, self.plain_port = folder, server, free_port(), free_port()
        self.before = len(health_checks(server))
        self.root = folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def get(self, path, host=NAME, **headers):
        """Return status, headers and body."""
        context = ssl.create_default_context(cafile=self.root)
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.sock = context.wrap_socket(
            socket.create_connection((HOST, self.port), 20), server_hostname=host
        )
        return answer_of(connection, path, headers)

    def plainly(self, path):
        """Ask without TLS."""
        connection = http.client.HTTPConnection(NAME, timeout=20)
        connection.sock = socket.create_connection((HOST, self.plain_port), 20)
        return answer_of(connection, path, {})

    def answers(self):
        """Tell whether Caddy passes requests on."""
        try:
            return self.root.exists() and self.get("/readyz")[0] == 200
        except OSError:
            return False

    def checks(self):
        """Return the statuses that the server gave to the health checks of Caddy."""
        return health_checks(self.server)[self.before :]


def health_checks(server):
    """Return the statuses that a server has given to whoever asked for its health."""
    lines = [json.loads(line) for line in server.told().splitlines() if line[:1] + line[-1:] == "{}"]
    return [line["status"] for line in lines if line.get("route") == "/healthz"]


def answer_of(connection, path, headers):
    with closing(connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()


@contextmanager
def in_front_of(server, folder):
    """Run Caddy with the file of deploy/ until the block ends."""
    site = Site(folder, server)
    # The file as it is, after what concerns this machine.
    config = folder / "Caddyfile"
    local = LOCAL.format(http=site.plain_port, https=site.port)
    config.write_text(local + (DEPLOY / "Caddyfile").read_text())
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "SEARCH_ADDRESS": f"{HOST}:{server.port}",
    }
    command = [program("caddy", "caddy"), "run", "--config", str(config), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        until(site.answers, "Caddy answers")
        yield site
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory, labour_index):
    program("caddy", "caddy")
    folder = tmp_path_factory.mktemp("caddy")
    settings = {"SEARCH_PROXIES": "1", "SEARCH_TRUSTED_HOSTS": NAME, "SEARCH_LOG_FORMAT": "json"}
    with (
        serving(labour_index, folder / "server.log", **settings) as server,
        in_front_of(server, folder) as site,
    ):
        yield site


def test_the_site_is_answered_under_its_name(site, figure):
    until(site.checks, "Caddy asks for the health of the server")
    statuses = {site.get(f"/search?q=labour&page={number + 1}")[0] for number in range(REQUESTS)}

    assert statuses == {200}
    assert set(site.checks()) == {200}
    figure(f"Caddy with TLS, health checks and trusted hosts: {REQUESTS} requests, all 200")


def test_addresses_that_leave_the_site_have_its_name_and_scheme(site):
    status, headers, body = site.get("/opensearch.xml")

    assert status == 200
    assert f"https://{NAME}/search?q=".encode() in body
    assert headers["Strict-Transport-Security"]
    assert headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "forged"),
    [
        pytest.param("X-Forwarded-Host", "evil.example", id="host"),
        pytest.param("X-Forwarded-Proto", "javascript", id="scheme"),
        pytest.param("X-Forwarded-For", "10.6.6.6", id="address"),
        # A server gives WSGI both spellings as one header, the last that comes.
        pytest.param("X_Forwarded_Host", "evil.example", id="host, spelt otherwise"),
        pytest.param("x_forwarded_proto", "http", id="scheme, spelt otherwise"),
        pytest.param("Forwarded", "host=evil.example;proto=javascript", id="standard"),
    ],
)
def test_what_a_visitor_says_of_proxies_is_not_believed(site, name, forged):
    plain, said = site.get("/opensearch.xml"), site.get("/opensearch.xml", **{name: forged})

    assert (said[0], said[2]) == (200, plain[2])


def test_figures_stay_inside(site):
    assert site.get("/metrics")[0] == 404


def test_without_tls_the_visitor_is_sent_to_it(site):
    status, headers, _ = site.plainly("/search?q=labour")

    assert status == 308
    assert headers["Location"].startswith(f"https://{NAME}")
    assert headers["Location"].endswith("/search?q=labour")


def test_the_server_itself_answers_health_under_any_name_and_nothing_else(site):
    """As those ask who know the machine and not the site: a proxy, a container, a cluster."""
    asked = [
        site.server.get(path).status for path in ("/healthz", "/readyz", "/", search("labour"), "/metrics")
    ]

    assert asked == [200, 200, 400, 400, 400]

"""The compose file of a cluster: as YAML has it, and as docs/cluster.md tells it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.cluster.connecting import LEAST_VERSION
from tests.documents import ROOT
from tests.opensearch.node import VERSION

yaml = pytest.importorskip("yaml")
FOLDER = ROOT / "deploy/cluster"
DOCS = (ROOT / "docs/cluster.md").read_text()


def read(name):
    return yaml.safe_load((FOLDER / name).read_text())


@pytest.fixture(scope="module")
def nodes():
    return read("compose.yaml")["services"]


def test_the_tests_run_the_version_that_is_deployed(nodes):
    assert {node["image"] for node in nodes.values()} == {f"opensearchproject/opensearch:{VERSION}"}
    assert tuple(map(int, VERSION.split(".")[:2])) >= LEAST_VERSION
    assert f"{'.'.join(map(str, LEAST_VERSION))} or newer" in DOCS


def test_every_node_knows_the_others_and_keeps_its_own_data(nodes):
    for name, node in nodes.items():
        environment = node["environment"]
        assert environment["node.name"] == name
        for setting in ("discovery.seed_hosts", "cluster.initial_cluster_manager_nodes"):
            assert environment[setting].split(",") == list(nodes)
        assert f"{name}:/usr/share/opensearch/data" in node["volumes"]
    assert list(read("compose.yaml")["volumes"]) == list(nodes)


def test_the_addresses_of_the_docs_are_those_of_the_nodes_on_loopback_alone(nodes):
    ports = [port.rsplit(":", 1) for node in nodes.values() for port in node["ports"]]
    assert {inner for _, inner in ports} == {"9200"}
    told = re.search(r"SEARCH_CLUSTER_URL=(\S+)", DOCS)[1].split(",")
    assert told == [f"https://localhost:{outer.removeprefix('127.0.0.1:')}" for outer, _ in ports]


def test_what_is_said_is_encrypted_with_files_that_are_mounted(nodes):
    for node in nodes.values():
        environment = node["environment"]
        assert environment["plugins.security.ssl.http.enabled"] == "true"
        # The demonstration has certificates and passwords that everybody knows.
        assert environment["DISABLE_INSTALL_DEMO_CONFIG"] == "true"
        mounted = [volume.split(":")[1] for volume in node["volumes"]]
        assert "/usr/share/opensearch/config/opensearch-security/internal_users.yml" in mounted
        for part in ("transport", "http"):
            for file in ("pemcert", "pemkey", "pemtrustedcas"):
                path = environment[f"plugins.security.ssl.{part}.{file}_filepath"]
                folder = Path("/usr/share/opensearch/config") / Path(path).parent
                assert str(folder) in mounted


def test_what_is_mounted_is_there_or_told_to_be_made(nodes):
    text = (FOLDER / "compose.yaml").read_text()
    for node in nodes.values():
        for volume in node["volumes"]:
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (FOLDER / source).exists() or source.removeprefix("./") in text.split("x-node")[0]


def test_each_user_has_a_role_and_each_role_the_rights_of_the_docs():
    roles, users = read("security/roles.yml"), read("security/internal_users.example.yml")
    mapping = read("security/roles_mapping.yml")
    for role, user in (("grant_search_writer", "writer"), ("grant_search_reader", "reader")):
        assert mapping[role]["users"] == [user]
        assert user in users
        (on_index,) = roles[role]["index_permissions"]
        assert on_index["index_patterns"] == ["projects*"]
        for right in (*roles[role]["cluster_permissions"], *on_index["allowed_actions"]):
            assert f"`{right}`" in DOCS, right
    assert roles["grant_search_reader"]["index_permissions"][0]["allowed_actions"][0] == "read"


def test_the_variables_of_the_docs_are_settings():
    run = subprocess.run(
        [sys.executable, "-m", "search_app.cli", "--help-settings"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    settings = set(re.findall(r"^SEARCH_\w+", run.stdout, re.MULTILINE))
    assert set(re.findall(r"\bSEARCH_[A-Z_]+", DOCS)) <= settings

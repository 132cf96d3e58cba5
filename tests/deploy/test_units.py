"""The units as systemd reads them: nothing ignored, nothing missing, and as few rights as they say."""

import re
import subprocess
import tomllib

import pytest

from tests.deploy.conftest import DEPLOY, program
from tests.documents import ROOT

UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
# Of 10, of which a service without any rule has 9.6; up to 2 is called "OK" and less.
MOST_EXPOSED = 1.5
INSTALLED = "/opt/grant-search/.venv/bin/"
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]


def analyze(*arguments):
    command = [program("systemd-analyze", "systemd"), "--no-pager", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def installed(folder):
    """Copy the units to where their programs are, which are installed in no other place of a test machine."""
    for script in SCRIPTS:
        (folder / script).write_text("#!/bin/sh\n")
        (folder / script).chmod(0o755)
    for name in UNITS:
        text = (DEPLOY / name).read_text().replace(INSTALLED, f"{folder}/")
        (folder / name).write_text(text)
    return [folder / name for name in UNITS]


def test_units_are_understood(tmp_path):
    ran = analyze("verify", "--man=no", *installed(tmp_path))

    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_a_unit_with_a_slip_is_not(tmp_path):
    """The test above can fail: systemd goes on without what it does not understand."""
    (unit, *_) = installed(tmp_path)
    unit.write_text(unit.read_text().replace("ProtectSystem=strict", "ProtectSystem=strickt"))

    assert "strickt" in analyze("verify", "--man=no", unit).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_few_rights(name, figure):
    ran = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED * 10:.0f}", DEPLOY / name)

    exposed = float(re.search(r"exposure level for \S+: ([\d.]+)", ran.stdout)[1])
    assert (ran.returncode, exposed <= MOST_EXPOSED) == (0, True)
    figure(f"{name}: exposure {exposed} of 10 by `systemd-analyze security`")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_command_of_ours(name):
    (command,) = re.findall(rf"^ExecStart={INSTALLED}(\S+)$", (DEPLOY / name).read_text(), re.MULTILINE)

    assert command in SCRIPTS


def test_a_timer_starts_a_unit_that_is_there():
    timers = [name for name in UNITS if name.endswith(".timer")]

    assert timers
    assert [name for name in timers if name.replace(".timer", ".service") not in UNITS] == []

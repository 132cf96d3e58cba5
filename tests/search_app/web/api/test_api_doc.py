"""The examples of docs/api.md print what it says they print."""

import os
import re
import shutil
import subprocess
import sys
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.documents import ROOT

EXAMPLE = re.compile(r"```(python|sh)\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall((ROOT / "docs" / "api.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def command(language, code):
    if language == "python":
        return [sys.executable, "-c", code]
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    return ["sh", "-ec", code]


def test_there_are_examples():
    assert {language for language, _, _ in EXAMPLES} == {"python", "sh"}
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize(
    ("language", "code", "printed"),
    [pytest.param(*example, id=f"{example[0]}-{number}") for number, example in enumerate(EXAMPLES)],
)
def test_an_example_prints_what_it_says(site, tmp_path, language, code, printed):
    run = subprocess.run(
        command(language, code.replace("127.0.0.1:8000", site)),
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert run.stderr == ""
    assert run.stdout.strip().replace("\r", "") == printed.strip()

"""How a command ends: whoever stops it gets the code of that, whatever a library makes of the exception."""

from __future__ import annotations

import os
import signal

import pytest

from indexer.reporting.ending import exit_codes


def _stopped(number, made):
    """Stop this process in a library, which makes another exception of what was raised."""
    try:
        os.kill(os.getpid(), number)
    except KeyboardInterrupt:
        if made:
            raise made from None
        raise


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("made", [None, TypeError("not BufferedWriter"), OSError(4, "Interrupted")], ids=repr)
def test_a_command_that_was_stopped_says_so_whatever_came_of_it(made, number, code, capsys):
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        with pytest.raises(SystemExit) as ended, exit_codes():
            _stopped(number, made)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert ended.value.code == code
    assert capsys.readouterr().err.startswith("reindex: ")


@pytest.mark.parametrize(("error", "code"), [(TypeError("odd"), 70), (OSError(28, "full"), 74)], ids=repr)
def test_one_that_nobody_stopped_ends_with_what_went_wrong(error, code):
    with pytest.raises(SystemExit) as ended, exit_codes():
        raise error
    assert ended.value.code == code

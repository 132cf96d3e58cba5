"""The socket that all workers accept from, and what connections have from it."""

import socket
import sys

import pytest

from search_app.web.serving.listening import WRITE_SECONDS, listen


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere connections do not have it from who accepts them"
)
@pytest.mark.parametrize(
    ("option", "value"), [(socket.TCP_NODELAY, 1), (socket.TCP_USER_TIMEOUT, WRITE_SECONDS * 1000)]
)
def test_a_connection_is_sent_all_at_once_and_given_up_when_it_stalls(option, value):
    with listen("127.0.0.1", 0, 1) as listener, socket.create_connection(listener.getsockname()):
        listener.setblocking(True)
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, option) == value

"""The socket that all workers accept from: it is there as long as the server is, whatever becomes of them.

Left alone, each worker has a socket of its own: who waits at one that ends is refused, nobody listens while a
single worker is replaced, and a second server on the same port takes half of the requests.
"""

from __future__ import annotations

import socket

from granian._granian import SocketHolder
from granian.server.mp import MPServer

# Seconds until a connection is closed whose reader takes nothing of what is sent: the write timeout.
WRITE_SECONDS = 15


def listen(host: str, port: int, backlog: int) -> socket.socket:
    """Return a socket that listens; raise OSError where the address is not ours or is taken."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # The port may be bound again while connections of the last server are still closing. A server that
        # still listens there is an error all the same.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # On Linux connections inherit what follows from the socket that accepts them. A body goes out at
        # once, not when the head has been confirmed: that takes 40 ms where a connection is used again.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, WRITE_SECONDS * 1000)
        listener.bind(address)
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


class SharedServer(MPServer):
    """A server whose workers share one socket, as Granian's do where a system knows no other way."""

    listener: socket.socket

    def _init_shared_socket(self) -> None:
        descriptor = self.listener.fileno()
        holder = SocketHolder(descriptor, False, self.backlog)  # type: ignore[call-arg]
        # Granian's own names, of which it says too little: the tests hold that they mean what they did.
        vars(self).update(_sso=self.listener, _sfd=descriptor, _shd=holder, _ssp=None)

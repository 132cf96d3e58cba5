"""A server in place of a node, which answers everything alike; and certificates, where it has TLS.

The nodes of the tests have no TLS and no users: what a secured one answers is told here.
"""

import json
import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What a node tells of itself.
NODE = json.dumps({"version": {"distribution": "opensearch", "number": "2.19.6"}}).encode()


@contextmanager
def server(status=200, body=b"{}", context=None):
    """Give the address of a server that answers everything alike, and the requests that it got."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            got.append((self.path, self.headers.get("Authorization")))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if context is not None:
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        scheme = "https"
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{httpd.server_port}", got
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


class Certificates:
    """Files with certificates that one authority signed, each with its key, and the authority's own."""

    def __init__(self, folder):
        self._folder = folder
        self._make("ca", "/CN=Tests", "basicConstraints=critical,CA:TRUE", ())

    @property
    def ca(self):
        """The authority's certificate."""
        return str(self._folder / "ca.pem")

    def signed(self, name, subject, extension):
        """Return a file with a certificate and its key."""
        return self._make(name, subject, extension, ("-CA", "ca.pem", "-CAkey", "ca.key"))

    def _make(self, name, subject, extension, signer):
        command = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", subject,
            "-addext", extension, *signer,
        ]  # fmt: skip
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True)
        both = self._folder / f"{name}-both.pem"
        both.write_text(
            (self._folder / f"{name}.pem").read_text() + (self._folder / f"{name}.key").read_text()
        )
        return str(both)


def context_of(certificate, clients_of=None, version=ssl.TLSVersion.TLSv1_3):
    """Return what a TLS server shows; one that wants certificates of its clients believes `clients_of`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.maximum_version = version
    if clients_of:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients_of)
    return context

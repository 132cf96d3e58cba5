"""Node: an OpenSearch server on this machine, for as long as tests need it.

It is no distribution: what its modules are and may do is written here, and nothing of it is secured. Java 17 and
Maven make it; a node refuses to run as root, and is then run as `nobody`.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from indexer.cluster.client import Access, Cluster
from indexer.errors import ClusterError

VERSION = "2.19.6"
POM = Path(__file__).with_name("pom.xml")
# Seconds that a node may take to start on a busy machine, and to stop.
START_SECONDS, STOP_SECONDS = 180, 30
ROOT_STANDIN = "nobody"

# For tests a node has to start soon: a third of that time would verify classes that others have verified, and
# code that runs for a minute is not worth more compilation. To be measured, it is as the distribution's are.
QUICK = (
    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
    "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote",
)  # fmt: skip
AS_DISTRIBUTED = ("-XX:+UseG1GC",)

_MODULES = {
    "transport-netty4": "org.opensearch.transport.Netty4Plugin",
    "analysis-common": "org.opensearch.analysis.common.CommonAnalysisPlugin",
}
_DESCRIPTOR = """\
name={name}
description={name}
version={version}
opensearch.version={version}
java.version=11
classname={plugin}
extended.plugins=
has.native.controller=false
"""
_POLICY = """\
grant codeBase "${codebase.netty-common}" {
  permission java.io.FilePermission "/proc/sys/net/core/somaxconn", "read";
  permission java.net.SocketPermission "*", "accept,connect";
  permission java.lang.RuntimePermission "setContextClassLoader";
  permission java.lang.RuntimePermission "getClassLoader";
  permission java.lang.RuntimePermission "modifyThread";
  permission java.lang.RuntimePermission "modifyThreadGroup";
  permission java.util.PropertyPermission "*", "write";
};
grant codeBase "${codebase.netty-transport}" {
  permission java.util.PropertyPermission "sun.nio.ch.bugLevel", "write";
  permission java.lang.RuntimePermission "accessDeclaredMembers";
  permission java.net.SocketPermission "*", "accept,connect";
};
"""
_LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%p] %c{1}: %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def missing():
    """Return which of the programs that make a node are not there."""
    return [name for name in ("java", "mvn") if shutil.which(name) is None]


def lay_out(folder):
    """Lay the home of a node out in a folder."""
    home = folder / "home"
    command = ["mvn", "-B", "-q", "-f", POM, f"-Dhome={home}", "generate-resources"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    for name in ("bin", "config", "extensions", "plugins"):
        # The security manager wants them to exist.
        (home / name).mkdir(exist_ok=True)
    for name, plugin in _MODULES.items():
        text = _DESCRIPTOR.format(name=name, version=VERSION, plugin=plugin)
        (home / "modules" / name / "plugin-descriptor.properties").write_text(text)
    (home / "modules/transport-netty4/plugin-security.policy").write_text(_POLICY)
    return home


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Node:
    """One node on loopback; it is started and stopped, and keeps what it holds meanwhile."""

    def __init__(self, home, folder, name="one", heap="512m", options=QUICK):
        self.name, self._home, self._folder, self._heap = name, home, folder, heap
        self._options = options
        self._port, self.transport = free_port(), free_port()
        self._process = None
        for part in ("config", "data", "logs", "tmp"):
            (folder / part).mkdir(parents=True)
        (folder / "config/log4j2.properties").write_text(_LOGGING)
        self.join([self])
        if os.getuid() == 0:
            shutil.chown(folder, ROOT_STANDIN)
            for path in folder.rglob("*"):
                shutil.chown(path, ROOT_STANDIN)

    def join(self, nodes):
        """Make one cluster of some nodes, before any of them is started."""
        (self._folder / "config/opensearch.yml").write_text("\n".join(self._settings(nodes)))

    def _settings(self, nodes):
        seeds = ", ".join(f"127.0.0.1:{one.transport}" for one in nodes)
        several = [
            f"discovery.seed_hosts: [{seeds}]",
            f"cluster.initial_cluster_manager_nodes: [{', '.join(one.name for one in nodes)}]",
        ]
        return [
            "cluster.name: tests",
            f"node.name: {self.name}",
            "network.host: 127.0.0.1",
            f"http.port: {self._port}",
            f"transport.port: {self.transport}",
            f"path.data: {self._folder}/data",
            f"path.logs: {self._folder}/logs",
            "cluster.routing.allocation.disk.threshold_enabled: false",
            *(several if len(nodes) > 1 else ["discovery.type: single-node"]),
        ]

    @property
    def url(self):
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def cluster(self, name):
        """Return the cluster of this node, with an index called `name`."""
        return Cluster(Access((self.url,), name), seconds=60.0)

    @property
    def runs(self):
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self):
        """Start it, and wait until it answers."""
        self.launch()
        return self.wait()

    def launch(self):
        """Start it; it does not answer yet."""
        tmp = self._folder / "tmp"
        command = [
            "java", "-Xms128m", f"-Xmx{self._heap}", *self._options,
            "-Djava.security.manager=allow", f"-Djava.io.tmpdir={tmp}", f"-Djna.tmpdir={tmp}",
            "-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true",
            "-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true",
            "-Dio.netty.recycler.maxCapacityPerThread=0", "-Dio.netty.allocator.numDirectArenas=0",
            f"-Dopensearch.path.home={self._home}", f"-Dopensearch.path.conf={self._folder}/config",
            "-Dopensearch.distribution.type=tar", "-Dopensearch.bundled_jdk=false",
            "-cp", f"{self._home}/lib/*", "org.opensearch.bootstrap.OpenSearch",
        ]  # fmt: skip
        user = ROOT_STANDIN if os.getuid() == 0 else None
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, user=user, cwd=self._folder)

    def wait(self):
        """Wait until it answers."""
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            try:
                self.cluster("tests").get("_cluster/health", wait_for_status="yellow", timeout="5s")
            except ClusterError:
                assert self._process.poll() is None, (self._folder / "log").read_text()[-2000:]
                time.sleep(0.3)
            else:
                return self
        raise AssertionError((self._folder / "log").read_text()[-2000:])

    def kill(self):
        """End it at once, as a machine that is lost."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(STOP_SECONDS)
            self._process = None


def node_folder():
    """Return a folder that another user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="grant-search-node-"))
    folder.chmod(0o755)
    return folder


@contextmanager
def running(home, count, heap="512m", options=QUICK):
    """Give running nodes that make one cluster; whatever happens, none of them is left."""
    folder = node_folder()
    nodes = [Node(home, folder / name, name, heap, options) for name in ("one", "two", "three")[:count]]
    try:
        for one in nodes:
            one.join(nodes)
            one.launch()
        for one in nodes:
            one.wait()
        yield nodes
    finally:
        for one in nodes:
            one.kill()
        shutil.rmtree(folder, ignore_errors=True)

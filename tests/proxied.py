"""The proxy of deploy/nginx.conf, before servers of the app or before stand-ins of which a test asks little."""

import contextlib
import getpass
import http.client
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from catalogue import ROOT

from benchmarks.server import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SHAKE = "Upgrade: websocket\r\nConnection: Upgrade\r\n"


class Proxy:
    """The file that is deployed, with a test's addresses and folder in it and some of its switches on."""

    def __init__(self, folder, stack, upstreams, switches=(), edits=None):
        if NGINX is None:
            pytest.fail("no nginx: install it (Debian: apt-get install nginx-light)", pytrace=False)
        self.folder, self.upstreams = folder, upstreams
        self.log = folder / "access.log"
        self.host, self.secure = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.address = f"http://{self.host}"
        shutil.copytree(ROOT / "deploy" / "pages", folder / "pages")
        (folder / "nginx.conf").write_text(self.configuration(switches, edits or {}))
        mine = f"daemon off; user {getpass.getuser()};"  # pytest's folders are closed to others
        command = [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", mine]
        with (folder / "errors.log").open("w") as errors:
            process = subprocess.Popen(command, stderr=errors)
        stack.callback(process.wait, 10)
        stack.callback(process.terminate)
        self.wait(process)

    def configuration(self, switches, edits):
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        new = {f"#{switch} ": "" for switch in switches}
        new |= {f"server app{k}:8501": f"server {a.removeprefix('http://')}" for k, a in enumerate(self.upstreams, 1)}
        new |= {"listen 8080;": f"listen {self.host};", "listen 8443 ": f"listen {self.secure} "}
        new |= {
            "/dev/stdout": str(self.log),
            "/tmp/nginx": f"{self.folder}/nginx",
            "/etc/nginx": str(self.folder),
        } | edits
        for old, value in new.items():
            assert old in text
            text = text.replace(old, value)
        return text

    def wait(self, process):
        """Until it listens; that says nothing about the servers behind it."""
        host, port = self.host.split(":")
        for _ in range(100):
            assert process.poll() is None, (self.folder / "errors.log").read_text()
            with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=2):
                return
            time.sleep(0.05)  # nginx says nothing when it listens
        raise AssertionError("nginx did not answer")

    def raw(self, request, source="127.0.0.1"):
        """A connection from an address of our own, on which a request has been sent."""
        host, port = self.host.split(":")
        connection = socket.create_connection((host, int(port)), timeout=20, source_address=(source, 0))
        connection.sendall(request.encode())
        return connection

    def shaken(self, stack, source="127.0.0.1"):
        """Ask for a websocket, which stays open until the stack ends; the status of the answer."""
        connection = self.raw(f"GET /_stcore/stream HTTP/1.1\r\nHost: {self.host}\r\n{SHAKE}\r\n", source)
        return int(stack.enter_context(connection).recv(65536).split(b" ")[1])

    def answers(self, paths, source="127.0.0.1", more=""):
        """Ask for many paths on one connection, at once; the answers as they came."""
        asked = "".join(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n{more}\r\n" for path in paths)
        with self.raw(asked.removesuffix("\r\n") + "Connection: close\r\n\r\n", source) as connection:
            received = b"".join(iter(lambda: connection.recv(1 << 20), b""))
        return received.decode().split("HTTP/1.1 ")[1:]

    def statuses(self, paths, source="127.0.0.1", more=""):
        """How each of many paths is answered that are asked for at once."""
        return [int(answer[:3]) for answer in self.answers(paths, source, more)]

    def get(self, path, source="127.0.0.1", method="GET", **headers):
        """One answer, with its `body`."""
        connection = http.client.HTTPConnection(self.host, timeout=20, source_address=(source, 0))
        with contextlib.closing(connection):
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            answer.body = answer.read().decode()
        return answer


class Upstream(BaseHTTPRequestHandler):
    """A stand-in for a server of the app: keeps websockets open, and answers as the path says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if "Upgrade" in self.headers:
            self.hold()
        elif path.startswith("/answers-"):
            self.say(int(path.removeprefix("/answers-")), "the app's own words")
        elif path.startswith("/media/"):
            self.say(200 if path == self.server.medium else 404, "a medium")
        else:
            self.say(200, self.server.page)

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def hold(self):
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        self.rfile.read(1)  # until the reader leaves
        self.close_connection = True

    def say(self, status, words):
        self.send_response(status)
        if self.path.endswith("/health"):
            self.send_header("Set-Cookie", "_streamlit_xsrf=2|ab|cd|12; Path=/; SameSite=Lax")
        self.send_header("X-Powered-By", "a stand-in")
        self.send_header("X-Seen", f"{self.headers['X-Forwarded-For']} {self.headers['X-Forwarded-Proto']}")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(words.encode())))
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *_):
        """The proxy's log is enough."""


def upstream(stack, host="127.0.0.1", page="the page", medium="", port=0):
    """Start a stand-in; its address."""
    server = ThreadingHTTPServer((host, port), Upstream)
    server.daemon_threads, server.page, server.medium = True, page, medium
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return f"http://{host}:{server.server_port}"

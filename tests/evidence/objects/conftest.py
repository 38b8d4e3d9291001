"""A real S3 server on loopback, and buckets filled from folders of this machine."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.store import S3Store

SECRET = "s3cr3t-of-the-tests"


class Bucket:
    """One bucket of the server."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.endpoint, self.name = endpoint, name
        request = urllib.request.Request(f"{endpoint}/{name}", method="PUT")
        urllib.request.urlopen(request, timeout=20).close()
        self.store = S3Store(name, client_options={"allow_http": True})

    def put(self, path: str, data: bytes) -> None:
        """Writes one object that everybody may read, for those who come without a signature."""
        request = urllib.request.Request(
            f"{self.endpoint}/{self.name}/{path}",
            data,
            {"x-amz-acl": "public-read", "content-type": "application/octet-stream"},
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=20).close()

    def upload(self, folder: Path, prefix: str, *, without: str = "no name has this") -> str:
        """Copies a folder's files below a prefix; the address that they have then."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and without not in path.name:
                self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"s3://{self.name}/{prefix}"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(url, timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def bucket(endpoint: str) -> Iterator[Bucket]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIATESTS")
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        yield Bucket(endpoint, "evidence")

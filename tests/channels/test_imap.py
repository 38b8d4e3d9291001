"""Mail in over IMAP, against a real Dovecot."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from imapclient import IMAPClient

from headwater.cases.models import Message
from headwater.channels.imap import session, taking, watching
from headwater.channels.imap.boxes import Mailbox, OAuth2
from headwater.channels.imap.session import SignInRefused, signed_in
from headwater.channels.imap.taking import take_new
from headwater.channels.imap.tokens import TokenRefused, Tokens
from headwater.channels.imap.watching import start_watching, watch
from headwater.channels.models import MailFolder, RawMail
from tests.channels.conftest import SUPPORT, work, write
from tests.channels.imap_server import PASSWORD, ImapServer, start_imap

_numbers = count(1)


class TokenService(BaseHTTPRequestHandler):
    """Refreshes tokens for us, and tells Dovecot whose a token is."""

    access: ClassVar[dict[str, str]] = {}
    refresh: ClassVar[str] = "refresh-1"
    asked: ClassVar[int] = 0

    def do_GET(self) -> None:
        token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
        user = self.access.get(token)
        self._answer(200 if user else 401, {"email": user, "active": True} if user else {})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        kind = type(self)
        if form["refresh_token"] != [kind.refresh] or form["client_secret"] != ["s3cret"]:
            self._answer(400, {"error": "invalid_grant"})
            return
        kind.asked += 1
        token = f"access-{kind.asked}"
        kind.access[token] = "support"
        kind.refresh = f"refresh-{kind.asked + 1}"
        self._answer(
            200, {"access_token": token, "expires_in": 3600, "refresh_token": kind.refresh}
        )

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def token_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), TokenService)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="module")
def imap(token_url: str) -> Iterator[ImapServer]:
    server = start_imap(tokens_at=f"{token_url}/info")
    yield server
    server.stop()


@pytest.fixture
def box(imap: ImapServer, tmp_path: Path) -> Mailbox:
    """The support mailbox, and a folder of its own for each test."""
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    folder = f"Fresh{next(_numbers)}"
    with imap.client("support") as client:
        client.create_folder(folder)
    return Mailbox(
        name="support", address=SUPPORT, host="127.0.0.1", port=imap.port, security="none",
        user="support", password_file=str(secret), folder=folder, poll_seconds=1,
    )  # fmt: skip


def take(box: Mailbox) -> int:
    with signed_in(box, Tokens()) as client:
        return take_new(client, box)


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_new_mail_is_taken_once_and_left_unread(imap: ImapServer, box: Mailbox, db: None) -> None:
    mails = [write(f"Number {n}").replace(b"\n", b"\r\n") for n in range(3)]
    imap.deliver("support", *mails, folder=box.folder)
    assert take(box) == 3
    assert [bytes(one.raw) for one in RawMail.objects.order_by("received_at", "source")] == mails
    assert take(box) == 0
    imap.deliver("support", write("One more"), mails[0], folder=box.folder)
    assert take(box) == 1
    work()
    assert Message.objects.count() == 4
    assert all(b"\\Seen" not in flags for flags in imap.flags("support", box.folder))
    stored = RawMail.objects.filter(entrance="imap", mailbox=SUPPORT, source__startswith="imap:")
    assert stored.count() == 4


def test_a_folder_made_anew_doubles_nothing(imap: ImapServer, box: Mailbox, db: None) -> None:
    mails = [write(f"Number {n}") for n in range(3)]
    imap.deliver("support", *mails, folder=box.folder)
    take(box)
    before = MailFolder.objects.get()
    with imap.client("support") as client:
        client.delete_folder(box.folder)
        client.create_folder(box.folder)
    imap.deliver("support", mails[2], write("New"), folder=box.folder)
    assert take(box) == 1
    after = MailFolder.objects.get()
    assert after.uidvalidity != before.uidvalidity and after.last_uid == 2
    assert RawMail.objects.count() == 4


def test_starting_now_leaves_what_is_old(imap: ImapServer, box: Mailbox, db: None) -> None:
    imap.deliver("support", write("Years ago"), folder=box.folder)
    box = replace(box, start="now")
    assert take(box) == 0
    imap.deliver("support", write("Today"), folder=box.folder)
    assert take(box) == 1
    assert b"Today" in bytes(RawMail.objects.get().raw)


def test_taken_mail_is_marked_or_moved(imap: ImapServer, box: Mailbox, db: None) -> None:
    imap.deliver("support", write("One"), write("Two"), folder=box.folder)
    take(replace(box, after="seen"))
    assert all(b"\\Seen" in flags for flags in imap.flags("support", box.folder))
    imap.deliver("support", write("Three"), folder=box.folder)
    take(replace(box, after="move", move_to=f"{box.folder}Done"))
    assert len(imap.flags("support", box.folder)) == 2
    assert len(imap.flags("support", f"{box.folder}Done")) == 1
    assert RawMail.objects.count() == 3


@pytest.mark.parametrize("lacking", [set(), {"MOVE"}])
def test_an_end_between_storing_and_moving_doubles_nothing(
    imap: ImapServer, box: Mailbox, db: None, monkeypatch: pytest.MonkeyPatch, lacking: set[str]
) -> None:
    has = IMAPClient.has_capability
    monkeypatch.setattr(
        IMAPClient, "has_capability", lambda self, name: name not in lacking and has(self, name)
    )
    box = replace(box, after="move", move_to=f"{box.folder}Done")
    imap.deliver("support", *(write(f"Number {n}") for n in range(3)), folder=box.folder)

    def broken(*_: object) -> None:
        raise OSError("the connection is gone")

    with monkeypatch.context() as patch:
        patch.setattr(taking, "_mark", broken)
        with pytest.raises(OSError, match="gone"):
            take(box)
    assert RawMail.objects.count() == 3
    assert take(box) == 0
    assert RawMail.objects.count() == 3
    assert not imap.flags("support", box.folder)
    assert len(imap.flags("support", f"{box.folder}Done")) == 3


def test_of_a_mail_too_large_the_header_is_set_aside(
    imap: ImapServer, box: Mailbox, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MAX_BYTES", 1_000)
    imap.deliver("support", write("x\n" * 2_000), write("small"), folder=box.folder)
    box = replace(box, after="move", move_to=f"{box.folder}Done")
    assert (take(box), take(box)) == (1, 0)
    head = RawMail.objects.get(status="quarantined")
    assert (
        "1,000 are accepted" in head.reason and f"still in the folder {box.folder}" in head.reason
    )
    assert bytes(head.raw).startswith(b"From: Ada")
    assert len(imap.flags("support", box.folder)) == 1


def test_connections_are_encrypted_and_the_server_is_checked(
    imap: ImapServer, box: Mailbox, db: None
) -> None:
    imap.deliver("support", write("One"), folder=box.folder)
    ca = str(imap.folder / "cert.pem")
    tls = replace(box, security="tls", port=imap.tls_port, ca_file=ca)
    assert take(tls) == 1
    imap.deliver("support", write("Two"), folder=box.folder)
    assert take(replace(box, security="starttls", ca_file=ca)) == 1
    for stranger in (replace(tls, ca_file=""), replace(box, security="starttls")):
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            take(stranger)


@pytest.mark.slow
def test_a_token_from_an_endpoint_signs_in(
    imap: ImapServer, box: Mailbox, db: None, token_url: str, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    (tmp_path / "refresh").write_text(TokenService.refresh + "\n")
    oauth2 = OAuth2(
        token_url=f"{token_url}/token", client_id="headwater",
        client_secret_file=str(tmp_path / "secret"),
        refresh_token_file=str(tmp_path / "refresh"),
    )  # fmt: skip
    box = replace(box, password_file="", oauth2=oauth2)
    imap.deliver("support", write("With a token"), folder=box.folder)
    tokens, asked = Tokens(), TokenService.asked
    for stored in (1, 0):
        with signed_in(box, tokens) as client:
            assert take_new(client, box) == stored
    assert TokenService.asked == asked + 1
    assert (tmp_path / "refresh").read_text().strip() == TokenService.refresh
    # A token that the server no longer takes is not used again.
    TokenService.access.clear()
    with pytest.raises(SignInRefused), signed_in(box, tokens):
        pass
    with signed_in(box, tokens) as client:
        assert take_new(client, box) == 0
    assert TokenService.asked == asked + 2
    (tmp_path / "refresh").write_text("stolen\n")
    with pytest.raises(TokenRefused, match="invalid_grant"), signed_in(box, Tokens()):
        pass


def test_a_token_from_a_file_or_a_command_signs_in(
    imap: ImapServer, box: Mailbox, tmp_path: Path
) -> None:
    TokenService.access["given"] = "support"
    (tmp_path / "token").write_text("given\n")
    command = ("cat", str(tmp_path / "token"))
    for oauth2 in (OAuth2(token_file=command[1]), OAuth2(token_command=command)):
        with signed_in(replace(box, password_file="", oauth2=oauth2), Tokens()) as client:
            assert client.folder_exists(box.folder)
    failing = replace(box, password_file="", oauth2=OAuth2(token_command=("cat", "/none")))
    with pytest.raises(TokenRefused, match="exit status 1"), signed_in(failing, Tokens()):
        pass


@pytest.fixture
def running() -> Iterator[threading.Event]:
    stop = threading.Event()
    yield stop
    stop.set()


@pytest.mark.slow
def test_mail_arrives_while_we_wait_and_after_the_server_was_away(
    box: Mailbox,
    transactional_db: None,
    running: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "backoff_seconds", lambda *_: 0.3)
    server = start_imap()
    with server.client("support") as client:
        client.create_folder(box.folder)
    idling = replace(box, port=server.port, poll_seconds=3600, idle_seconds=600)
    threads = start_watching([idling], running)
    until(lambda: MailFolder.objects.filter(checked_at__isnull=False, problem="").exists())
    server.deliver("support", write("While idle"), folder=box.folder)
    until(lambda: RawMail.objects.count() == 1)
    server.stop(keep=True)
    until(lambda: MailFolder.objects.exclude(problem="").exists())
    server = start_imap(folder=server.folder, port=server.port)
    server.deliver("support", write("After it was away"), folder=box.folder)
    until(lambda: RawMail.objects.count() == 2)
    until(lambda: MailFolder.objects.filter(problem="").exists())
    running.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    server.stop()


@pytest.mark.slow
@pytest.mark.parametrize("ways", ["poll", "short idle", "no idle there"])
def test_a_server_that_tells_nothing_is_asked_again(
    imap: ImapServer, box: Mailbox, transactional_db: None, monkeypatch: pytest.MonkeyPatch,
    running: threading.Event, ways: str,
) -> None:  # fmt: skip
    if ways == "no idle there":
        monkeypatch.setattr(
            session.IMAPClient, "has_capability", lambda _client, name: name != "IDLE"
        )
    idles: list[float] = []
    idle = IMAPClient.idle

    def spy(client: IMAPClient) -> None:
        idles.append(time.monotonic())
        idle(client)

    monkeypatch.setattr(IMAPClient, "idle", spy)
    monkeypatch.setattr(IMAPClient, "idle_check", lambda *_a, **_k: time.sleep(0.6) or [(b"OK",)])
    box = replace(box, idle=ways != "poll", idle_seconds=1, poll_seconds=1)
    thread = start_watching([box], running)[0]
    until(lambda: MailFolder.objects.filter(checked_at__isnull=False).exists())
    imap.deliver("support", write("Unannounced"), folder=box.folder)
    until(lambda: RawMail.objects.count() == 1)
    if ways == "short idle":
        until(lambda: len(idles) > 2)
    else:
        assert not idles
    running.set()
    thread.join(60)
    assert not thread.is_alive()


def test_what_keeps_us_from_a_mailbox_is_noted(
    box: Mailbox, transactional_db: None, tmp_path: Path, running: threading.Event
) -> None:
    (tmp_path / "password").write_text("wrong\n")
    thread = threading.Thread(target=watch, args=(box, running))
    thread.start()
    until(lambda: MailFolder.objects.filter(problem__contains="refused the sign-in").exists())
    running.set()
    thread.join(60)
    assert PASSWORD not in MailFolder.objects.get().problem

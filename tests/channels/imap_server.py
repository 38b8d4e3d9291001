"""A real IMAP server (Dovecot) on loopback, with a folder and a configuration of its own."""

import grp
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.channels.conftest import free_port

PASSWORD = "open sesame"
_CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
mail_uid = {mail}
mail_gid = {mail_group}
first_valid_uid = 0
first_valid_gid = 0
mail_max_userip_connections = 50
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login {mechanisms}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
{extra}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service imap {{
  executable = imap
}}
namespace inbox {{
  inbox = yes
}}
"""
_OAUTH2 = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""


@dataclass
class ImapServer:
    """Where it listens, and a way to put mails into an inbox as another program would."""

    folder: Path
    port: int
    tls_port: int
    run: Path
    process: subprocess.Popen[bytes]

    def client(self, user: str) -> IMAPClient:
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False)
        client.login(user, PASSWORD)
        return client

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        with self.client(user) as client:
            for raw in mails:
                client.append(folder, raw)

    def flags(self, user: str, folder: str = "INBOX") -> list[tuple[bytes, ...]]:
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            uids = client.search("ALL")
            return [client.get_flags(uids)[uid] for uid in uids]

    def stop(self, *, keep: bool = False) -> None:
        """Ends it; its mail is gone then, unless it is to be started once more."""
        self.process.terminate()
        self.process.wait(30)
        shutil.rmtree(self.run, ignore_errors=True)
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def start_imap(*, tokens_at: str = "", folder: Path | None = None, port: int = 0) -> ImapServer:
    """Starts Dovecot and returns when it answers. The test that calls it stops it.

    With `tokens_at`, a service that knows access tokens, users may sign in with XOAUTH2.
    """
    extra = ""
    if shutil.which("dovecot") is None and not Path("/usr/sbin/dovecot").exists():
        pytest.fail(
            "Dovecot is missing. Run scripts/system-packages.sh, or: apt-get install dovecot-imapd"
        )
    # Not below pytest's folder, which is closed to the users that Dovecot's processes run as.
    folder = folder or Path(tempfile.mkdtemp(prefix="headwater-imap-"))
    folder.chmod(0o755)
    if tokens_at:
        extra = _OAUTH2.format(folder=folder)
        (folder / "oauth2.conf").write_text(
            f"tokeninfo_url = {tokens_at}?access_token=\n"
            "username_attribute = email\nactive_attribute = active\nactive_value = true\n"
        )
    is_root = os.getuid() == 0
    me = pwd.getpwuid(os.getuid()).pw_name
    login, internal = ("dovenull", "dovecot") if is_root else (me, me)
    group = internal if is_root else grp.getgrgid(os.getgid()).gr_name
    # Paths of sockets must stay short.
    run = Path(tempfile.mkdtemp(prefix="hw-", dir="/tmp"))
    run.chmod(0o755)
    server = ImapServer(folder, port or free_port(), free_port(), run, None)  # type: ignore[arg-type]
    users = "".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in ("support", "sales", "quiet"))
    (folder / "users").write_text(users)
    (folder / "mail").mkdir(exist_ok=True)
    mail_user, mail_group = ("mail", "mail") if is_root else (me, group)
    if is_root:
        shutil.chown(folder / "mail", mail_user, mail_user)
    if not (folder / "cert.pem").exists():
        _certificate(folder)
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            folder=folder, run=run, port=server.port, tls_port=server.tls_port, login=login,
            internal=internal, group=group, mail=mail_user, mail_group=mail_group, extra=extra,
            mechanisms="xoauth2" if tokens_at else "",
        )
    )  # fmt: skip
    server.process = subprocess.Popen(
        ["/usr/sbin/dovecot", "-F", "-c", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "stderr").open("wb"),
    )
    _wait(server)
    return server


def _wait(server: ImapServer) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as probe:
                if probe.recv(100).startswith(b"* OK"):
                    return
        except OSError:
            time.sleep(0.1)
    log = server.folder / "log"
    said = log.read_text() if log.exists() else ""
    raise AssertionError(f"Dovecot did not start: {said} {(server.folder / 'stderr').read_text()}")


def _certificate(folder: Path) -> None:
    """A certificate for this machine, signed by itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(folder / "key.pem"),
         "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    assert ssl.create_default_context(cafile=str(folder / "cert.pem"))

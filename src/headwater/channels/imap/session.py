"""A signed-in connection to one IMAP mailbox."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from headwater.channels.imap.boxes import Mailbox, password_of
from headwater.channels.imap.tokens import Tokens
from headwater.kit.errors import HeadwaterError

CONNECT_SECONDS, READ_SECONDS = 30, 120


class SignInRefused(HeadwaterError):
    """The mail server does not let us in with what we have."""

    code = "sign_in_refused"


@contextmanager
def signed_in(box: Mailbox, tokens: Tokens) -> Iterator[IMAPClient]:
    """A client that is signed in; signs out at the end.

    Raises SignInRefused, TokenRefused, MailboxSettings; OSError and IMAPClientError may pass.
    """
    client = IMAPClient(
        box.host,
        port=box.port,
        ssl=box.security == "tls",
        ssl_context=_context(box) if box.security == "tls" else None,
        timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
    )
    try:
        if box.security == "starttls":
            # Ends the connection where the server offers none: nothing goes out in the open.
            client.starttls(_context(box))
        _sign_in(client, box, tokens)
        # Times as the server wrote them; nothing of ours depends on them.
        client.normalise_times = False
        yield client
    finally:
        # Signs out where it still can.
        client.__exit__(None, None, None)


def _context(box: Mailbox) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=box.ca_file or None)


def _sign_in(client: IMAPClient, box: Mailbox, tokens: Tokens) -> None:
    try:
        if box.oauth2 is not None:
            client.oauth2_login(box.user, tokens.token(box))
        else:
            client.login(box.user, password_of(box))
    except LoginError as error:
        tokens.forget(box)
        raise SignInRefused(
            f"{box.host} refused the sign-in of {box.user}: {str(error)[:300]}",
            hint="Check the user, and the password or token.",
        ) from error

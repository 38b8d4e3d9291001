"""Who may write in a side conversation; pure."""

from collections.abc import Collection

from headwater.accounts.rules import PUBLIC_DOMAINS, normal_email
from headwater.channels.authres import Verdict


def may_write(
    sender: str, verdict: Verdict, taking_part: Collection[str], users: Collection[str] = ()
) -> bool:
    """Whom we wrote to may, and their colleagues: of the same domain, which the mail has proven.

    Nobody of the user's side may, nor a new colleague of a domain that the user has too: who of a
    bank asks us and who of it answers us cannot be told by the domain.

    The name of the conversation alone lets nobody in: it travels with every mail that is passed on.
    A domain that says the mail is forged, or that could not be asked, keeps everybody out.
    """
    if verdict in {"fail", "open"}:
        return False
    address = normal_email(sender)
    if address in users:
        return False
    if address in taking_part:
        return True
    domain = address.rpartition("@")[2]
    domains = {one.rpartition("@")[2] for one in taking_part}
    theirs = PUBLIC_DOMAINS | {one.rpartition("@")[2] for one in users}
    return verdict == "pass" and domain in domains and domain not in theirs

"""An agent's answer to a mail of news: it is acted upon, or set aside; never a user's message."""

from django.conf import settings

from headwater.accounts.queries import agent_by_email
from headwater.cases.errors import CaseNotFound
from headwater.cases.queries import standing_for, visible_case
from headwater.channels.agent_mail.acting import do_asked
from headwater.channels.agent_mail.acts import is_first
from headwater.channels.agent_mail.commands import read_commands
from headwater.channels.agent_mail.naming import Told, named_news
from headwater.channels.authres import Verdict
from headwater.channels.models import RawMail
from headwater.channels.parse import ParsedMail
from headwater.kit.outbox import acts as outbox

UNPROVEN = "It answers news to an agent, and nothing proves that this agent wrote it."
MACHINE = "It is an automatic answer to news for an agent."


def answers_news(mail: ParsedMail) -> Told | None:
    """The news that a mail answers; None where it answers none of ours."""
    ids = [*mail.in_reply_to, *reversed(mail.references)]
    return named_news(ids, key=settings.SECRET_KEY)


def file_agent_mail(
    raw: RawMail, mail: ParsedMail, told: Told, sender: str, verdict: Verdict
) -> str:
    """Does what the mail asks for and mails back what was done, in the caller's transaction.

    Returns why it is not acted upon, or "". The name alone is no proof (a mail is passed on), nor
    is a From line: the sender's domain must have proven the mail.
    """
    if mail.kind == "auto_reply":
        return MACHINE
    agent = agent_by_email(sender)
    if agent is None or not agent.is_active or agent.pk != told.agent_id or verdict != "pass":
        return UNPROVEN
    try:
        case = visible_case(agent, standing_for(told.case_id).pk)
    except CaseNotFound:
        return "It answers news of a case that this agent may not see."
    if not is_first(raw, mail.message_id):
        return "This message came before."
    asked = read_commands(mail.text)
    done, refused = do_asked(case.pk, asked, agent)
    lines = [f"Done: {one}." for one in done] + [f"Not done: {one}" for one in refused]
    if not lines:
        lines = ["Nothing was asked for: the mail was empty."]
    outbox.post(
        kind="news",
        recipient=agent.email,
        subject=f"{'Not all was done' if refused else 'Done'}: {case.subject or case.pk}"[:300],
        payload={
            "about_case": case.pk,
            "agent": agent.pk,
            "body": "\n".join([*lines, "", f"{settings.HEADWATER_BASE_URL}/cases/{case.pk}/"]),
        },
    )
    return ""

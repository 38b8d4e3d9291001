"""What an agent has passed on, as a contact of who wrote it first."""

from dataclasses import replace

from headwater.accounts.queries import agent_by_email
from headwater.cases.acts import Incoming, add_note
from headwater.cases.masking import hide
from headwater.cases.models import Case
from headwater.channels.forwards import Forwarded
from headwater.channels.parse import ParsedMail
from headwater.kit.redaction import masked


def is_agent(address: str) -> bool:
    """Whether this is the address of somebody of the team."""
    agent = agent_by_email(address)
    return agent is not None and agent.is_active


def as_written_first(first: Forwarded, incoming: Incoming) -> Incoming:
    """The contact as it was before it was passed on."""
    return replace(
        incoming,
        author_name=masked(first.author.name),
        author_email=first.author.address,
        body=first.text,
        quoted="",
        html="",
        exposed=incoming.exposed + hide(incoming)[1].found,
    )


def note_passing_on(case: Case, first: Forwarded, parsed: ParsedMail) -> None:
    """Says on the case who passed the mail on, with what they wrote above it."""
    agent = agent_by_email(parsed.sender.address if parsed.sender else "")
    if agent is not None:
        said = f"\n\n{first.comment}" if first.comment else ""
        add_note(
            case,
            f"Passed on by {agent.name} ({agent.email}); who wrote it first is not proven.{said}",
            agent=agent,
            actor=agent.actor("mail"),
        )

"""The table of where a mail goes, as a pure rule. `place` finds the facts for it.

Nobody is let into a conversation by what a mail *says*: not by a subject, and not by a genuine
reference or token in the hands of somebody else. Who may not enter gets a case of their own that is
linked to the other one, with the reason, so that an agent sees both.
"""

from dataclasses import dataclass
from typing import Literal

# How a mail names a case, the surest way first; `forged` is in our form, and not made by us.
Named = Literal["reference", "reply_address", "subject", "forged", "nothing"]
# What its sender is to that case.
Sender = Literal["participant", "same_account", "stranger"]
Where = Literal["enter", "follow_up", "new"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule goes by. `disowned`: the sender's domain says that the mail is forged;
    `unchecked`: it may say so, and nobody could find out;
    `long_solved`: the case was solved longer ago than answers still reopen it."""

    named: Named
    sender: Sender = "stranger"
    disowned: bool = False
    unchecked: bool = False
    long_solved: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`where` the mail goes, and why it does not go where it points (empty if it does)."""

    where: Where
    reason: str = ""


FORGED = "It names a case in a form that only we can make, and we did not."
DISOWNED = "The sender's domain says that this mail is forged."
UNCHECKED = "Whether the sender's domain sent this mail could not be checked."
STRANGER = "{sender} has not taken part in the case it refers to."
LONG_SOLVED = "The case it refers to was solved more than {days} days ago."


def decide(facts: Facts) -> Decision:
    """Where a mail goes. Reasons may hold `{sender}` and `{days}`."""
    if facts.named == "nothing":
        return Decision("new")
    if facts.named == "forged":
        return Decision("new", FORGED)
    if facts.disowned:
        return Decision("new", DISOWNED)
    if facts.unchecked:
        return Decision("new", UNCHECKED)
    if facts.sender == "stranger":
        return Decision("new", STRANGER)
    if facts.long_solved:
        return Decision("follow_up", LONG_SOLVED)
    return Decision("enter")

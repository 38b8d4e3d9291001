"""What a further mail in the same case teaches about its sender."""

from collections.abc import Callable

import pytest

from headwater.cases.models import Case
from headwater.channels.identity import AccountFacts
from headwater.channels.models import RawMail
from tests.channels.conftest import MX, OWNER, PROVEN, write

Arrive = Callable[[bytes], RawMail]
STRANGER = "Bo <bo@else.example>"

pytestmark = pytest.mark.usefixtures("known_account")


def _case(mail: RawMail) -> Case:
    assert mail.message is not None
    return Case.objects.get(pk=mail.message.case_id)


def _answer(first: RawMail, body: str, **headers: str) -> bytes:
    assert first.message is not None
    assert first.message.rfc_message_id
    return write(body, In_Reply_To=first.message.rfc_message_id, **headers)


def test_account_named_on_request_is_claimed(arrive: Arrive, known_account: AccountFacts) -> None:
    first = arrive(write("Help", sender=STRANGER))
    assert _case(first).identity == "unknown"
    named = arrive(_answer(first, f"It is {known_account.id}", sender=STRANGER))
    assert _case(named) == _case(first)
    assert (_case(first).account_id, _case(first).identity) == (known_account.id, "unverified")


def test_later_proof_counts_for_the_open_case(arrive: Arrive) -> None:
    first = arrive(write("Help"))
    assert _case(first).identity == "unverified"
    arrive(_answer(first, "Any news?", Authentication_Results=PROVEN))
    assert _case(first).identity == "verified"


def test_later_mail_without_proof_lowers_nothing(arrive: Arrive) -> None:
    first = arrive(write("Help", Authentication_Results=PROVEN))
    arrive(_answer(first, "Any news?"))
    assert _case(first).identity == "verified"


def test_unproven_claim_moves_no_case_to_another_account(
    arrive: Arrive, monkeypatch: pytest.MonkeyPatch, known_account: AccountFacts
) -> None:
    first = arrive(write("Help"))
    other = AccountFacts("acct_2Else", "Other", "other@else.example", "FR")
    monkeypatch.setattr(
        "headwater.channels.acts.read_mail.__kwdefaults__",
        {
            "directory": type(
                "D", (), {"by_email": lambda self, _: [other], "by_id": lambda self, _: other}
            )()
        },
    )
    arrive(_answer(first, "It is about acct_2Else", Authentication_Results=f"{MX}; dmarc=none"))
    assert (_case(first).account_id, _case(first).identity) == (known_account.id, "unverified")
    assert _case(first).person.email == OWNER

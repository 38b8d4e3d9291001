"""The table of where a mail goes: what never happens, whatever the facts."""

from hypothesis import given
from hypothesis import strategies as st

from headwater.channels.placing import Facts, decide
from headwater.channels.tokens import (
    make_case_token,
    read_case_token,
    reply_address,
    token_in_address,
    tokens_in_subject,
)

FACTS = st.builds(
    Facts,
    named=st.sampled_from(["reference", "reply_address", "subject", "forged", "nothing"]),
    sender=st.sampled_from(["participant", "same_account", "stranger"]),
    disowned=st.booleans(),
    long_solved=st.booleans(),
)
CASES = st.text("0123456789ABCDEFabcdefxyz", min_size=14, max_size=14).map("case_".__add__)
KEYS = st.text(min_size=1, max_size=40)


@given(FACTS)
def test_who_enters_was_let_in(facts: Facts) -> None:
    decision = decide(facts)
    if decision.where != "new":
        assert facts.sender in {"participant", "same_account"}
        assert facts.named in {"reference", "reply_address", "subject"}
        assert not facts.disowned
    # Who is kept out of a case that they name is told about to an agent.
    kept_out = facts.named != "nothing" and decision.where == "new"
    assert bool(decision.reason) == (kept_out or decision.where == "follow_up")


@given(FACTS)
def test_a_long_solved_case_is_never_reopened_by_mail(facts: Facts) -> None:
    if facts.long_solved:
        assert decide(facts).where != "enter"


@given(FACTS)
def test_less_trust_never_opens_more(facts: Facts) -> None:
    """Disowning a mail, or knowing less of its sender, never lets it in where it was not."""
    opens = {"new": 0, "follow_up": 1, "enter": 2}
    now = opens[decide(facts).where]
    worse = [
        Facts(facts.named, facts.sender, disowned=True, long_solved=facts.long_solved),
        Facts(facts.named, "stranger", facts.disowned, facts.long_solved),
        Facts("forged", facts.sender, facts.disowned, facts.long_solved),
    ]
    assert all(opens[decide(one).where] <= now for one in worse)


@given(CASES, KEYS, KEYS)
def test_a_case_token_is_read_back_only_with_its_key(case_id: str, key: str, other: str) -> None:
    token = make_case_token(case_id, key=key)
    for written in (token, token.upper()):
        read = read_case_token(written, key=key)
        assert read is not None and read.case_id == case_id
    if other != key:
        read = read_case_token(token, key=other)
        assert read is not None and not read.genuine


@given(CASES, st.data())
def test_a_changed_token_names_nothing(case_id: str, data: st.DataObject) -> None:
    token = make_case_token(case_id, key="k")
    at = data.draw(st.integers(5, len(token) - 1))
    other = data.draw(st.sampled_from([c for c in "abcdefghij234567" if c != token[at]]))
    read = read_case_token(token[:at] + other + token[at + 1 :], key="k")
    assert read is None or not read.genuine


@given(CASES)
def test_the_reply_address_holds_the_token_and_fits(case_id: str) -> None:
    address = reply_address("support@pay.example", case_id, key="k")
    local, _, domain = address.rpartition("@")
    assert (len(local) <= 64, domain) == (True, "pay.example")
    read = token_in_address(address, key="k")
    assert read is not None and read.case_id == case_id
    # Where the token does not fit, the answer goes to the mailbox as it is.
    long = "a-rather-long-name-of-a-mailbox@pay.example"
    assert reply_address(long, case_id, key="k") == long
    subject = f"AW: [{make_case_token(case_id, key='k')}] Payout [urgent]"
    assert [one.case_id for one in tokens_in_subject(subject, key="k")] == [case_id]


@given(st.text(max_size=200))
def test_any_text_is_no_token(text: str) -> None:
    read = read_case_token(text, key="k")
    assert read is None or not read.genuine
    assert all(not one.genuine for one in tokens_in_subject(text, key="k"))
    in_address = token_in_address(text, key="k")
    assert in_address is None or not in_address.genuine

"""What was quoted is folded away; what was newly written never is, wherever it stands."""

import pytest

from headwater.channels.quotes import split_quotes

REPLIES = {
    "gmail": "New.\n\nOn Mon, Jan 5, 2026 at 9:00 AM Sam <s@x.example> wrote:\n> Old one.",
    "wrapped": "New.\n\nOn Mon, Jan 5, 2026 at 9:00 AM Sam\n<s@x.example> wrote:\n\n> Old one.",
    "german": "New.\n\nAm 05.01.2026 um 09:00 schrieb Sam <s@x.example>:\n> Old one.",
    "french": "New.\n\nLe lun. 5 janv. 2026 à 09:00, Sam <s@x.example> a écrit :\n> Old one.",
    "spanish": "New.\n\nEl lun, 5 ene 2026 a las 9:00, Sam (<s@x.example>) escribió:\n> Old one.",
    "portuguese": "New.\n\nEm seg., 5 de jan. 2026 09:00, Sam <s@x.example> escreveu:\n> Old one.",
    "italian": "New.\n\nIl giorno lun 5 gen 2026 09:00 Sam <s@x.example> ha scritto:\n> Old one.",
    "dutch": "New.\n\nOp ma 5 jan 2026 om 09:00 schreef Sam <s@x.example>:\n> Old one.",
    "polish": "New.\n\npon., 5 sty 2026 o 09:00 Sam <s@x.example> napisał(a):\n> Old one.",
    "chinese": "New.\n\n在 2026年1月5日,Sam <s@x.example> 写道:\n> Old one.",
    "japanese": "New.\n\n2026年1月5日(月) 9:00 Sam <s@x.example> のメール:\n> Old one.",
    "outlook": "New.\n\nFrom: Sam <s@x.example>\nSent: Monday, January 5, 2026 9:00\nTo: Ada\n"
    "Subject: RE: x\n\nOld one.",
    "outlook rule": "New.\n\n________________________________\nVon: Sam <s@x.example>\n"
    "Gesendet: Montag\nAn: Ada\nBetreff: AW: x\n\nOld one.",
    "original message": "New.\n\n-----Original Message-----\nOld one.",
    "unmarked": "New.\n\nOn Mon, Jan 5, 2026, at 9:00, Sam <s@x.example> wrote:\n\nOld one.",
    "bare marks": "New.\n\n> Old one.",
}


@pytest.mark.parametrize("form", REPLIES)
def test_top_posted_reply(form: str) -> None:
    new, quoted = split_quotes(REPLIES[form], is_reply=True)
    assert new == "New."
    assert "Old one." in quoted


def test_text_below_and_inside_a_quote_stays() -> None:
    text = (
        "Hi Sam,\n\nOn Mon, Jan 5, 2026 at 9:00 AM Sam <s@x.example> wrote:\n"
        "> Which endpoint?\nwe_123\n> Which mode?\nlive\n> Thanks\n\nRegards, Ada"
    )
    new, quoted = split_quotes(text, is_reply=True)
    assert [line for line in new.split("\n") if line] == [
        "Hi Sam,",
        "we_123",
        "live",
        "Regards, Ada",
    ]
    assert "> Which endpoint?" in quoted


def test_bottom_posted_reply() -> None:
    text = "On Mon, Jan 5, 2026 at 9:00 AM S <s@x.example> wrote:\n> Old.\n\nNew below."
    assert split_quotes(text, is_reply=True)[0] == "New below."


def test_what_is_in_doubt_stays() -> None:
    # Marks in a first mail are the sender's own.
    shell = "I ran:\n> POST /v1/charges\n> 402\nWhy?"
    assert split_quotes(shell) == (shell, "")
    # A sentence that only sounds like an introduction.
    sentence = "On Monday your colleague wrote:\nplease send the id. Here it is: ch_1"
    assert split_quotes(sentence, is_reply=True) == (sentence, "")
    # One field is no header block.
    fields = "From: our shop\nwe get errors"
    assert split_quotes(fields, is_reply=True) == (fields, "")
    # Nothing new above an unmarked quote: perhaps the answers are inside.
    inside = "-----Original Message-----\nWhich endpoint? we_123"
    assert split_quotes(inside, is_reply=True) == (inside, "")


def test_a_forwarded_mail_is_new_to_us() -> None:
    text = (
        "FYI\n\n---------- Forwarded message ---------\nFrom: Bank <b@x>\nDate: Mon\nTo: me\n\nNo."
    )
    assert split_quotes(text, subject="Fwd: payout") == (text, "")


def test_no_line_is_lost() -> None:
    for text in REPLIES.values():
        new, quoted = split_quotes(text, is_reply=True)
        kept = {line.strip() for line in f"{new}\n{quoted}".split("\n")}
        assert {line.strip() for line in text.split("\n")} - {""} <= kept

"""What the standard library writes comes back intact, and any bytes are a mail or set aside."""

import re
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from headwater.channels.acts import ingest_mail, receive_mail
from headwater.channels.models import RawMail
from headwater.channels.parse import parse_mail
from tests.channels.conftest import SUPPORT

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

# Everything that people write: no control, private or invisible formatting characters.
letters = st.characters(exclude_categories=("Cs", "Cc", "Co", "Cf", "Cn", "Zl", "Zp"))
lines = st.text(letters, max_size=120)
subjects = st.text(letters, max_size=90)
bodies = st.lists(lines, max_size=12).map("\n".join)
names = st.text(letters, max_size=40)
atoms = st.from_regex(r"[a-z0-9]{1,12}([.+-][a-z0-9]{1,8})?", fullmatch=True)
addresses = st.tuples(atoms, atoms).map(lambda both: f"{both[0]}@{both[1]}.example")
people = st.tuples(names, addresses)
files = st.tuples(
    st.text(letters, min_size=1, max_size=60),
    st.binary(max_size=300),
    st.sampled_from(["application/pdf", "image/png", "application/octet-stream", "audio/ogg"]),
)
policies = st.sampled_from(
    [policy.default, policy.SMTP, policy.SMTPUTF8, policy.default.clone(cte_type="7bit")]
)


def one_line(text: str) -> str:
    return " ".join(text.split())


def filled(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def headers_fit(mail: EmailMessage, name: str, value: object) -> bool:
    """Sets a header; False for the few that the standard library itself cannot write."""
    try:
        mail[name] = value
        written = mail.as_bytes()
    except (ValueError, IndexError, TypeError, AttributeError, UnicodeError):
        return False
    # It encodes the comma between two addresses of a folded line, which then is none any more.
    return b"=?utf-8?q?=2C?=" not in written


@QUICK
@given(subjects, bodies, policies, st.sampled_from(["8bit", "quoted-printable", "base64"]))
def test_subject_and_text(subject: str, body: str, how: policy.EmailPolicy, encoding: str) -> None:
    mail = EmailMessage(policy=how)
    if not headers_fit(mail, "Subject", subject):
        return
    mail.set_content(body, cte=encoding)
    read = parse_mail(mail.as_bytes())
    assert read.subject == one_line(subject)
    if read.quoted:
        # Marks of quotes and signatures may have come up by chance; no line is lost all the same.
        assert sorted(filled(f"{read.text}\n{read.quoted}")) == sorted(filled(body))
    else:
        assert read.text.split("\n") == body.strip("\n").rstrip().split("\n")


@QUICK
@given(people, st.lists(people, max_size=4), policies)
def test_people(
    author: tuple[str, str], to: list[tuple[str, str]], how: policy.EmailPolicy
) -> None:
    def written(one: tuple[str, str]) -> Address:
        return Address(one_line(one[0]), addr_spec=one[1])

    mail = EmailMessage(policy=how)
    if not headers_fit(mail, "From", written(author)):
        return
    if to and not headers_fit(mail, "To", tuple(map(written, to))):
        return
    mail.set_content("x")
    read = parse_mail(mail.as_bytes())
    assert [(one.name, one.address) for one in read.from_] == [(one_line(author[0]), author[1])]
    assert [one.address for one in read.to] == [one[1] for one in to]


@QUICK
@given(bodies, st.lists(files, min_size=1, max_size=4), policies)
def test_attachments(
    body: str, attached: list[tuple[str, bytes, str]], how: policy.EmailPolicy
) -> None:
    mail = EmailMessage(policy=how)
    mail.set_content(body)
    for name, data, kind in attached:
        maintype, subtype = kind.split("/")
        mail.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    try:
        raw = mail.as_bytes()
    except (ValueError, IndexError, TypeError, AttributeError, UnicodeError):
        return
    read = parse_mail(raw, with_bytes=True)
    assert [(one.type, one.data) for one in read.attachments] == [
        (kind, data) for _, data, kind in attached
    ]
    for one, (name, data, _) in zip(read.attachments, attached, strict=True):
        safe = re.split(r"[/\\]", one_line(name))[-1].strip(". ")
        assert (one.name, one.size) == (safe, len(data))


@QUICK
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    ),
    st.lists(addresses.map("<{}>".format), max_size=5),
    addresses,
)
def test_ids_and_date(moment: datetime, references: list[str], own: str) -> None:
    mail = EmailMessage()
    mail["Date"] = moment
    mail["Message-ID"] = f"<{own}>"
    if references:
        mail["References"] = " ".join(references)
        mail["In-Reply-To"] = references[-1]
    mail.set_content("x")
    read = parse_mail(mail.as_bytes())
    assert (read.date, read.message_id) == (moment, f"<{own}>")
    assert list(read.references) == references
    assert list(read.in_reply_to) == references[-1:]


@QUICK
@example("hTML", "0")
@given(bodies.filter(str.strip), bodies.filter(str.strip))
def test_enclosed_and_alternative(body: str, inner_body: str) -> None:
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content(inner_body)
    mail = EmailMessage()
    mail.set_content(body)
    mail.add_alternative("<p>HTML</p>", subtype="html")
    mail.add_attachment(inner)
    read = parse_mail(mail.as_bytes(), with_bytes=True)
    assert read.html.strip() == "<p>HTML</p>"
    assert sorted(filled(f"{read.text}\n{read.quoted}")) == sorted(filled(body))
    [enclosed] = read.attachments
    assert (enclosed.name, enclosed.type) == ("inner.eml", "message/rfc822")
    again = parse_mail(enclosed.data or b"")
    assert sorted(filled(f"{again.text}\n{again.quoted}")) == sorted(filled(inner_body))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=600))
def test_any_bytes_are_filed_or_set_aside(raw: bytes) -> None:
    mail = receive_mail(raw, envelope_from="", envelope_to=[SUPPORT], entrance="smtp")
    mail = ingest_mail(mail.id)
    assert mail.status in {RawMail.Status.QUARANTINED, RawMail.Status.INGESTED}
    assert mail.reason or mail.message is not None
    assert bytes(RawMail.objects.get(pk=mail.id).raw) == raw

"""Writes what users sent (`inbox/*.eml`, `cases.jsonl`) and, apart from it, the truth."""

import json
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import numpy as np

from headwater.sandbox.columns import id_text
from headwater.sandbox.core import Core
from headwater.sandbox.mails.compose import Author, compose
from headwater.sandbox.plan import NO_CAUSE, Plant, wanted_cases
from headwater.sandbox.population import Population
from headwater.sandbox.randomness import handles, stream
from headwater.sandbox.spec import as_datetime
from headwater.sandbox.truth import Guilt
from headwater.sandbox.vocabulary import FAMILIES, PEOPLE

MAIL_SERVER = "mx.headwater.test"
SUPPORT = "support@headwater.test"
_NAMING = 0.35


def write_inbox(folder: Path, core: Core) -> int:
    """Writes mails, cases and truth in order of arrival; returns how many cases there are."""
    guilt = Guilt(core)
    written: list[tuple[Plant, list[str]]] = []
    open_places = {plant.mode: wanted_cases(plant.mode, core.spec) for plant in core.plants}
    for plant in core.plants:
        if not plant.received or not open_places[plant.mode]:
            continue
        found = guilt.find(plant) if plant.mode != NO_CAUSE else []
        # Where chance left no trace before the complaint there is nothing to complain about.
        if found or plant.mode == NO_CAUSE:
            written.append((plant, found))
            open_places[plant.mode] -= 1
    written.sort(key=lambda pair: (pair[0].received, pair[0].acc))
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    cases, truths = [], []
    for number, (plant, found) in enumerate(written, start=1):
        case, mail = _contact(core, plant, found)
        cases.append(case)
        truths.append(_truth(core, plant, found, case["case_id"]))
        (inbox / f"{number:05d}.eml").write_bytes(mail)
    _write_lines(folder / "cases.jsonl", cases)
    _write_lines(folder / "truth.jsonl", truths)
    return len(cases)


def _write_lines(path: Path, lines: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def _truth(core: Core, plant: Plant, found: list[str], case_id: object) -> dict[str, object]:
    caused = plant.mode != NO_CAUSE
    return {
        "case_id": case_id,
        "account_id": core.people.ids[plant.acc],
        "mode": plant.mode or None,
        "objects": found,
        "onset": as_datetime(plant.onset).isoformat() if caused else None,
    }


def _contact(core: Core, plant: Plant, found: list[str]) -> tuple[dict[str, object], bytes]:
    """The case line and the raw mail of one complaint."""
    people = core.people
    rng = stream(core.spec.seed, "mail", plant.mode, plant.acc)
    name, address = _sender(rng, people, plant.acc)
    named = _named_object(rng, found)
    author = Author(name, " ".join(people.name[plant.acc].split()[:2]))
    subject, body = compose(rng, plant.mode, author, named)
    handle = handles(core.spec.seed, "case", np.array([plant.acc]))[0]
    case_id = "case_" + id_text("cus", handle)[4:]
    known = rng.random() < 0.5
    case: dict[str, object] = {
        "case_id": case_id,
        "from_email": address,
        "subject": subject,
        "body": body,
        "account_id": people.ids[plant.acc] if known else None,
        "received_at": as_datetime(plant.received).isoformat().replace("+00:00", "Z"),
    }
    return case, _mail(rng, plant, name, address, subject, body, case_id)


def _sender(rng: np.random.Generator, people: Population, acc: int) -> tuple[str, str]:
    """Mostly the owner; now and then a colleague, or the owner from a private address."""
    owner, email = people.owner[acc], people.email[acc]
    luck = rng.random()
    if luck < 0.86:
        return owner, email
    if luck < 0.95:
        first = PEOPLE[int(rng.integers(0, len(PEOPLE)))]
        family = FAMILIES[int(rng.integers(0, len(FAMILIES)))]
        return f"{first} {family}", f"{first.lower()}.{family.lower()}@{email.split('@')[1]}"
    return owner, f"{owner.lower().replace(' ', '.')}{int(rng.integers(1, 99))}@freemail.example"


def _named_object(rng: np.random.Generator, found: list[str]) -> str | None:
    """An object that the user mentions; people rarely see endpoint, key or bank ids."""
    seen = [
        i for i in found if i.split("_")[0] in ("ch", "pi", "req", "po", "evt", "re", "acct", "we")
    ]
    if not seen or rng.random() >= _NAMING:
        return None
    return seen[int(rng.integers(0, len(seen)))]


def _mail(
    rng: np.random.Generator, plant: Plant, name: str, address: str, subject: str, body: str,
    case_id: str,
) -> bytes:  # fmt: skip
    """A raw mail as the receiving server handed it over, with its verdict on the sender on top."""
    domain = address.split("@")[1]
    sent = as_datetime(plant.received)
    message = EmailMessage(policy=SMTP)
    verdict = rng.random()
    if verdict < 0.9:
        message["Authentication-Results"] = (
            f"{MAIL_SERVER}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; "
            f"dmarc=pass header.from={domain}"
        )
    elif verdict < 0.95:
        message["Authentication-Results"] = (
            f"{MAIL_SERVER}; spf=softfail smtp.mailfrom={domain}; dmarc=fail header.from={domain}"
        )
    message["Received"] = (
        f"from mail.{domain} (mail.{domain} [198.51.100.{int(rng.integers(2, 250))}]) "
        f"by {MAIL_SERVER} with ESMTPS id {case_id[-10:]}; {format_datetime(sent)}"
    )
    message["From"] = Address(name, addr_spec=address)
    message["To"] = SUPPORT
    message["Subject"] = subject
    message["Date"] = format_datetime(sent)
    message["Message-ID"] = f"<{case_id[5:].lower()}.{int(rng.integers(10**9))}@{domain}>"
    message.set_content(body + "\n", cte="quoted-printable")
    if rng.random() < 0.4:
        paragraphs = "".join(f"<p>{_escaped(p)}</p>" for p in body.split("\n\n"))
        message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
        message.set_boundary(f"=_{case_id[-12:]}")
    return message.as_bytes()


def _escaped(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\n", "<br>")

"""Letters: hand-written bodies with the account's facts put in, in many hands and moods."""

# ruff: noqa: E501 (statements, rows and letters)

import re
from functools import cache
from pathlib import Path

from benchmarks.examiner.base import World
from benchmarks.examiner.people import Account
from benchmarks.examiner.plants.frame import day, facts_of

MAILS = Path(__file__).with_name("mails")
SLOT = re.compile(r"\{(\w+)\}")
ID = re.compile(r"\b(?:acct|cus|pm|pi|ch|re|du|po|tr|evt|we|req|sub|in|price|cs_live|txn)_\w{10,}")


@cache
def letters() -> dict[str, list[tuple[str, str]]]:
    """Subjects and bodies by mode; a section may serve several modes."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(MAILS.glob("*.txt")):
        for section in re.split(r"^## ", path.read_text("utf-8"), flags=re.M)[1:]:
            head, _, rest = section.partition("\n")
            for part in re.split(r"^---$", rest, flags=re.M):
                if part.strip():
                    subject, _, body = part.strip().partition("\n")
                    for mode in head.split():
                        found.setdefault(mode, []).append((subject.strip(), body.strip()))
    return found


def letter(world: World, mode: str, writer: Account, about: Account,
           facts: dict[str, str]) -> tuple[str, str]:  # fmt: skip
    """Subject and body. Letters whose slots the facts do not fill are not taken."""
    known = {"company": about.company, "domain": about.domain, "acct": about.id,
             "person": writer.person, "first": writer.person.split()[0], "sdk": about.actor.sdk,
             "version": about.actor.sdk_version} | facts  # fmt: skip
    fitting = [each for each in letters().get(mode, []) if set(SLOT.findall(" ".join(each)))
               <= known.keys()]  # fmt: skip
    if not fitting:
        raise LookupError(f"no letter for {mode} with {sorted(known)}")
    used = world.letters_used
    fresh = min(used.get((mode, k), 0) for k in range(len(fitting)))
    choice = world.pick([k for k in range(len(fitting)) if used.get((mode, k), 0) == fresh])
    used[(mode, choice)] = fresh + 1
    subject, body = (SLOT.sub(lambda m: known[m[1]], text) for text in fitting[choice])
    if writer is not about:
        body = _about(world, about) + "\n\n" + body
    return subject, _hand(world, writer, body)


def _about(world: World, seller: Account) -> str:
    return world.pick([
        f"This concerns one of the shops on our platform, {seller.company} ({seller.id}).",
        f"One of our sellers ({seller.id}) asked us to contact you, their message below.",
        f"writing on behalf of our merchant {seller.company}, account {seller.id}",
        f"Forwarding this from {seller.email}, connected account {seller.id}:",
    ])  # fmt: skip


def _hand(world: World, writer: Account, body: str) -> str:
    luck = world.rng.random()
    if luck < 0.07:
        body = ID.sub(lambda m: m[0][: world.whole(9, 14)] + "...", body)
    elif luck < 0.1:
        body = ID.sub(lambda m: m[0][:-3] + world.id("", 3), body)
    elif luck < 0.22:
        body = _misspell(world, body)
    elif luck < 0.28:
        body = body.lower()
    if world.chance(0.09):
        body = _ramble(world) + "\n\n" + body
    if world.chance(0.45):
        body = world.pick(["Hi,", "Hello", "Hi team,", "Hey,", "Dear support,", "Good morning,",
                           "Hi there,"]) + "\n\n" + body  # fmt: skip
    if world.chance(0.6):
        name = writer.person
        body += "\n\n" + world.pick([
            f"Thanks,\n{name}", f"{name}\n{writer.company}", f"-- \n{name} | {writer.domain}",
            f"Best regards\n\n{name}\n{writer.company}\nTel. +{world.whole(1, 90)} "
            f"{world.whole(100, 999)} {world.whole(1000, 9999)}", f"Sent from my iPhone\n{name}",
            f"{name.split()[0]}",
        ])  # fmt: skip
    if world.chance(0.1):
        body += _thread(world, writer)
    return body


def _misspell(world: World, body: str) -> str:
    words = body.split(" ")
    for _ in range(max(1, len(words) // 14)):
        k = world.whole(0, len(words) - 1)
        word = words[k]
        if len(word) > 4 and word.isalpha():
            p = world.whole(1, len(word) - 3)
            words[k] = word[:p] + word[p + 1] + word[p] + word[p + 2 :]
    return " ".join(words)


def _ramble(world: World) -> str:
    return world.pick([
        "We have been with you for years now and I normally never need to write, everything just "
        "works and my accountant is happy, so please bear with me, I am not technical at all and my "
        "nephew who built this is travelling.",
        "Sorry for the long mail. A bit of background: we moved offices last month, hired two people, "
        "and relaunched the site in the spring, so a lot has been going on at the same time.",
        "I already asked in your chat, was in the queue for forty minutes and then it disconnected, "
        "so I am trying by mail now. I hope someone actually reads this.",
        "Third time I write the same thing because the form ate my text twice.",
    ])  # fmt: skip


def _thread(world: World, writer: Account) -> str:
    return world.pick([
        "\n\n> On Monday someone from your team wrote:\n> Thanks for your patience, your question "
        "about the invoice address is solved now.\n> Have a nice day",
        f"\n\n-----Original Message-----\nFrom: {writer.email}\nSubject: VAT number on invoices\n\n"
        "Hi, could you add our VAT number to your own invoices please? Thank you",
        "\n\n> Le lun. à 10:02, support a écrit :\n> Bonjour, votre demande est bien enregistrée.",
        "\n\nAm Dienstag schrieb der Support:\n> Vielen Dank, wir haben Ihre neue Adresse notiert.",
    ])  # fmt: skip


def stranger(world: World, writer: Account) -> str:
    """An address the platform does not know."""
    first, _, last = writer.person.partition(" ")
    plain = "".join(ch for ch in f"{first}.{last}".lower() if ch.isascii())
    return f"{plain}{world.whole(1, 99)}@" + world.pick(["gmail.com", "hotmail.com", "posteo.de"])


def everyday(world: World, a: Account) -> dict[str, str]:
    """Facts of an ordinary payment of the account, if it has one."""
    row = world.one("""SELECT c.*, u.name, u.email, u.id AS cus FROM charges c JOIN customers u ON
        u.id = c.customer_id WHERE c.account_id = ? AND c.status = 'succeeded' AND c.captured AND
        c.livemode AND NOT c.disputed AND c.amount_refunded = 0 ORDER BY c.created DESC LIMIT 1
        OFFSET 3""", a.id)  # fmt: skip
    if row is None:
        return {}
    facts = facts_of(a, row) | {"customer": row["name"], "mail": row["email"], "cus": row["cus"]}
    payout = world.one("""SELECT id, created FROM payouts WHERE account_id = ? AND status = 'paid'
        ORDER BY created DESC LIMIT 1""", a.id)  # fmt: skip
    if payout:
        facts |= {"po": payout["id"], "podate": day(payout["created"])}
    return facts

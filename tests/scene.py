"""A few lifelike cases with findings, for the desk's tests and pictures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from headwater.accounts.acts import record_person, record_platform_account
from headwater.accounts.models import Agent
from headwater.accounts.rules import Identity
from headwater.cases import acts
from headwater.cases.acts import Incoming, open_case
from headwater.cases.models import Case
from headwater.diagnosis.models import Diagnosis, Finding
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

SQL = """select e.account_id,
       e.id as object_id,
       min(d.attempted_at) as first_seen,
       max(d.attempted_at) as last_seen,
       count(*) as occurrences,
       string_agg(d.event_id, ',') as evidence_ids
from webhook_endpoints e
join webhook_deliveries d on d.endpoint_id = e.id
where d.attempted_at >= $window_start and d.attempted_at < $window_end
  and d.http_status >= 500
group by all"""
COLUMNS = [
    "account_id", "object_id", "first_seen", "last_seen", "occurrences", "evidence_ids",
    "url", "last_http_status", "failed_share",
]  # fmt: skip


@dataclass(frozen=True)
class Contact:
    """One mail to make a case of."""

    name: str
    email: str
    subject: str
    body: str
    account_id: str = ""
    account_name: str = ""
    identity: Identity = "verified"
    age: timedelta = timedelta(minutes=12)


WEBHOOK_FAILS = Contact(
    name="Priya Raman",
    email="priya@northwind.example",
    subject="Orders stay unpaid since this morning although customers paid",
    body=(
        "Hello,\n\nsince about 09:10 UTC our shop does not mark orders as paid any more. The "
        "payments are there in the dashboard, for example pi_3PqT8rKd2LqV0x1Y, but nothing "
        "arrives at our side. We rely on payment_intent.succeeded.\n\nNothing was changed by us."
        "\n\nPriya"
    ),
    account_id="acct_1N7wFr9Qk2Lm",
    account_name="Northwind Freight",
)
UNVERIFIED = Contact(
    name="Sam Ortiz", email="sam@gmail.example", subject="payout is missing",
    body="Our payout po_1Q8xYz of Friday did not arrive. Please check acct_1Pal77xQzB.",
    account_id="acct_1Pal77xQzB", account_name="Palisade Clinics", identity="unverified",
    age=timedelta(hours=3, minutes=20),
)  # fmt: skip
UNKNOWN = Contact(
    name="", email="jo@ostra.example", subject="", body="cards get declined, why?",
    identity="unknown", age=timedelta(hours=5),
)  # fmt: skip


def open_contact(contact: Contact, now: datetime | None = None) -> Case:
    """A case as the mail channel would open it."""
    system = Actor.system("mail")
    account = None
    if contact.account_id:
        account = record_platform_account(
            account_id=contact.account_id, name=contact.account_name,
            email=f"owner@{contact.email.rpartition('@')[2]}", country="GB", actor=system,
        )  # fmt: skip
    message = Incoming(
        author_name=contact.name, author_email=contact.email, body=contact.body,
        received_at=(now or utc_now()) - contact.age,
    )  # fmt: skip
    person = record_person(email=contact.email, name=contact.name, actor=system)
    return open_case(
        person=person, subject=contact.subject, message=message, actor=system, account=account,
        identity=contact.identity,
    )  # fmt: skip


def diagnose(case: Case, *, found: bool = True) -> Diagnosis:
    """A stored diagnosis with two findings (or none), and for a verified sender its draft."""
    end = case.opened_at
    diagnosis = Diagnosis.objects.create(
        case=case, made_at=end + timedelta(seconds=2), window_start=end - timedelta(days=30),
        window_end=end, none_probability=0.08 if found else 0.93,
        searched={
            "window": {"start": (end - timedelta(days=30)).isoformat(), "end": end.isoformat()},
            "missing_tables": ["balance_transactions"],
            "not_searched": [{"playbook": "payout-failed", "reason": "a table is missing"}],
            "tables": ["webhook_endpoints", "webhook_deliveries", "api_requests"],
            "freshness": {"webhook_deliveries": end.isoformat(), "api_requests": end.isoformat()},
        },
        ruled_out=[
            {"playbook": "webhook-endpoint-disabled", "reason": "the endpoint is still enabled"},
            {"playbook": "rate-limited", "reason": "no 429 in the window"},
        ],
    )  # fmt: skip
    if found:
        _finding(
            diagnosis, 1, "webhook-endpoint-failing", "Webhook endpoint answers with errors", 0.87
        )
        _finding(diagnosis, 2, "issuer-declines", "Issuers decline the payments", 0.05)
    acts.record_diagnosis(
        case, diagnosis_id=diagnosis.pk, cause="webhook-endpoint-failing" if found else "",
        probability=0.87 if found else None, actor=Actor.system(),
    )  # fmt: skip
    if found and case.identity == "verified":
        acts.save_draft(
            case, f"Hello {case.person.name},\n\n{EXPLANATION_USER}\n", author="system",
            based_on="webhook-endpoint-failing", actor=Actor.system(),
        )  # fmt: skip
    return diagnosis


EXPLANATION_USER = (
    "Your endpoint https://northwind.example/hooks has answered 214 of 214 deliveries with HTTP "
    "500 since 2026-11-20 09:12 UTC, so your shop never learned that the orders were paid. "
    "The payments themselves are fine.\n\nFix the handler, then resend the failed events from "
    "the dashboard; we keep retrying each for three days."
)


REASONS = (
    "1 in 900 accounts shows this in the window",
    "the failures begin 5 minutes before the complaint",
    "the mail speaks of events that do not arrive",
)


def _finding(
    diagnosis: Diagnosis, rank: int, playbook: str, title: str, probability: float
) -> Finding:
    account_id = diagnosis.case.account_id
    end = diagnosis.window_end
    values = [
        account_id, "we_1Qx9Lm20", "2026-11-20T09:12:04Z", "2026-11-20T10:02:11Z", 214,
        "evt_1QxA11,evt_1QxA12", "https://northwind.example/hooks", 500, 1.0,
    ]  # fmt: skip
    return Finding.objects.create(
        diagnosis=diagnosis, rank=rank, playbook=playbook, title=title, modes=["WH-04"],
        probability=probability, first_seen=end - timedelta(hours=1), last_seen=end,
        evidence_ids=["evt_1QxA11", "evt_1QxA12"], columns=COLUMNS,
        rows=[dict(zip(COLUMNS, values, strict=True))],
        sql=SQL, explanation_user=EXPLANATION_USER,
        explanation_engineer="Endpoint `we_1Qx9Lm20` returned 500 on 214 of 214 attempts from "
        "09:12 to 10:02 UTC; before that 100 % were 2xx. 61 events are pending retry.",
        what_to_do="1. Ask for the handler's log at 09:12 UTC.\n2. Then resend the events.",
        docs=["https://docs.example.com/webhooks#retries"],
        reasons=[
            *({"text": text, "points": 12.0} for text in REASONS),
            {"text": "+0.0 because it says nothing", "points": 0.02},
        ],
    )  # fmt: skip


def full_scene(agent: Agent) -> dict[str, Case]:
    """Cases in every state the desk shows."""
    main = open_contact(WEBHOOK_FAILS)
    diagnose(main)
    unverified = open_contact(UNVERIFIED)
    diagnose(unverified)
    unknown = open_contact(UNKNOWN)
    quiet = open_contact(
        Contact("Mia Berg", "mia@lumen.example", "3D Secure challenge never shown on Android",
                "It works on iOS, but not in the WebView of Android 14.", "acct_1Lum55zz1Q",
                "Lumen Bikes", age=timedelta(hours=3, minutes=44)),
    )  # fmt: skip
    diagnose(quiet, found=False)
    actor = Actor.system()
    waiting = open_contact(
        Contact("Ola Dahl", "ola@tidal.example", "Duplicate charge after a network timeout",
                "Two charges for one order.", "acct_1Tid90kk2W", "Tidal Records",
                age=timedelta(hours=26)),
    )  # fmt: skip
    diagnose(waiting)
    acts.assign_case(waiting, agent, actor=actor)
    acts.add_note(
        waiting, "Both charges come from different idempotency keys.", agent=agent, actor=actor
    )
    acts.send_reply(
        waiting, "Hello Ola,\n\nboth charges were made by your retry.", agent=agent, actor=actor
    )
    return {
        "main": main,
        "unverified": unverified,
        "unknown": unknown,
        "quiet": quiet,
        "waiting": waiting,
    }

"""What is read out of an SDK's sources."""

from pathlib import Path

import pytest

from headwater.knowledge import KnowledgeMissing
from headwater.knowledge.sdk import find_sdk, read_sdk
from headwater.knowledge.sdk.links import canonical, reference_url
from headwater.knowledge.sdk.package import Package


def test_objects_fields_operations_parameters_events_and_pages(sdk: Package) -> None:
    records = {record.id: record for record in read_sdk(sdk)}
    assert set(records) == {
        "payout",
        "payout.amount",
        "payout.trace",
        "payout.trace.status",
        "payout.state",
        "payout/create",
        "payout/update",
        "payout/create/amount",
        "payout/create/route",
        "payout/create/route.speed",
        "payout/create/route.back",
        "event:payout.failed",
        "event:payout.paid",
        "exception:StripeError",
        "exception:CardError",
        "page:docs.stripe.com/payouts",
    }
    assert records["payout.amount"].text == "How much, in cents."
    assert records["payout"].text == "Money to a bank. See payouts for more. Bye."
    assert records["payout.state"].values == ("paid", "failed")
    assert records["payout/create/route.speed"].values == ("instant", "standard")
    assert records["payout/create/amount"].also == ("payout/update/amount",)
    assert records["page:docs.stripe.com/payouts"].text == "See payouts for more"
    assert records["payout"].source == "stripe 1.2.3"


def test_the_package_is_read_and_never_run(sdk: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [str(sdk.folder.parent)]
    monkeypatch.setattr("headwater.knowledge.sdk.package._places", lambda: places)
    assert find_sdk("stripe").folder == sdk.folder
    assert len(read_sdk(find_sdk("stripe"))) > 10


@pytest.mark.parametrize("name", ["nosuchsdk", "../etc", "a.b"])
def test_an_sdk_that_is_not_there_is_said_plainly(name: str) -> None:
    with pytest.raises(KnowledgeMissing, match="is not installed here"):
        find_sdk(name)


def test_addresses_of_one_page_are_one() -> None:
    home = "https://docs.stripe.com/payouts"
    for url in (home, "https://stripe.com/docs/payouts", "https://docs.stripe.com/docs/payouts/."):
        assert canonical(url) == home
    assert canonical("https://example.com/payouts") == ""
    assert canonical("https://evil.com/?docs.stripe.com/payouts") == ""


def test_addresses_follow_the_vendors_rule() -> None:
    assert reference_url("payment_intent", "create", "shipping.name").endswith(
        "/api/payment_intents/create#create_payment_intent-shipping-name"
    )
    assert reference_url("checkout.session", "object").endswith("/api/checkout/sessions/object")
    assert reference_url("capability", "modify").endswith("/api/capabilities/update")


def test_a_folder_of_other_python_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "mod.py").write_text("x: int = 3\nclass A:\n    b: 'C'\n")
    assert read_sdk(Package("other", "1", tmp_path)) == []

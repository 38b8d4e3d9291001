"""The installed SDK's index, built once, and a small SDK of our own to spoil."""

from pathlib import Path

import pytest

from headwater.knowledge import Knowledge, Sources, build_index, open_knowledge
from headwater.knowledge.sdk.package import Package

SOURCES = {
    "_payout.py": '''
class Payout:
    """Money to a bank. See [payouts](https://stripe.com/docs/payouts) for more. Bye."""

    OBJECT_NAME: ClassVar[Literal["payout"]] = "payout"

    class Trace(StripeObject):
        status: str
        """Whether it can be traced."""
        inner: Optional["Trace"]

    amount: int
    """How much, in <b>cents</b>."""
    trace: Optional[Trace]
    """To find it at the bank."""
    state: Optional[Literal["paid", "failed"]]

    @classmethod
    def create(cls, **params: Unpack["PayoutCreateParams"]) -> "Payout":
        """Sends money."""

    @classmethod
    async def create_async(cls) -> "Payout":
        """Sends money."""

    @classmethod
    def modify(cls, id: str) -> "Payout":
        """Changes metadata."""
''',
    "params/_payout_create_params.py": '''
class PayoutCreateParams(RequestOptions):
    amount: int
    """How much to send."""
    route: NotRequired["PayoutCreateParamsRoute"]
    """Which way it goes."""
    expand: NotRequired[List[str]]
    """Which fields."""

class PayoutCreateParamsRoute(TypedDict):
    speed: NotRequired["Literal['instant', 'standard']|str"]
    """How fast."""
    back: NotRequired["PayoutCreateParamsRoute"]
    """Round and round."""
''',
    "params/_payout_update_params.py": '''
class PayoutUpdateParams(TypedDict):
    amount: int
    """How much to send."""
''',
    "params/_webhook_endpoint_create_params.py": '''
class WebhookEndpointCreateParams(RequestOptions):
    enabled_events: List["Literal['*', 'payout.failed', 'payout.paid']|str"]
    """Which."""
''',
    "_error.py": "class StripeError(Exception): ...\n\nclass CardError(StripeError): ...\n",
    "_broken.py": "class Oops(:\n",
}


@pytest.fixture
def sdk(tmp_path: Path) -> Package:
    """A package of four classes, one broken file and a type that holds itself."""
    for name, text in SOURCES.items():
        path = tmp_path / "stripe" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "stripe" / "__init__.py").write_text("raise RuntimeError('never run')\n")
    return Package("stripe", "1.2.3", tmp_path / "stripe")


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The index of the installed SDK and the guide."""
    path = tmp_path_factory.mktemp("index") / "docs.sqlite"
    build_index(Sources(), path)
    return open_knowledge(path)

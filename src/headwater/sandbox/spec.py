"""What a world is made of: size, time, seed. Everything else follows from these values."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from headwater.kit.errors import HeadwaterError

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
SECOND_US = 1_000_000

# Payments are what costs memory, so they stop growing where only the request log should.
_PAYMENTS_PER_ACCOUNT_DAY = 3.2
_MAX_PAYMENTS = 1_200_000
_REQUESTS_PER_ACCOUNT_DAY = 32
_DEFAULT_END = datetime(2026, 10, 1, tzinfo=UTC)


class SpecError(HeadwaterError):
    """The wished world cannot be built."""

    code = "sandbox_spec"


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """The whole input of a build: two equal specs give byte-identical rows."""

    accounts: int
    days: int
    seed: int = 1
    requests: int = 0  # 0: proportionate to accounts and days
    cases_per_cause: int = 0  # 0: proportionate to accounts
    end: datetime = _DEFAULT_END

    def __post_init__(self) -> None:
        if self.accounts < 60:
            raise SpecError("A world needs at least 60 accounts.", param="--accounts")
        if self.days < 8:
            raise SpecError("A world needs at least 8 days.", param="--days")
        if self.requests < 0 or self.cases_per_cause < 0:
            raise SpecError("Counts cannot be negative.", param="--requests")

    @property
    def end_us(self) -> int:
        """The end of the data, exclusive: microseconds since 1970, UTC."""
        end = self.end if self.end.tzinfo else self.end.replace(tzinfo=UTC)
        return round(end.timestamp()) * SECOND_US

    @property
    def start_us(self) -> int:
        """The start of the data, inclusive."""
        return self.end_us - self.days * DAY_US

    @property
    def total_requests(self) -> int:
        """About how many request-log rows the world gets."""
        return self.requests or self.accounts * self.days * _REQUESTS_PER_ACCOUNT_DAY

    @property
    def total_payments(self) -> int:
        """About how many payment intents the world gets."""
        wished = self.accounts * self.days * _PAYMENTS_PER_ACCOUNT_DAY
        affordable = min(wished, max(_MAX_PAYMENTS, 0.7 * self.accounts * self.days))
        return int(min(affordable, self.total_requests / 3))

    @property
    def cases(self) -> int:
        """How many cases each cause with a playbook gets."""
        return self.cases_per_cause or max(1, self.accounts // 100)


def parse_end(text: str) -> datetime:
    """An ISO 8601 date or time as aware UTC. Raises SpecError."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise SpecError(
            f"{text!r} is not an ISO date.", param="--end", hint="Write it like 2026-10-01."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def as_datetime(us: int) -> datetime:
    """Microseconds since 1970 as aware UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(us))

"""Time, always UTC. Rules take `now` as a value; only entrances and acts ask for it here."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current time, zone-aware UTC."""
    return datetime.now(UTC)


def as_naive_utc(moment: datetime) -> datetime:
    """`moment` as the evidence store keeps it: UTC without zone."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def parse_utc(text: str) -> datetime:
    """ISO 8601 text as aware UTC; text without a zone is read as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

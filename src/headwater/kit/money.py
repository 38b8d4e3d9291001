"""Money is an integer in the currency's minor unit; it is formatted only for reading."""

# ISO 4217 currencies without a minor unit, and those with three decimals.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())


def format_money(amount: int, currency: str) -> str:
    """`format_money(1999, "usd")` is `19.99 USD`; negative amounts keep their sign."""
    code = currency.lower()
    digits = 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**digits)
    text = f"{sign}{whole:,}" + (f".{part:0{digits}d}" if digits else "")
    return f"{text} {currency.upper()}"

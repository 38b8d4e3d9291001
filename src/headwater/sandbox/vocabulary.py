# ruff: noqa: E501 - a table reads better with one row per line
"""Fixed word lists of the simulated platform: places, versions, banks, error texts."""

from dataclasses import dataclass

# country, currency, timezone, share
COUNTRIES: tuple[tuple[str, str, str, float], ...] = (
    ("US", "usd", "America/New_York", 0.34),
    ("GB", "gbp", "Europe/London", 0.12),
    ("DE", "eur", "Europe/Berlin", 0.10),
    ("FR", "eur", "Europe/Paris", 0.08),
    ("NL", "eur", "Europe/Amsterdam", 0.05),
    ("CA", "cad", "America/Toronto", 0.07),
    ("AU", "aud", "Australia/Sydney", 0.06),
    ("JP", "jpy", "Asia/Tokyo", 0.05),
    ("BR", "brl", "America/Sao_Paulo", 0.05),
    ("IN", "inr", "Asia/Kolkata", 0.04),
    ("SE", "sek", "Europe/Stockholm", 0.04),
)
BANKS = ("First Harbour", "Nordhaven", "Credit Vale", "Union Trust", "Bankhaus Linde", "Meridian")
VERSIONS = (
    "2020-08-27",
    "2022-11-15",
    "2023-10-16",
    "2024-06-20",
    "2025-03-31.basil",
    "2026-02-25.clover",
)
VERSION_SHARES = (0.12, 0.24, 0.22, 0.2, 0.15, 0.07)
SDKS = ("stripe-node", "stripe-python", "stripe-php", "stripe-ruby", "stripe-java", "stripe-go")
SDK_VERSIONS = ("14.25.0", "10.12.0", "13.18.0", "12.6.0", "25.13.0", "78.12.0")
SDK_SHARES = (0.34, 0.2, 0.2, 0.1, 0.09, 0.07)
MCCS = ("5734", "5812", "7372", "5691", "8299", "7999", "5945", "4722")
FIRST = (
    "Amber Atlas Birch Blue Bright Cedar Clover Copper Coral Crisp Delta Ember Fable Fern Field "
    "Flint Garnet Harbor Hazel Indigo Iris Jade Juniper Lark Lemon Linden Lumen Maple Meadow Mint "
    "Moss North Ochre Olive Onyx Otter Pebble Pine Quill Raven Reed River Robin Rowan Saffron Sage "
    "Silver Slate Sparrow Spruce Stone Summit Tidal Topaz Vale Velvet Violet Willow Wren Zephyr"
).split()
SECOND = (
    "Academy Apparel Bakery Bikes Books Boutique Cafe Camp Ceramics Cloud Coffee Collective Crafts "
    "Dental Design Digital Events Fitness Foods Garden Goods Guides Health Home Hosting Kitchen "
    "Labs Learning Logistics Market Media Music Outfitters Pets Photo Press Rentals Roasters "
    "School Shop Software Sports Studio Supply Tickets Tools Tours Travel Tutors Wear Works Yoga"
).split()
SUFFIX = ("Ltd", "Inc", "GmbH", "SARL", "Co", "LLC", "BV", "AB", "Pty", "KK")
PEOPLE = (
    "Ana Ben Carla Dmitri Elif Farid Greta Hiro Ines Jonas Kemal Lena Marco Nadia Oscar Priya "
    "Quentin Rosa Sven Tara Umar Vera Wei Ximena Yusuf Zoe Liam Maya Noah Olga Pablo Ravi"
).split()
FAMILIES = (
    "Adler Bauer Costa Dubois Evans Fischer Garcia Haas Ivanov Jensen Kaya Lopez Meyer Novak "
    "Okafor Petrov Quinn Rossi Silva Tanaka Ueda Vogel Weber Xu Yilmaz Zhang"
).split()

# decline code, message, advice, network code, share of ordinary declines
DECLINES: tuple[tuple[str, str, str, str, float], ...] = (
    ("insufficient_funds", "Your card has insufficient funds.", "try_again_later", "51", 0.4),
    ("do_not_honor", "Your card was declined.", "try_again_later", "05", 0.17),
    ("generic_decline", "Your card was declined.", "try_again_later", "59", 0.17),
    ("transaction_not_allowed", "Your card does not support this type of purchase.", "confirm_card_data", "57", 0.06),
    ("lost_card", "Your card was declined.", "do_not_try_again", "41", 0.02),
    ("fraudulent", "Your card was declined.", "do_not_try_again", "59", 0.03),
    ("incorrect_cvc", "Your card's security code is incorrect.", "confirm_card_data", "N7", 0.08),
    ("expired_card", "Your card has expired.", "do_not_try_again", "54", 0.07),
)  # fmt: skip
AUTHENTICATION_MESSAGE = "Your card was declined. This transaction requires authentication."


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint of the API: how it is called and how often in ordinary reading traffic."""

    method: str
    template: str
    kind: str
    weight: float


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/payment_intents", "pi", 0.0),
    Route("POST", "/v1/payment_intents/:id/confirm", "pi", 0.0),
    Route("POST", "/v1/customers", "cus", 0.0),
    Route("POST", "/v1/refunds", "re", 0.0),
    Route("GET", "/v1/payment_intents/:id", "pi", 0.24),
    Route("GET", "/v1/customers/:id", "cus", 0.2),
    Route("GET", "/v1/charges/:id", "ch", 0.1),
    Route("GET", "/v1/charges", "", 0.06),
    Route("GET", "/v1/payment_intents", "", 0.05),
    Route("GET", "/v1/balance", "", 0.05),
    Route("GET", "/v1/balance_transactions", "", 0.05),
    Route("GET", "/v1/events/:id", "evt", 0.06),
    Route("GET", "/v1/subscriptions/:id", "sub", 0.05),
    Route("GET", "/v1/invoices/:id", "in", 0.05),
    Route("POST", "/v1/customers/:id", "cus", 0.05),
    Route("GET", "/v1/payment_methods", "", 0.04),
    Route("POST", "/v1/payouts", "po", 0.0),
    Route("POST", "/v1/subscriptions", "sub", 0.015),
    Route("POST", "/v1/checkout/sessions", "cs", 0.03),
    Route("POST", "/v1/setup_intents", "seti", 0.0),
    Route("POST", "/v1/subscriptions/:id", "sub", 0.015),
    Route("POST", "/v1/invoices", "in", 0.01),
)
ROUTE = {(route.method, route.template): code for code, route in enumerate(ROUTES)}


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed request says. `share` weighs it among ordinary, unlinked failures."""

    name: str
    status: int
    type: str
    code: str | None
    message: str | None
    param: str | None = None
    decline: str | None = None
    advice: str | None = None
    network: str | None = None
    share: float = 0.0


_INVALID = "invalid_request_error"
FAILURES: tuple[Failure, ...] = (
    Failure("none", 200, "", None, None),
    *(
        Failure(
            code, 402, "card_error", code if code in ("incorrect_cvc", "expired_card") else "card_declined",
            message, decline=code, advice=advice, network=network,
        )
        for code, message, advice, network, _ in DECLINES
    ),
    Failure("authentication_required", 402, "card_error", "authentication_required", AUTHENTICATION_MESSAGE, decline="authentication_required"),
    Failure("blocked", 402, "card_error", "card_declined", "Your card was declined.", decline="fraudulent"),
    Failure("missing", 404, _INVALID, "resource_missing", None, "id", share=0.5),
    Failure("missing_param", 400, _INVALID, "parameter_missing", "Missing required param: amount.", "amount", share=0.12),
    Failure("missing_customer", 400, _INVALID, "parameter_missing", "Missing required param: customer.", "customer", share=0.08),
    Failure("empty_param", 400, _INVALID, "parameter_invalid_empty", "You passed an empty string for 'email'.", "email", share=0.06),
    Failure("bad_integer", 400, _INVALID, "parameter_invalid_integer", "Invalid integer: 19.99", "amount", share=0.05),
    Failure("too_small", 400, _INVALID, "amount_too_small", "Amount must be at least 50 cents", "amount", share=0.03),
    Failure("state", 400, _INVALID, "payment_intent_unexpected_state", "This PaymentIntent's status does not allow this action.", "intent", share=0.08),
    Failure("refunded", 400, _INVALID, "charge_already_refunded", "The charge has already been refunded.", "charge", share=0.03),
    Failure("rate_limit", 429, _INVALID, "rate_limit", "Request rate limit exceeded.", share=0.006),
    Failure("lock_timeout", 429, _INVALID, "lock_timeout", "This object cannot be accessed right now because another API request or Stripe process is currently accessing it.", share=0.006),
    Failure("bad_key", 401, _INVALID, None, None),
    Failure("expired_key", 401, _INVALID, "api_key_expired", None),
    Failure("unknown_param", 400, _INVALID, "parameter_unknown", None),
    Failure("other_mode", 404, _INVALID, "resource_missing", None, "id"),
    Failure("idempotency", 400, "idempotency_error", None, None),
    Failure("key_in_use", 409, _INVALID, "idempotency_key_in_use", "There is currently another in-progress request using this idempotency key."),
    Failure("not_enabled", 400, _INVALID, None, "Your account cannot currently make live charges. Please complete the required account information."),
    Failure("server", 500, "api_error", None, "An unknown error occurred.", share=0.012),
    Failure("bank_unusable", 400, _INVALID, "bank_account_unusable", "The bank account on file cannot receive payouts. Please update it."),
)  # fmt: skip
FAILURE = {failure.name: code for code, failure in enumerate(FAILURES)}

EVENTS = (
    "customer.created",
    "payment_intent.created",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.requires_action",
    "charge.succeeded",
    "charge.failed",
    "charge.refunded",
    "charge.dispute.created",
    "payout.created",
    "payout.paid",
    "payout.failed",
    "account.updated",
)
EVENT = {name: code for code, name in enumerate(EVENTS)}
EVENT_OBJECTS = (
    "customer", "payment_intent", "payment_intent", "payment_intent", "payment_intent",
    "charge", "charge", "charge", "dispute", "payout", "payout", "payout", "account",
)  # fmt: skip

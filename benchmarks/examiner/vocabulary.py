"""Lists that the world is made of: countries, names, companies, libraries, versions."""

# ruff: noqa: E501 (tables read better in one line a row)

# country: (currency, weight, hours from UTC, zone, fee basis points, fixed fee, delay days)
COUNTRIES: dict[str, tuple[str, float, int, str, int, int, int]] = {
    "US": ("usd", 30, -6, "America/Chicago", 290, 30, 2),
    "GB": ("gbp", 13, 0, "Europe/London", 150, 20, 3),
    "DE": ("eur", 12, 1, "Europe/Berlin", 150, 25, 4),
    "FR": ("eur", 9, 1, "Europe/Paris", 150, 25, 4),
    "ES": ("eur", 7, 1, "Europe/Madrid", 150, 25, 4),
    "NL": ("eur", 5, 1, "Europe/Amsterdam", 150, 25, 3),
    "JP": ("jpy", 5, 9, "Asia/Tokyo", 360, 0, 4),
    "CA": ("cad", 5, -5, "America/Toronto", 290, 30, 3),
    "AU": ("aud", 4, 10, "Australia/Sydney", 175, 30, 2),
    "SE": ("sek", 2, 1, "Europe/Stockholm", 150, 180, 3),
    "CH": ("chf", 2, 1, "Europe/Zurich", 290, 30, 3),
    "PL": ("pln", 2, 1, "Europe/Warsaw", 150, 100, 4),
    "MX": ("mxn", 2, -6, "America/Mexico_City", 360, 300, 4),
    "SG": ("sgd", 1, 8, "Asia/Singapore", 340, 50, 4),
    "IN": ("inr", 1, 5, "Asia/Kolkata", 200, 0, 4),
}
PER_DOLLAR = {
    "usd": 1.0, "eur": 0.92, "gbp": 0.79, "jpy": 151.0, "cad": 1.38, "aud": 1.52, "sek": 10.5,
    "chf": 0.88, "pln": 3.95, "mxn": 18.2, "sgd": 1.34, "inr": 84.0,
}  # fmt: skip
ZERO_DECIMAL = ("jpy", "krw", "vnd", "clp")
FIRST = (
    "Mara Jonas Priya Tomás Aiko Lucía Henrik Sofie Daniel Amélie Grzegorz Fatima Owen Chiara "
    "Noah Ingrid Ravi Beatriz Malik Yuki Clara Piotr Hannah Samuel Leïla Victor Nadia Ben Olivia "
    "Matteo Rosa Ethan Zoë Karim Elin Diego Grace Sven Anouk Rachel"
).split()
LAST = (
    "Okafor Lindqvist Brandt Moreau Tanaka Herrera Novak Whitfield Bauer Castillo Iyer Dubois "
    "Kowalski Hughes Sørensen Marchetti Vogel Abe Nguyen Delgado Fischer Byrne Larsen Petit "
    "Romero Schulz Walker Visser Ortiz Haddad Keller Rossi Ito Fournier Mendes Clarke Weiss"
).split()
TRADE = (
    "Coffee Yoga Bikes Books Ceramics Outdoor Wine Tickets Academy Fitness Pets Lighting Studio "
    "Bakery Garden Records Camera Cloud Analytics Desk Travel Tutoring Dental Furniture Optics "
    "Guitars Spices Cycling Print Boats Tea Leather Games Surf Kitchen Fabrics Toys Skincare"
).split()
PLACE = (
    "Harbour Northwind Alder Bluebird Kestrel Lumen Maple Orchard Pine Quarry Riverside Saffron "
    "Tidal Umber Violet Willow Amber Birch Cobalt Drift Ember Fjord Granite Hazel Indigo Juniper "
    "Koi Larch Meadow Nimbus Otter Poppy Quill Rowan Sable Thistle Upland Verve Wren Zephyr"
).split()
ENDING = {
    "US": " Inc", "GB": " Ltd", "DE": " GmbH", "FR": " SARL", "ES": " SL", "NL": " BV",
    "JP": " KK", "CA": " Inc", "AU": " Pty Ltd", "SE": " AB", "CH": " AG", "PL": " sp. z o.o.",
    "MX": " SA de CV", "SG": " Pte Ltd", "IN": " Pvt Ltd",
}  # fmt: skip
SUFFIX = {
    "US": "com", "GB": "co.uk", "DE": "de", "FR": "fr", "ES": "es", "NL": "nl", "JP": "jp",
    "CA": "ca", "AU": "com.au", "SE": "se", "CH": "ch", "PL": "pl", "MX": "mx", "SG": "sg",
    "IN": "in",
}  # fmt: skip
BANKS = {
    "US": "JPMORGAN CHASE BANK", "GB": "BARCLAYS BANK UK PLC", "DE": "COMMERZBANK",
    "FR": "BNP PARIBAS", "ES": "BANCO SANTANDER", "NL": "ING BANK N.V.", "JP": "MIZUHO BANK",
    "CA": "ROYAL BANK OF CANADA", "AU": "WESTPAC", "SE": "SWEDBANK", "CH": "UBS", "PL": "MBANK",
    "MX": "BBVA MEXICO", "SG": "DBS BANK", "IN": "HDFC BANK",
}  # fmt: skip
# library: (binding name, weight, recent versions, old version)
SDKS: dict[str, tuple[str, float, list[str], str]] = {
    "stripe-node": ("NodeBindings", 34, ["14.25.0", "17.7.0", "18.5.0", "19.1.0"], "8.222.0"),
    "stripe-php": ("PhpBindings", 24, ["13.18.0", "16.6.0", "17.6.0"], "7.128.0"),
    "stripe-python": ("PythonBindings", 20, ["9.12.0", "11.6.0", "12.5.1"], "2.76.0"),
    "stripe-ruby": ("RubyBindings", 9, ["10.15.0", "13.5.1", "15.5.0"], "5.55.0"),
    "stripe-java": ("JavaBindings", 6, ["25.13.0", "28.4.0"], "20.136.0"),
    "stripe-go": ("GoBindings", 4, ["76.25.0", "81.4.0"], "72.122.0"),
    "stripe-dotnet": ("NetBindings", 3, ["43.23.0", "48.5.0"], "39.126.0"),
}
VERSIONS = {
    "2019-12-03": 4, "2020-08-27": 14, "2022-08-01": 7, "2022-11-15": 14, "2023-10-16": 17,
    "2024-04-10": 9, "2024-06-20": 15, "2025-02-24.acacia": 8, "2025-06-30.basil": 7,
    "2025-09-30.clover": 5,
}  # fmt: skip
BASIL = "2025-03-31"
# (decline code, weight, failure code, message, network code, advice)
DECLINES: list[tuple[str, float, str, str, str | None, str]] = [
    ("generic_decline", 28, "card_declined", "Your card was declined.", "05", "try_again_later"),
    ("insufficient_funds", 27, "card_declined", "Your card has insufficient funds.", "51", "try_again_later"),
    ("do_not_honor", 13, "card_declined", "Your card was declined.", "05", "try_again_later"),
    ("incorrect_cvc", 6, "incorrect_cvc", "Your card's security code is incorrect.", "N7", "confirm_card_data"),
    ("expired_card", 5, "expired_card", "Your card has expired.", "54", "confirm_card_data"),
    ("transaction_not_allowed", 4, "card_declined", "Your card does not support this type of purchase.", "57", "do_not_try_again"),
    ("authentication_required", 3, "authentication_required", "Your card was declined. This transaction requires authentication.", "1A", "try_again_later"),
    ("fraudulent", 2, "card_declined", "Your card was declined.", "59", "do_not_try_again"),
    ("card_velocity_exceeded", 2, "card_declined", "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.", "65", "try_again_later"),
    ("incorrect_number", 2, "incorrect_number", "Your card number is incorrect.", "14", "confirm_card_data"),
    ("processing_error", 2, "processing_error", "An error occurred while processing your card. Try again in a little bit.", None, "try_again_later"),
    ("incorrect_zip", 1, "incorrect_zip", "The zip code you provided failed validation.", None, "confirm_card_data"),
    ("card_not_supported", 1, "card_declined", "Your card is not supported.", "57", "do_not_try_again"),
    ("lost_card", 1, "card_declined", "Your card was declined.", "41", "do_not_try_again"),
    ("stolen_card", 1, "card_declined", "Your card was declined.", "43", "do_not_try_again"),
    ("try_again_later", 1, "card_declined", "Your card was declined. You can try again in a few minutes.", "91", "try_again_later"),
    ("currency_not_supported", 0.5, "card_declined", "Your card does not support the specified currency.", "57", "do_not_try_again"),
]  # fmt: skip
DECLINE = {each[0]: each for each in DECLINES}
BROWSERS = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0.0.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
]

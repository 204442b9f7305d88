"""Numbers as they stand in a read-out."""

import math

NO_VALUE = "–"


def readable(value: float) -> str:
    """Three significant digits with a true minus sign: 0.0123, 4.56e−7, 25 300."""
    if math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "∞" if value > 0 else "\u2212∞"
    rounded = f"{value:.2e}"
    exponent = int(rounded.split("e")[1])
    if value == 0:
        text = "0"
    elif -3 <= exponent < 5:
        text = f"{float(rounded):,.{max(0, 2 - exponent)}f}".replace(",", "\u2009")
    else:
        text = f"{rounded.split('e', maxsplit=1)[0]}e{exponent}"
    return text.replace("-", "\u2212")

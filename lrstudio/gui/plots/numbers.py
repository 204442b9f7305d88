"""Numbers as they stand in a read-out."""

import math


def readable(value: float) -> str:
    """Three significant digits with a true minus sign: 0.0123, 4.56e−7, 25 300."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "\u2212∞"
    size = abs(value)
    if value == 0 or 1e-3 <= size < 1e5:
        digits = 2 if value == 0 else max(0, 2 - math.floor(math.log10(size)))
        text = f"{float(f'{value:.2e}'):,.{digits if value else 0}f}".replace(",", "\u2009")
    else:
        mantissa, exponent = f"{value:.2e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "\u2212")

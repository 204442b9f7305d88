"""Numbers as they stand in sentences and tables."""


def significant(number: float, digits: int = 3) -> str:
    """A number with so many significant digits; a power of ten only where zeros would be counted.

    420 and 31000, where plain rounding has 4.2e+02 and 3.1e+04; 4.2e5 and 1.1e−6 stay. The sign is
    the printed one, −0.25, and −0 is 0.
    """
    text = f"{float(f'{number:.{digits}g}') + 0.0:.5g}"
    mantissa, e, exponent = text.partition("e")
    if e:
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")

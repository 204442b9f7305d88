"""Numbers as they stand in sentences and tables."""


def significant(number: float, digits: int) -> str:
    """A number with so many significant digits; a power of ten only where zeros would be counted.

    420 and 31000, where plain rounding has 4.2e+02 and 3.1e+04; 4.2e+05 and 1.1e-06 stay.
    """
    return f"{float(f'{number:.{digits}g}'):.5g}"

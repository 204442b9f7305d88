import math

import pytest

from lrstudio.gui.plots.numbers import readable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1.00"),
        (-0.123456, "−0.123"),
        (0.0012345, "0.00123"),
        (0.00012345, "1.23e−4"),
        (1234.5, "1\u2009230"),
        (99_940.0, "99\u2009900"),
        (99_960.0, "1.00e5"),
        (123_456.0, "1.23e5"),
        (9.999, "10.0"),
        (-1e-300, "−1.00e−300"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "–"),
    ],
)
def test_three_significant_digits(value, text):
    assert readable(value) == text

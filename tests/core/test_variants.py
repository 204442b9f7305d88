"""Few configurations in the place of many."""

import itertools
from typing import Any

from lrstudio.core import OPTIMIZERS
from tests.core.variants import DECLARED, MOST_VARIANTS, covering, variants


def triples(rows: list[tuple[Any, ...]]) -> set[Any]:
    return {triple for row in rows for triple in itertools.combinations(enumerate(row), 3)}


def test_any_three_values_meet_in_few_rows() -> None:
    rows = list(itertools.product("ab", (0, 1), ("x", "y", "z"), (False, True), (0.0, 0.5), "pq"))
    few = covering(rows)
    assert triples(few) == triples(rows)
    assert set(few) <= set(rows)
    assert 12 <= len(few) <= 20  # a choice of three and two of two have twelve triples


def test_no_declaration_has_more_variants_than_can_be_tried() -> None:
    for cls in DECLARED:
        assert len(variants(cls)) <= 2 * MOST_VARIANTS, cls


def test_every_switch_is_tried_both_ways() -> None:
    adam = variants(OPTIMIZERS["adam"])
    assert len(set(adam)) == len(adam) <= MOST_VARIANTS
    for field in ("amsgrad", "lazy", "eps_form", "eps_root", "weight_decay", "decay"):
        assert len({getattr(a, field) for a in adam}) == 2, field

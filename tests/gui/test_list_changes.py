from hypothesis import given
from hypothesis import strategies as st

from lrstudio.gui.list_changes import (
    Change,
    Inserted,
    Moved,
    Removed,
    Replaced,
    Reset,
    change_between,
)

ITEMS = [object() for _ in range(8)]
LISTS = st.lists(st.sampled_from(ITEMS), unique_by=id)


def applied(change: Change, old: list[object], new: list[object]) -> list[object]:
    """What a view shows that was told the change and may ask for the new items."""
    shown = list(old)
    match change:
        case Inserted(row):
            shown.insert(row, new[row])
        case Removed(row):
            shown.pop(row)
        case Moved(row, target):
            shown.insert(target, shown.pop(row))
        case Replaced(rows):
            for row in rows:
                shown[row] = new[row]
        case Reset():
            shown = list(new)
    return shown


@given(LISTS, LISTS)
def test_a_view_that_follows_the_change_shows_the_new_list(old, new):
    shown = applied(change_between(old, new), old, new)
    assert len(shown) == len(new)
    assert all(a is b for a, b in zip(shown, new, strict=True))


@given(LISTS, st.data())
def test_one_item_that_comes_or_goes_is_found(items, data):
    row = data.draw(st.integers(0, len(items)))
    longer = [*items[:row], object(), *items[row:]]
    assert change_between(items, longer) == Inserted(row)
    assert change_between(longer, items) == Removed(row)


@given(LISTS.filter(len), st.data())
def test_one_item_that_moved_is_found(items, data):
    row, target = (data.draw(st.integers(0, len(items) - 1)) for _ in range(2))
    moved = [*items]
    moved.insert(target, moved.pop(row))
    change = change_between(items, moved)
    if row == target:
        assert change == Replaced(())
    elif abs(row - target) == 1:  # neighbours that swap: either of them moved
        assert change in (Moved(row, target), Moved(target, row))
    else:
        assert change == Moved(row, target)


@given(LISTS.filter(len), st.data())
def test_items_replaced_in_their_places_are_named(items, data):
    rows = data.draw(st.sets(st.integers(0, len(items) - 1), max_size=3))
    changed = [object() if row in rows else item for row, item in enumerate(items)]
    assert change_between(items, changed) == Replaced(tuple(sorted(rows)))

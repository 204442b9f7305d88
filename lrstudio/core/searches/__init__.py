"""Searches along a line: how far to go in a direction, found by evaluating the function.

All lanes search at once, each at its own pace: what a lane finds and what it costs do not depend on
its neighbours. A lane that has found its step is not evaluated any more.
"""

"""Pictures that move: curves against the step, and the landscape that the runs cross.

The only package that imports pyqtgraph, and that through `pyqtgraph_parts` alone: all of it would
take a seventh of a second. Its parts still take time, so the window loads them after its first
paint.
"""

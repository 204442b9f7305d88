"""Pictures that move: curves against the step, and the landscape that the runs cross.

The only package that imports pyqtgraph. Importing it takes a third of a second, so the window does
so after its first paint.
"""

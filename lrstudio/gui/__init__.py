"""The window: widgets that show an experiment and its trajectory, and ask for edits."""

"""Disturbances. A new one is a class in a module of this package; nothing else is to be touched."""

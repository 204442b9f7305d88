"""The same things under the names that the frameworks give them."""

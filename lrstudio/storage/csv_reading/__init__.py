"""Reading a table out of a text file: what it is is recognised, shown, and can be overridden.

A value that may mean two things is refused with its line, never guessed.

* `decoding`: bytes to text;
* `records`: text to lines of cells;
* `recognition`: which separator, which decimal mark, whether there is a header;
* `columns`: cells to numbers and categories;
* `reading`: all of it.
"""

from lrstudio.storage.csv_reading.decoding import LARGEST_BYTES
from lrstudio.storage.csv_reading.reading import LIMITS, Found, Wishes, read
from lrstudio.storage.csv_reading.records import NotTable

__all__ = ["LARGEST_BYTES", "LIMITS", "Found", "NotTable", "Wishes", "read"]

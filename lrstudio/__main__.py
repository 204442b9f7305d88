"""`python -m lrstudio` is the command `lrstudio`."""

from lrstudio.cli import main

if __name__ == "__main__":
    main()

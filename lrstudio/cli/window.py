"""Opening the window, or saying in one sentence why there cannot be one."""

import signal
from pathlib import Path

import click


def open_window(path: str | None) -> int:
    """Open the window, with a file if one is given; returns its exit code."""
    if path is not None and not Path(path).exists():
        from lrstudio.storage import experiments  # loads NumPy, for which the window does not wait

        experiments.load(path)  # says what is wrong, display or not
    from lrstudio.gui import preflight

    obstacle = preflight.window_obstacle()
    if obstacle:
        raise click.ClickException(
            f"The window cannot open. {obstacle}\nTo race without a window: lrstudio run"
        )
    try:
        from lrstudio.gui import app
    except ImportError as error:
        raise click.ClickException(
            f"The window cannot open. A part of it cannot be loaded ({error}); install LR Studio "
            "again.\nTo race without a window: lrstudio run"
        ) from error
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Python's own handler would wait for Qt to come back to Python, which it may never do.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return app.main(path)

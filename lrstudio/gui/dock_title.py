"""Title bar of a plot's dock: the plot's own header, so that nothing is said twice."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from lrstudio.gui import icons, theme


class DockTitle(QWidget):
    """A header with the buttons that float and close its dock; drags the dock like any title."""

    def __init__(self, dock: QDockWidget, header: QWidget) -> None:
        super().__init__(dock)
        self._dock = dock
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, theme.SPACING // 2, theme.SPACING // 2, 0)
        layout.setSpacing(2)
        layout.addWidget(header, 1)
        self._add_button(
            "float", "picture-in-picture-2", f"Float or dock {dock.windowTitle()}"
        ).clicked.connect(self.on_float_clicked)
        self._add_button("close", "x", f"Hide {dock.windowTitle()}").clicked.connect(dock.close)

    def on_float_clicked(self) -> None:
        """Float the dock, or put it back."""
        self._dock.setFloating(not self._dock.isFloating())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def _add_button(self, name: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self, objectName=f"{name}_{self._dock.objectName()}")
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(12, 12))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.layout().addWidget(button)
        return button

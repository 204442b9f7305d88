"""What Fusion alone does not give: quiet dock titles, flat bars, visible focus, marked mistakes.

Kept short: each rule costs start-up time, and a widget that a rule touches is no longer drawn by
Fusion. Menus stay Fusion's.
"""

from typing import TYPE_CHECKING

from lrstudio import resources

if TYPE_CHECKING:
    from lrstudio.gui.theme import Theme


def style_sheet(theme: "Theme") -> str:
    """The program's style sheet in the colours of `theme`."""
    sheet = _SHEET
    for name in sorted(_NAMES, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", getattr(theme, name))
    for mark in ("check", "chevron"):
        drawing = resources.path("themes", f"{mark}-{'dark' if theme.is_dark else 'light'}.svg")
        sheet = sheet.replace(f"%{mark}", f'url("{drawing.as_posix()}")')
    return sheet


_NAMES = (
    "background",
    "surface",
    "raised",
    "border",
    "text",
    "muted",
    "disabled",
    "axis",
    "accent",
    "accent_text",
    "selection",
    "error",
    "error_background",
)

_SHEET = """
QDockWidget { color: @muted; font-size: 8pt; font-weight: 600; }
QDockWidget::title { background: @surface; padding: 6px 8px 4px 8px; text-align: left; }
QMainWindow::separator { background: @surface; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: @border; }

QToolBar { background: @surface; border: none; spacing: 4px; padding: 4px 8px; }
QToolBar::separator { border-left: 1px solid @border; width: 5px; margin: 6px 2px 6px 5px; }
QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: @raised; }
QToolButton:pressed, QToolButton:checked { background: @selection; }
QToolButton:focus { border-color: @accent; }

QToolButton[role="chip"] {
  background: @background; border: 1px solid @border; border-radius: 9px; padding: 1px 7px;
}
QToolButton[role="chip"]:hover { border-color: @axis; }
QToolButton[role="chip"]:checked { background: @selection; border-color: @accent; }
QToolButton[role="chip"]:focus { border-color: @text; }
QToolButton[role="help"] { color: @muted; border: none; border-radius: 8px; padding: 0; }
QToolButton[role="help"]:hover { background: @raised; color: @text; }
QToolButton[role="dot"] { background: @accent; border: none; border-radius: 3px; margin: 1px; }

QLineEdit, QTextEdit, QPlainTextEdit {
  background: @background; border: 1px solid @border; border-radius: 4px; padding: 1px 5px;
  selection-background-color: @accent;
}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus { border-color: @accent; }
QLineEdit:disabled { background: @surface; color: @disabled; }
QLineEdit[refused="true"], QPlainTextEdit[refused="true"] {
  background: @error_background; border-color: @error; }
QLabel[role="error"] { color: @error; }
ConfigStack[role="nested"], FoldedForm[role="nested"] { border-left: 2px solid @border; }
QLabel[role="muted"] { color: @muted; }

QComboBox {
  background: @background; border: 1px solid @border; border-radius: 4px; padding: 1px 7px;
  combobox-popup: 0; /* a list below the box; the menu-like one does not show the chosen entry */
}
QComboBox:hover { border-color: @axis; }
QComboBox:focus, QComboBox:on { border-color: @accent; }
QComboBox:disabled { background: @surface; color: @disabled; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: %chevron; width: 14px; height: 14px; }
QComboBox QAbstractItemView { border-radius: 0; outline: none; }
ChooserPopup { background: @surface; border: 1px solid @axis; }

QCheckBox { spacing: 6px; }
QCheckBox::indicator, QAbstractItemView::indicator {
  background: @background; border: 1px solid @axis; border-radius: 3px; width: 13px; height: 13px;
}
QCheckBox::indicator:hover { border-color: @accent; }
QCheckBox::indicator:focus { border: 2px solid @accent; width: 11px; height: 11px; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
  background: @accent; border-color: @accent; image: %check;
}
QCheckBox::indicator:checked:focus { border-color: @text; }
QCheckBox::indicator:disabled { background: @surface; border-color: @border; }

QRadioButton::indicator {
  background: @background; border: 1px solid @axis; border-radius: 7px; width: 13px; height: 13px;
}
QRadioButton::indicator:hover, QRadioButton::indicator:focus { border-color: @accent; }
QRadioButton::indicator:checked {
  border: 4px solid @accent; border-radius: 7px; width: 7px; height: 7px;
}
QRadioButton::indicator:checked:focus { background: @text; }

QPushButton {
  background: @background; border: 1px solid @border; border-radius: 4px; padding: 4px 12px;
}
QPushButton:hover { border-color: @axis; }
QPushButton:focus { border-color: @accent; }
QPushButton:pressed, QPushButton:checked { background: @selection; }
QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton:default { background: @accent; border-color: @accent; color: @accent_text; }
QPushButton:default:focus { border: 2px solid @text; padding: 3px 11px; }
QPushButton:disabled { background: @surface; color: @disabled; }

QTabWidget::pane { border: none; }
QTabBar { background: @surface; }
QTabBar::tab {
  color: @muted; border: none; border-bottom: 2px solid transparent; padding: 5px 10px;
}
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabBar::tab:focus { color: @accent; }

QHeaderView::section {
  background: @surface; color: @muted; border: none; border-bottom: 1px solid @border;
  padding: 4px 8px; font-weight: 400;
}
QTableCornerButton::section {
  background: @surface; border: none; border-bottom: 1px solid @border;
}
QHeaderView::up-arrow, QHeaderView::down-arrow { image: none; width: 0; height: 0; }
QTableView { icon-size: 40px; }
QTableView::item { padding: 0 8px; }
QTableView::item:selected { background: @selection; color: @text; }
QListView::item { padding: 3px 2px; }
QTreeView::item { padding: 3px 6px; }
QTextBrowser { border: none; border-radius: 0; padding: 0; }
QTableView, QListView, QTreeView {
  background: @background; border: 1px solid @border; border-radius: 4px;
  gridline-color: @raised; selection-background-color: @selection; selection-color: @text;
}
QProgressBar {
  background: @background; border: 1px solid @border; border-radius: 4px; text-align: center;
}
QProgressBar::chunk { background: @selection; border: 1px solid @accent; border-radius: 3px; }
QStatusBar { color: @muted; }
QStatusBar::item { border: none; }
QToolTip {
  background: @background; color: @text; border: 1px solid @border; padding: 4px 6px;
}

QSlider::groove:horizontal { background: @border; height: 3px; border-radius: 1px; }
QSlider::sub-page:horizontal { background: @accent; height: 3px; border-radius: 1px; }
QSlider::handle:horizontal {
  background: @background; border: 2px solid @accent; border-radius: 6px;
  width: 8px; height: 8px; margin: -5px 0;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: @accent; }
QSlider::sub-page:horizontal:disabled { background: @border; }
QSlider::handle:horizontal:disabled { background: @surface; border-color: @disabled; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

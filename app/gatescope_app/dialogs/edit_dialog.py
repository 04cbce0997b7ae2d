"""What if: one thing to change in the run, from where one is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QStackedWidget,
    QWidget,
)

from gatescope.edits.edits import Edit
from gatescope.messages.message import GatescopeError
from gatescope_app.dialogs.edit_form import EditForm
from gatescope_app.dialogs.edit_forms import InputForm, StateForm, TokenForm, WeightForm
from gatescope_app.dialogs.hold_form import HoldForm
from gatescope_app.dialogs.ok_cancel_dialog import OkCancelDialog
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.editor import Editor
from gatescope_app.state.session import Session
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.checked_line import Misread, describe_error
from gatescope_app.widgets.problem_label import ProblemLabel


class EditDialog(OkCancelDialog):
    """Asks for an edit and makes it; what is dragged is shown in the window at once, and taken back by Cancel."""

    def __init__(self, session: Session, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._editor = session, editor
        self._before = session.document, session.undo_stack
        self._edit: Edit | None = None  # what is asked for, where it can be made
        self._made: Edit | None = None
        self.kind, self.forms = QComboBox(), QStackedWidget()
        self.summary, self.problem = QLabel(), ProblemLabel(theme)
        self._add_forms()
        self._lay_out()
        self._connect()
        self._update()
        self.form.setFocus(Qt.FocusReason.TabFocusReason)  # which selects the number

    @property
    def form(self) -> EditForm:
        """The form on show."""
        form = self.forms.currentWidget()
        assert isinstance(form, EditForm)
        return form

    def _add_forms(self) -> None:
        state = self._session.state
        forms: dict[str, EditForm] = {
            self.tr("hold a quantity"): HoldForm(state), self.tr("feed another number"): InputForm(state),
        }  # fmt: skip
        if state.setup.sequence.tokens:
            forms[self.tr("feed another token")] = TokenForm(state)
        forms[self.tr("start from another state")] = StateForm(state)
        forms[self.tr("another weight or bias")] = WeightForm(state)
        for title, form in forms.items():
            self.kind.addItem(title)
            self.forms.addWidget(form)

    def _lay_out(self) -> None:
        self.setWindowTitle(self.tr("What if"))
        top = QFormLayout()
        top.addRow(self.tr("What to change"), self.kind)
        self.kind.setAccessibleName(self.tr("What to change"))
        self.summary.setWordWrap(True)
        self.summary.setStyleSheet("font-weight: bold")
        line = QFrame(frameShape=QFrame.Shape.HLine)
        line.setForegroundRole(self.palette().ColorRole.Mid)
        fill_column(self, top, (self.forms, 1), line, self.summary, self.problem, self.buttons)
        self.ok.setText(self.tr("Try it"))
        self.resize(self.fontMetrics().averageCharWidth() * 78, self.sizeHint().height())

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self.forms.setCurrentIndex)
        self.forms.currentChanged.connect(lambda _: self._update())
        for form in self.findChildren(EditForm):
            form.changed.connect(self._update)
            form.dragged.connect(self._make)

    def _update(self) -> None:
        """Say what would be changed, or why that cannot be."""
        self._edit = None
        try:
            edit = self.form.edit()
            edit.check(self._before[0].setup.shape)
        except (GatescopeError, Misread) as error:
            self.problem.show_problem(describe_error(error))
        else:
            self._edit = edit
            self.problem.clear()
        self.summary.setText("" if self._edit is None else format_message(self._edit.label))
        self.ok.setEnabled(self._edit is not None)

    def _make(self) -> None:
        """Make the edit; another one of the same dialog takes its place, so that there is one to undo."""
        if self._edit is None or self._edit == self._made:
            return
        merge = self._made is not None and self._made.target == self._edit.target
        if not merge:
            self._take_back()
        self._made = self._edit
        self._editor.do(self._edit, merge=merge)

    def _take_back(self) -> None:
        if self._made is not None:
            self._session.restore(*self._before)

    def accept(self) -> None:
        """Make the edit that the fields say."""
        self._make()
        super().accept()

    def reject(self) -> None:
        """Take back what was dragged."""
        self._take_back()
        super().reject()


def ask_what_if(session: Session, editor: Editor, theme: Theme, window: QWidget) -> None:
    """Ask for an edit and make it; nothing is asked before there is a run."""
    if session.state.run is None:
        return
    dialog = EditDialog(session, editor, theme, window)
    dialog.resize(dialog.size().expandedTo(dialog.minimumSizeHint()))
    # Beside the plots, in which one sees what follows.
    dialog.move(window.mapToGlobal(window.rect().topRight()).x() - dialog.width() - 20, window.y() + 120)
    dialog.exec()
    dialog.deleteLater()  # or the window would keep every dialog it ever asked with

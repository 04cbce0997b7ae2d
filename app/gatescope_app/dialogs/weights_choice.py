"""What becomes of the weights when a network gets other arguments: kept, or replaced by new ones."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from gatescope.modules.spec import ModuleSpec
from gatescope_app.state.network_changes import fits_weights
from gatescope_app.state.runs import Setup

_KEEP, _NEW, _OPEN = 0, 1, -1


class WeightsChoice(QComboBox):
    """Keeps the weights where they fit; those that nobody can make again are replaced only when somebody says so."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._old, self._source, self._seed = setup.spec, setup.source, setup.seed
        self._fits, self._says_new = True, False
        self.addItems(["", ""])
        self.setPlaceholderText(self.tr("choose…"))
        self.setToolTip(self.tr("Weights stay with all arguments that leave their shapes (Alt+W)"))
        self.activated.connect(self._on_activated)
        self.fit(setup.spec, setup.seed)

    @property
    def asks(self) -> bool:
        """Whether there is something to choose: weights of a seed follow from the seed."""
        return self._source.seed is None

    @property
    def keeps(self) -> bool | None:
        """Whether the weights stay; None while that is to be chosen."""
        return {_KEEP: True, _NEW: False, _OPEN: None}[self.currentIndex()]

    def fit(self, spec: ModuleSpec, seed: int) -> None:
        """Follow the arguments and the seed."""
        self._fits = fits_weights(self._old, spec)
        self.setItemText(_KEEP, self.tr("keep {weights}").format(weights=self._name))
        new = self.tr("new ones of seed {seed}, in place of {weights}")
        self.setItemText(_NEW, new.format(seed=seed, weights=self._name))
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.item(_KEEP).setEnabled(self._fits)
        with QSignalBlocker(self):
            self.setCurrentIndex(self._choice(seed))

    def choose_new(self) -> None:
        """Take new weights, also where the old ones fit: a seed was given."""
        self._says_new = True

    def describe_misfit(self, spec: ModuleSpec, seed: int) -> str:
        """Return what there is to choose."""
        text = self.tr(
            "{weights} does not fit {network}. Choose under Weights that new ones of seed {seed} replace it, or Cancel."
        )
        return text.format(weights=self._name, network=spec.constructor(), seed=seed)

    @property
    def _name(self) -> str:
        return self._source.place or self.tr("trained weights")

    def _choice(self, seed: int) -> int:
        if not self.asks:
            return _KEEP if self._fits and seed == self._seed else _NEW
        if self._says_new:
            return _NEW
        if self._fits:
            return _KEEP
        return _NEW if self._source.can_be_made_again else _OPEN

    def _on_activated(self, index: int) -> None:
        self._says_new = index == _NEW

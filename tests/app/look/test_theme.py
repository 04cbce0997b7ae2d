"""The colours: text stands out, and each quantity from the others, to colour-blind eyes as well."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPalette

from gatescope_app.look.colour_maps import diverging_colours, heat_image, quantity_colours
from gatescope_app.look.theme import DARK, LIGHT, Theme, palette
from gatescope_app.look.unit_colours import selected_shade, unit_shades

LEAST_CONTRAST = 4.5  # WCAG 2.1 AA, for text
LEAST_DISTANCE = 11.0  # in CIELAB; some five times what is just noticeable (2.3: Mahy et al., 1994)
QUANTITIES = ("f", "i", "c_tilde", "c", "o", "h")

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009,
# severity 1.0; on linear RGB.
BLINDNESS = {
    "none": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
WHITE = [0.95047, 1.0, 1.08883]  # D65

Vector = NDArray[np.float64]
both = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def linear(colour: str) -> Vector:
    """Return sRGB without its gamma."""
    rgb = np.array(QColor(colour).getRgbF()[:3])  # type: ignore[index]  # PySide types it as object
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour: str, blindness: str) -> Vector:
    """Return CIELAB of what an eye sees."""
    xyz = np.array(TO_XYZ) @ np.clip(np.array(BLINDNESS[blindness]) @ linear(colour), 0, 1) / WHITE
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(ink: str, paper: str) -> float:
    """Return the contrast of WCAG, from 1 to 21."""
    low, high = sorted(float(np.array(TO_XYZ)[1] @ linear(colour)) for colour in (ink, paper))
    return (high + 0.05) / (low + 0.05)


def nearest(colours: list[str], blindness: str) -> float:
    """Return the smallest distance between two of them."""
    return min(
        float(np.linalg.norm(lab(a, blindness) - lab(b, blindness))) for a, b in combinations(colours, 2)
    )  # fmt: skip


def texts(theme: Theme) -> list[tuple[str, str]]:
    """Return every colour of text with every colour it is written on."""
    papers = (theme.window, theme.base)
    pairs = [(ink, paper) for ink in (theme.text, theme.accent) for paper in (*papers, theme.raised)]
    pairs += [(theme.faint, paper) for paper in papers]
    pairs += [(colour, paper) for colour in theme.quantities.values() for paper in papers]
    verdicts = (theme.matches, theme.warning, theme.differs, theme.cannot_compare)
    pairs += [(colour, paper) for colour in verdicts for paper in papers]
    pairs += [(theme.on_verdict, colour) for colour in verdicts]
    return [*pairs, (theme.on_accent, theme.accent)]


def test_the_measures_are_those_of_the_standards() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # the grey that just passes
    np.testing.assert_allclose(lab("#ff0000", "none"), [53.24, 80.09, 67.20], atol=0.02)
    for blindness in BLINDNESS:  # no grey has a hue, to any eye
        np.testing.assert_allclose(lab("#808080", blindness)[1:], 0, atol=0.05)


@both
def test_text_stands_out_from_whatever_it_is_written_on(theme: Theme) -> None:
    for ink, paper in texts(theme):
        assert contrast(ink, paper) >= LEAST_CONTRAST, f"{ink} on {paper}"


@both
def test_text_of_qts_own_widgets_stands_out(theme: Theme) -> None:
    role, colours = QPalette.ColorRole, palette(theme)
    for ink, paper in (
        (role.Text, role.Base), (role.Text, role.AlternateBase), (role.WindowText, role.Window),
        (role.ButtonText, role.Button), (role.ToolTipText, role.ToolTipBase), (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base), (role.Link, role.Base), (role.Link, role.Window),
    ):  # fmt: skip
        assert contrast(colours.color(ink).name(), colours.color(paper).name()) >= LEAST_CONTRAST, (ink, paper)


@both
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_quantities_are_told_apart_by_every_eye(theme: Theme, blindness: str) -> None:
    assert nearest([theme.quantities[name] for name in QUANTITIES], blindness) >= LEAST_DISTANCE


@both
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_a_deviation_is_told_from_every_other_verdict_by_every_eye(theme: Theme, blindness: str) -> None:
    for other in ("matches", "differs", "cannot_compare"):
        colours = [theme.of_verdict("deviates"), theme.of_verdict(other)]
        assert nearest(colours, blindness) >= LEAST_DISTANCE, other


@both
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_weights_below_and_above_zero_are_told_apart_by_every_eye(theme: Theme, blindness: str) -> None:
    assert nearest([theme.negative, theme.positive, theme.base], blindness) >= 3 * LEAST_DISTANCE


@both
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_neighbouring_units_of_six_are_told_apart_by_every_eye(theme: Theme, blindness: str) -> None:
    for quantity in QUANTITIES:
        shades = [shade.name() for shade in unit_shades(theme, quantity, 6)]
        for pair in pairwise(shades):
            assert nearest(list(pair), blindness) >= LEAST_DISTANCE, f"{quantity}: {pair}"


@both
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_selected_unit_is_told_from_all_others_by_every_eye(theme: Theme, blindness: str) -> None:
    for quantity in QUANTITIES:
        selected = selected_shade(theme, quantity).name()
        for shade in unit_shades(theme, quantity, 6):
            assert nearest([selected, shade.name()], blindness) >= LEAST_DISTANCE, f"{quantity}: {shade.name()}"


@both
def test_the_lines_of_units_stand_out_and_the_selected_one_most(theme: Theme) -> None:
    for quantity in QUANTITIES:
        for count in (1, 2, 6, 32):
            contrasts = [contrast(shade.name(), theme.base) for shade in unit_shades(theme, quantity, count)]
            assert min(contrasts) >= 3, f"{count} of {quantity}"  # WCAG AA, for what is no text
            if count > 1:
                assert contrast(selected_shade(theme, quantity).name(), theme.base) > 1.3 * max(contrasts)


@both
def test_the_shades_of_units_have_the_hue_of_their_quantity(theme: Theme) -> None:
    for quantity in QUANTITIES:
        hue = QColor(theme.quantities[quantity]).hslHue()
        shades = [*unit_shades(theme, quantity, 6), selected_shade(theme, quantity)]
        assert len({shade.name() for shade in shades}) == 7
        assert all(abs(shade.hslHue() - hue) <= 4 for shade in shades), quantity


def test_the_simulation_finds_colours_that_a_colour_blind_eye_confuses() -> None:
    ochre, vermilion = "#9a5d00", "#bd3a00"
    assert nearest([ochre, vermilion], "none") > LEAST_DISTANCE
    assert nearest([ochre, vermilion], "deuteranopia") < LEAST_DISTANCE


@both
def test_a_colour_scale_goes_through_the_background_at_zero(theme: Theme) -> None:
    def colours(table: NDArray[np.uint32]) -> list[str]:
        image = heat_image(np.array([[-1.0, 0.0, 1.0, 9.0, np.nan]]), -1.0, 1.0, table)
        return [image.pixelColor(column, 0).name() for column in range(5)]

    low, zero, high, beyond, missing = colours(diverging_colours(theme))
    assert (low, high, beyond) == (theme.negative, theme.positive, theme.positive)
    assert contrast(zero, theme.base) < 1.02
    assert missing == theme.disabled
    for name in QUANTITIES:
        assert colours(quantity_colours(theme, name, signed=True))[::2] == [
            theme.negative,
            theme.quantities[name],
            missing,
        ]

"""The shipped examples: their weights solve their tasks, and every number told to the class is true."""

from __future__ import annotations

import dataclasses
import importlib.util
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from gatescope_resources import examples
from gatescope_resources.examples import (
    LANGUAGES,
    Example,
    UnknownExampleError,
    example_names,
    load_example,
)

ROOT = Path(examples.__file__).parents[1]
TRAINED = ("latch", "brackets", "hello")
Run = dict[str, Tensor]


# ---- the network and its gates, in equations of the test's own ----


def network(example: Example) -> nn.LSTM:
    """Build the network as its module text says, with the shipped weights where there are any."""
    written = re.fullmatch(r"nn\.LSTM\((\d+), (\d+)\)", example.module)
    assert written, example.module
    torch.manual_seed(example.seed)
    lstm = nn.LSTM(int(written[1]), int(written[2]))
    if example.weights_path is not None:
        lstm.load_state_dict(load_file(example.weights_path))
    return lstm


def encode(example: Example, text: str | None = None) -> Tensor:
    """Return the example's sequence, or another text over its vocabulary, as (T, K)."""
    if example.values is not None:
        return torch.tensor(example.values)
    letters = str(text or example.text)
    return torch.eye(len(str(example.vocabulary)))[[str(example.vocabulary).index(letter) for letter in letters]]


def run(lstm: nn.LSTM, x: Tensor) -> Run:
    """Return every quantity for x (T, K), each (T, H)."""
    p = {name: value.detach() for name, value in lstm.named_parameters()}
    h = c = torch.zeros(lstm.hidden_size)
    rows = []
    for x_t in x:
        z = p["weight_ih_l0"] @ x_t + p["bias_ih_l0"] + p["weight_hh_l0"] @ h + p["bias_hh_l0"]
        z_i, z_f, z_g, z_o = z.split(lstm.hidden_size)
        f, i, c_tilde, o = torch.sigmoid(z_f), torch.sigmoid(z_i), torch.tanh(z_g), torch.sigmoid(z_o)
        c = f * c + i * c_tilde
        h = o * torch.tanh(c)
        rows.append((f, i, c_tilde, c, o, h))
    names = ("f", "i", "c_tilde", "c", "o", "h")
    return {name: torch.stack(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def run_text(name: str, text: str | None = None) -> Run:
    """Run an example on its own sequence or on another text."""
    example = load_example(name)
    return run(network(example), encode(example, text))


@pytest.fixture(scope="module")
def training() -> Iterator[ModuleType]:
    """Import the training script from its file; it is no part of any package."""
    threads = torch.get_num_threads()
    spec = importlib.util.spec_from_file_location("train_examples", ROOT / "train_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["train_examples"] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    yield module
    torch.set_num_threads(threads)  # the script runs on one, which other tests need not
    del sys.modules["train_examples"]


# ---- reading ----


def test_the_teaching_order() -> None:
    """Trained examples come first, the simplest at the head."""
    assert example_names() == ("latch", "brackets", "hello", "sine", "impulse")


@pytest.mark.parametrize("name", ["", "Latch", "latch.json", "../latch"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    """The message is one to show to a person: no extra quotes, and all the names that would do."""
    with pytest.raises(UnknownExampleError) as caught:
        load_example(name)
    assert isinstance(caught.value, KeyError)
    assert str(caught.value) == (
        f"no example is called {name!r}; the examples are latch, brackets, hello, sine, impulse"
    )


def test_reading_imports_neither_torch_nor_qt() -> None:
    """A fresh interpreter that has read every example has no heavy module loaded."""
    code = (
        "import sys; from gatescope_resources.examples import *\n"
        "all_read = [load_example(name) for name in example_names()]\n"
        "print(len(all_read), [m for m in sys.modules if m.split('.')[0] in ('torch', 'numpy', 'PySide6')])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "5 []"


@pytest.mark.parametrize("name", example_names())
def test_an_example_cannot_be_changed(name: str) -> None:
    """Whoever holds an example holds the shipped one."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_example(name).seed = 1  # type: ignore[misc]


@pytest.mark.parametrize("name", example_names())
def test_every_text_exists_in_every_language(name: str) -> None:
    """Titles, summaries and look lines are there in all languages, and the Chinese is Chinese."""
    example = load_example(name)
    for text in (example.title, example.summary, *(look.text for look in example.look)):
        assert tuple(text) == LANGUAGES
        assert all(words.strip() for words in text.values())
        assert re.search(r"[\u4e00-\u9fff]", text["zh_CN"])
        assert not re.search(r"[\u4e00-\u9fff]", text["en"])


@pytest.mark.parametrize("name", example_names())
def test_look_lines_name_their_own_step(name: str) -> None:
    """There are two to four lines, in order of time, each within the sequence and opening with its step."""
    example = load_example(name)
    steps = [look.t for look in example.look if look.t is not None]
    assert 2 <= len(example.look) <= 4
    assert steps == sorted(steps)
    assert max(steps) < len(encode(example))
    for look in example.look:
        opening = ("", "") if look.t is None else (f"t = {look.t}: ", f"t = {look.t}：")
        assert look.text["en"].startswith(opening[0])
        assert look.text["zh_CN"].startswith(opening[1])


@pytest.mark.parametrize("name", example_names())
def test_a_sequence_is_either_text_or_numbers(name: str) -> None:
    """Text stays within its vocabulary; the width of the input is the one that the module expects."""
    example = load_example(name)
    assert (example.text is None) == (example.vocabulary is None) == (example.values is not None)
    if example.text is not None and example.vocabulary is not None:
        assert set(example.text) <= set(example.vocabulary)
        assert list(example.vocabulary) == sorted(set(example.vocabulary))
    assert encode(example).shape[1] == network(example).input_size


def test_the_sine_is_exact() -> None:
    """One hundred samples with period 25, each of them the float32 nearest to the true sine."""
    values = load_example("sine").values
    assert values is not None
    true = [math.sin(2 * math.pi * (t % 25) / 25) for t in range(100)]
    assert [row for (row,) in values] == torch.tensor(true, dtype=torch.float32).double().tolist()


def test_the_impulse_is_a_single_one() -> None:
    """Forty samples, all 0 but the one at t = 5."""
    assert load_example("impulse").values == tuple((float(t == 5),) for t in range(40))


# ---- the weights ----


@pytest.mark.parametrize("name", example_names())
def test_only_trained_examples_have_weights_and_they_fit(name: str) -> None:
    """The file holds what nn.LSTM itself would, under its own names, in float32, rounded for hand sums."""
    example = load_example(name)
    assert (example.weights_path is not None) == (name in TRAINED)
    if example.weights_path is None:
        return
    shipped, own = load_file(example.weights_path), network(example).state_dict()
    assert {key: value.shape for key, value in shipped.items()} == {key: value.shape for key, value in own.items()}
    for value in shipped.values():
        assert value.dtype == torch.float32
        assert torch.equal(value, value.double().mul(100).round().div(100).float())


@pytest.mark.parametrize("name", example_names())
def test_the_equations_used_here_are_those_of_nn_lstm(name: str) -> None:
    """The claims below rest on this file's equations, so those must agree with torch."""
    example = load_example(name)
    lstm, x = network(example), encode(example)
    with torch.no_grad():
        output, (_, c_n) = lstm(x)
    ours = run(lstm, x)
    torch.testing.assert_close(ours["h"], output, atol=2e-6, rtol=0)
    torch.testing.assert_close(ours["c"][-1:], c_n, atol=2e-6, rtol=1e-6)


def random_bits(generator: torch.Generator, length: int) -> str:
    """Draw bits with a random share of ones, so that long runs occur."""
    share = torch.rand((), generator=generator)
    return "".join("1" if draw < share else "0" for draw in torch.rand(length, generator=generator))


@pytest.mark.parametrize("seed", range(20))
def test_latch_remembers_the_first_bit_of_fresh_strings(seed: int) -> None:
    """At every later step of 80, more than twice the training length, the sign of h[0] is the first bit."""
    bits = random_bits(torch.Generator().manual_seed(1000 + seed), 80)
    assert bool((run_text("latch", bits)["h"][:, 0] > 0).all()) == (bits[0] == "1")
    assert bool((run_text("latch", bits)["h"][:, 0] < 0).all()) == (bits[0] == "0")


@pytest.mark.parametrize("bits", ["1" + "0" * 199, "0" + "1" * 199])
def test_latch_resists_200_contradictions(bits: str) -> None:
    """The hardest string is the one in which everything after the first bit says the opposite."""
    h = run_text("latch", bits)["h"][:, 0]
    assert bool((h > 0).all() if bits[0] == "1" else (h < 0).all())


@pytest.mark.parametrize("seed", range(5))
def test_latch_gates_are_clear_on_fresh_strings(seed: int) -> None:
    """Both units write once, at t = 0, and hold from then on."""
    gates = run_text("latch", random_bits(torch.Generator().manual_seed(2000 + seed), 50))
    assert gates["i"][0].min() > 0.98
    assert gates["i"][1:].max() < 0.02
    assert gates["f"][1:].min() > 0.98


def random_brackets(generator: torch.Generator, length: int, deepest: int = 5) -> str:
    """Draw brackets that never close more than was opened."""
    letters, depth = [], 0
    for draw in torch.rand(length, generator=generator):
        opens = depth < deepest and (depth == 0 or bool(draw < 0.5))
        letters.append("(" if opens else ")")
        depth += 1 if opens else -1
    return "".join(letters)


def depths(brackets: str) -> Tensor:
    """Return opened minus closed after each step."""
    return torch.tensor([1.0 if letter == "(" else -1.0 for letter in brackets]).cumsum(0)


@pytest.mark.parametrize("seed", range(20))
def test_brackets_count_the_depth_of_fresh_strings(seed: int) -> None:
    """C is the depth at each of 40 steps."""
    brackets = random_brackets(torch.Generator().manual_seed(3000 + seed), 40)
    assert (run_text("brackets", brackets)["c"][:, 0] - depths(brackets)).abs().max() < 0.1


@pytest.mark.parametrize("brackets", ["(" * 9 + ")" * 9, "))((", "(" * 5 + ")" * 5])
def test_brackets_count_beyond_what_was_trained(brackets: str) -> None:
    """Nine deep, and below zero as the summary says, though training went from 0 to 5."""
    assert (run_text("brackets", brackets)["c"][:, 0] - depths(brackets)).abs().max() < 0.1


def test_brackets_keep_their_gates_open() -> None:
    """The summary says that both gates stay open, and that the candidate is about +1 or -1."""
    gates = run_text("brackets")
    assert gates["i"].min() > 0.99
    assert gates["f"].min() > 0.99
    assert (gates["c_tilde"][:, 0].abs() - 1).abs().max() < 0.02


def test_hello_answers_ohlol() -> None:
    """The unit with the largest h names the letter, with nothing near it."""
    example = load_example("hello")
    h = run_text("hello")["h"]
    assert "".join(str(example.vocabulary)[unit] for unit in h.argmax(dim=1).tolist()) == "ohlol"
    assert example.target == "ohlol"
    first, second = h.topk(2, dim=1).values.T
    assert (first - second).min() > 0.5


# ---- what the look lines claim ----

# (example, place of the line, t, quantity, unit, the number as the line writes it)
CLAIMS = [
    ("latch", 0, 0, "i", 0, "1.00"),
    ("latch", 0, 0, "c_tilde", 0, "0.99"),
    ("latch", 0, 0, "c", 0, "0.99"),
    ("latch", 1, 1, "c_tilde", 0, "-0.99"),
    ("latch", 1, 1, "i", 0, "0.00"),
    ("latch", 1, 1, "f", 0, "1.00"),
    ("latch", 1, 1, "c", 0, "0.99"),
    ("latch", 2, 0, "h", 1, "0.76"),
    ("latch", 3, 9, "h", 0, "0.76"),
    ("brackets", 0, 0, "c_tilde", 0, "1.00"),
    ("brackets", 0, 0, "i", 0, "1.00"),
    ("brackets", 0, 0, "c", 0, "1.00"),
    ("brackets", 1, 2, "c_tilde", 0, "-0.99"),
    ("brackets", 1, 2, "f", 0, "1.00"),
    ("brackets", 1, 2, "c", 0, "1.00"),
    ("brackets", 2, 4, "c", 0, "2.99"),
    ("brackets", 2, 4, "h", 0, "0.99"),
    ("brackets", 2, 3, "h", 0, "0.96"),
    ("brackets", 3, 7, "c", 0, "0.005"),
    ("brackets", 3, 7, "h", 0, "0.005"),
    ("hello", 0, 0, "h", 3, "0.76"),
    ("hello", 1, 2, "c", 2, "2.14"),
    ("hello", 1, 2, "c", 3, "0.99"),
    ("hello", 1, 2, "o", 2, "0.99"),
    ("hello", 1, 2, "o", 3, "0.02"),
    ("hello", 2, 2, "h", 2, "0.96"),
    ("hello", 2, 1, "h", 1, "0.96"),
    ("hello", 2, 3, "o", 2, "0.01"),
    ("hello", 2, 3, "o", 3, "1.00"),
    ("hello", 3, 3, "c", 2, "3.10"),
    ("hello", 3, 3, "c", 3, "1.98"),
    ("sine", 2, 33, "c", 5, "0.19"),
    ("sine", 3, 46, "c", 5, "-0.93"),
    ("impulse", 0, 0, "c", 1, "-0.19"),
    ("impulse", 1, 4, "c_tilde", 1, "-0.33"),
    ("impulse", 1, 5, "c_tilde", 1, "-0.21"),
    ("impulse", 1, 4, "c", 1, "-0.42"),
    ("impulse", 1, 5, "c", 1, "-0.38"),
    ("impulse", 2, 6, "f", 1, "0.55"),
    ("impulse", 3, 11, "c", 1, "-0.44"),
]
# Numbers in look lines that are no value of a run at one step; each has a test of its own below.
OTHER_NUMBERS = {("latch", 2): ["-15.84"], ("sine", 0): ["0.30", "0.70"]}


def decimals(text: str) -> list[str]:
    """Return the numbers with a decimal point that a text holds."""
    return re.findall(r"-?\d+\.\d+", text)


@pytest.mark.parametrize(("name", "line", "t", "quantity", "unit", "written"), CLAIMS)
def test_a_claimed_number_is_the_one_computed(
    name: str, line: int, t: int, quantity: str, unit: int, written: str
) -> None:
    """The number, rounded as it is written, is what the shipped weights give, and both languages say it."""
    value = float(run_text(name)[quantity][t, unit])
    # A hair more than half of the last place: machines differ in the last bit of a value.
    assert abs(value - float(written)) < 0.501 * 10.0 ** -len(written.split(".")[1])
    assert all(written in decimals(text) for text in load_example(name).look[line].text.values())


@pytest.mark.parametrize("name", example_names())
def test_no_number_in_a_line_goes_unchecked(name: str) -> None:
    """A number that somebody adds to a line needs a claim above, or this fails."""
    for line, look in enumerate(load_example(name).look):
        checked = {written for example, place, *_, written in CLAIMS if (example, place) == (name, line)}
        checked.update(OTHER_NUMBERS.get((name, line), []))
        for language in LANGUAGES:
            assert set(decimals(look.text[language])) == checked


def first_bit_is_positive(gates: Run) -> bool:
    """latch: the first bit was 1, and h of unit 0 is positive to the end."""
    return load_example("latch").text == "1001101001" and bool(gates["h"][9, 0] > 0)


def started_shuts_the_input_gate(gates: Run) -> bool:
    """latch: the weight from h of unit 1 to the input gate of unit 0 is as quoted, and is what shuts it."""
    weight = network(load_example("latch")).state_dict()["weight_hh_l0"][0, 1].item()
    z_without = torch.logit(gates["i"][1, 0].double()) - weight * gates["h"][0, 1]
    return round(weight, 2) == -15.84 and bool(torch.sigmoid(z_without) > 0.9)


def three_are_open(gates: Run) -> bool:
    """brackets: three are open at t = 4, two at t = 3, none at t = 7; t = 2 closes the first."""
    text = str(load_example("brackets").text)
    open_now = depths(text)[[3, 4, 7]].tolist()
    return open_now == gates["c"][[3, 4, 7], 0].round().tolist() == [2, 3, 0] and text.index(")") == 2


def all_other_units_are_silent(gates: Run) -> bool:
    """hello: at t = 0 all h but that of unit 3 are near 0, and every |C| is below 1, so |h| below tanh(1)."""
    return round(math.tanh(1), 2) == 0.76 and bool(
        (gates["h"][0, :3].abs() < 0.02).all() and (gates["c"][0].abs() < 1).all()
    )


def the_two_l_differ_by_h_alone(gates: Run) -> bool:
    """hello: same input at t = 2 and 3; before them units 1 and 2 lead; units 2 and 3 answer."""
    leaders = gates["h"].argmax(dim=1).tolist()
    return str(load_example("hello").text)[2:4] == "ll" and leaders[1:4] == [1, 2, 3]


def the_answer_hides_a_larger_cell(gates: Run) -> bool:
    """hello: at t = 3 C of unit 2 is larger than that of unit 3, and its output gate is shut."""
    return bool(gates["c"][3, 2] > gates["c"][3, 3] and gates["o"][3, 2] < 0.05)


def gates_stay_half_open(gates: Run) -> bool:
    """sine: no gate leaves 0.30 to 0.70."""
    return all(bool((gates[gate] > 0.3).all() and (gates[gate] < 0.7).all()) for gate in ("f", "i", "o"))


def curves_repeat(gates: Run) -> bool:
    """sine: from t = 25 on all curves have period 25; the first period is another."""
    same = all(torch.allclose(value[25:75], value[50:], atol=1e-4) for value in gates.values())
    return same and bool((gates["c"][:25] - gates["c"][25:50]).abs().max() > 0.1)


def unit_5_lags_by_two_steps(gates: Run) -> bool:
    """sine: the extremes of C[5] in the second period come two steps after those of the input."""
    x, c = encode(load_example("sine"))[25:50, 0], gates["c"][25:50, 5]
    turns = [int(turn) + 25 for turn in (x.argmax(), c.argmax(), x.argmin(), c.argmin())]
    return turns == [31, 33, 44, 46]


def unit_5_swings_widest(gates: Run) -> bool:
    """sine: no unit's C covers a wider range."""
    return int((gates["c"].amax(dim=0) - gates["c"].amin(dim=0)).argmax()) == 5


def left_by_the_impulse() -> Tensor:
    """Return how far C of unit 1 is from where it would be had there been no impulse, (T,)."""
    example = load_example("impulse")
    lstm, x = network(example), encode(example)
    return (run(lstm, x)["c"] - run(lstm, torch.zeros_like(x))["c"])[:, 1]


def impulse_halves(gates: Run) -> bool:
    """impulse: each step from t = 6 to 10 leaves about half of the trace, near what the forget gate says."""
    left = left_by_the_impulse()[5:11]
    ratios = left[1:] / left[:-1]
    half = bool((ratios > 0.35).all() and (ratios < 0.65).all())
    return half and bool((ratios - gates["f"][6:11, 1]).abs().max() < 0.2)


def impulse_is_forgotten(gates: Run) -> bool:
    """impulse: at t = 11 under 2 % of the trace is left, and C is where it stays to the end."""
    left = left_by_the_impulse()
    return bool(left[11].abs() < 0.02 * left[5]) and bool((gates["c"][11:, 1] - gates["c"][39, 1]).abs().max() < 5e-3)


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("latch", first_bit_is_positive),
        ("latch", started_shuts_the_input_gate),
        ("brackets", three_are_open),
        ("hello", all_other_units_are_silent),
        ("hello", the_two_l_differ_by_h_alone),
        ("hello", the_answer_hides_a_larger_cell),
        ("sine", gates_stay_half_open),
        ("sine", curves_repeat),
        ("sine", unit_5_lags_by_two_steps),
        ("sine", unit_5_swings_widest),
        ("impulse", impulse_halves),
        ("impulse", impulse_is_forgotten),
    ],
)
def test_a_claim_in_words_holds(name: str, claim: Callable[[Run], bool]) -> None:
    """What the lines say beyond single numbers is true too."""
    assert claim(run_text(name))


# ---- the training script ----


@pytest.mark.parametrize("name", TRAINED)
def test_the_check_passes_the_shipped_weights(training: ModuleType, name: str) -> None:
    """The script's own verdict agrees with the tests above, and its network is the one in the JSON."""
    task, lstm = training.TASKS[name], network(load_example(name))
    assert (task.features, task.hidden) == (lstm.input_size, lstm.hidden_size)
    with torch.no_grad():
        assert task.solved(lstm)


@pytest.mark.parametrize("name", TRAINED)
def test_the_check_fails_untrained_weights(training: ModuleType, name: str) -> None:
    """A check that lets random weights pass would let anything be shipped."""
    task = training.TASKS[name]
    for seed in range(10):
        torch.manual_seed(seed)
        with torch.no_grad():
            assert not task.solved(nn.LSTM(task.features, task.hidden))


@pytest.mark.parametrize("name", TRAINED)
def test_the_check_fails_swapped_gates(training: ModuleType, name: str) -> None:
    """Shipped weights with the rows of i and g exchanged no longer solve the task.

    Exchanging i and f would prove less: brackets keeps both open and hardly notices.
    """
    task, lstm = training.TASKS[name], network(load_example(name))
    with torch.no_grad():
        for parameter in lstm.parameters():
            i, f, g, o = parameter.chunk(4)
            parameter.copy_(torch.cat([g, f, i, o]))
        assert not task.solved(lstm)


def test_unsolved_weights_are_not_written(
    training: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With no training at all the script says so, exits with 1 and leaves the folder as it was."""
    lazy = {name: dataclasses.replace(task, updates=0) for name, task in training.TASKS.items()}
    monkeypatch.setattr(training, "TASKS", lazy)
    assert training.main(tmp_path) == 1
    assert capsys.readouterr().out.count("NOT solved") == len(TRAINED)
    assert list(tmp_path.iterdir()) == []


def test_one_unsolved_example_is_enough_to_fail(
    training: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code is that of the worst example; the solved one is still written, as nn.LSTM can load it."""
    hello, latch = training.TASKS["hello"], dataclasses.replace(training.TASKS["latch"], updates=0)
    monkeypatch.setattr(training, "TASKS", {"hello": hello, "latch": latch})
    assert training.main(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["hello.safetensors"]
    nn.LSTM(4, 4).load_state_dict(load_file(tmp_path / "hello.safetensors"))

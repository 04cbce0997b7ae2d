"""The `gatescope` command: opens the window, or does the same work without one."""

from __future__ import annotations

import argparse
import importlib.util
import io
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from gatescope.formats.readers import format_endings
from gatescope.messages.message import GatescopeError
from gatescope.modules.spec import ITEM_BYTES
from gatescope_app.cli.console import UNEXPECTED, OneLineParser, Refused, describe_missing_gui, refuse
from gatescope_app.cli.console_language import translate
from gatescope_resources.examples import example_names


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for a console whose encoding lacks a token's character
    try:
        return _command(arguments)
    except (GatescopeError, Refused) as error:
        return refuse(error)
    except KeyboardInterrupt:
        return refuse(translate("console", "stopped"))
    except Exception:  # noqa: BLE001 - the border: nothing unexpected may look like a verdict
        traceback.print_exc()
        return UNEXPECTED


def _command(arguments: list[str]) -> int:
    if arguments[:1] == ["trace"]:
        from gatescope_app.cli.trace_command import trace_command  # noqa: PLC0415 - imported when used

        return trace_command(_trace_parser().parse_args(arguments[1:]))
    if arguments[:1] == ["demo"]:
        from gatescope_app.cli.demo import demo  # noqa: PLC0415

        return demo(_demo_parser().parse_args(arguments[1:]).out)
    return _open_window(_window_parser().parse_args(arguments))


def _open_window(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("PySide6") is None or importlib.util.find_spec("pyqtgraph") is None:
        return refuse(describe_missing_gui())
    from gatescope_app.cli.screen import missing_screen  # noqa: PLC0415

    reason = missing_screen()
    if reason:
        text = translate("console", "{reason}; 'gatescope demo' and 'gatescope trace' work without one")
        return refuse(text.format(reason=reason))
    from gatescope_app.window.launch import launch  # noqa: PLC0415

    return launch(options.file)


def _window_parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="gatescope",
        description=translate(
            "console", "Step through a recurrent network, gate by gate. Without a command, opens the window."
        ),
        epilog=translate(
            "console", "Commands: 'gatescope trace --help' (no window), 'gatescope demo' (a tour without a screen)."
        ),
    )
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help=translate(
            "console",
            "what to open: a sequence ({sequences}), a checkpoint ({checkpoints}), a recording ({recordings}) or a"
            " session ({sessions})",
        ).format(
            sequences=format_endings("sequence"),
            checkpoints=format_endings("checkpoint"),
            recordings=format_endings("recording"),
            sessions=format_endings("session"),
        ),
    )
    return parser


def _demo_parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="gatescope demo",
        description=translate("console", "Step the example 'hello' without a screen; write hello.csv and hello.png."),
    )
    parser.add_argument(
        "--out", type=Path, default=Path("out"),
        help=translate("console", "the folder to write to (default: %(default)s)"),
    )  # fmt: skip
    return parser


def _trace_parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="gatescope trace",
        description=translate(
            "console", "Run a network over a sequence, print its steps, and check each against PyTorch's own module."
        ),
        epilog=translate(
            "console", "Exit status: 0 matches; 1 does not match, deviates or cannot be compared; 2 bad input."
        ),
    )
    _add_network(parser)
    _add_sequence(parser)
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help=translate("console", "write the trace, and FILE.json beside it")
    )
    parser.add_argument(
        "--layout", choices=("long", "wide"), default="long",
        help=translate("console", "of the CSV (default: %(default)s)"),
    )  # fmt: skip
    parser.add_argument(
        "--quiet", action="store_true", help=translate("console", "print the verdict only, in English for scripts")
    )
    return parser


def _add_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "module",
        nargs="?",
        metavar="MODULE",
        help=translate(
            "console",
            'a PyTorch constructor, e.g. "nn.GRU(4, 3, num_layers=2)"; or a checkpoint ({checkpoints}), model.pt or'
            " model.pt::encoder.rnn; or a recorded trace, run.gates or run.gates::encoder.rnn#0; or a session"
            " ({sessions}), with its sequence and edits; may be left out with --example, whose own network then runs",
        ).format(checkpoints=format_endings("checkpoint"), sessions=format_endings("session")),
    )
    parser.add_argument(
        "--seed", type=int,
        help=translate("console", "for the initial weights (default: 0, or the example's own weights)"),
    )  # fmt: skip
    parser.add_argument(
        "--nonlinearity", choices=("tanh", "relu"),
        help=translate("console", "of an RNN in a checkpoint, which tells none"),
    )  # fmt: skip
    parser.add_argument(
        "--batch-first",
        action=argparse.BooleanOptionalAction,
        help=translate(
            "console",
            "read a batch as (B, T, K), or as (T, B, K), which no checkpoint tells (default: as the network says)",
        ),
    )
    parser.add_argument(
        "--device", metavar="cpu|cuda|auto",
        help=translate("console", "auto takes CUDA where there is one (default: cpu)"),
    )  # fmt: skip
    parser.add_argument("--dtype", choices=tuple(ITEM_BYTES), help=translate("console", "(default: the network's own)"))
    parser.add_argument(
        "--arithmetic", choices=("ieee", "tf32"),
        help=translate("console", "of float32 products on CUDA (default: as PyTorch is set)"),
    )  # fmt: skip


def _add_sequence(parser: argparse.ArgumentParser) -> None:
    numbers = format_endings("sequence")
    source = parser.add_mutually_exclusive_group()  # a recorded trace brings its own
    source.add_argument(
        "--text", help=translate("console", "one step for each character, one-hot over its sorted characters")
    )
    rows = translate("console", "a file with one row a step: {endings}").format(endings=numbers)
    source.add_argument("--input", type=Path, metavar="FILE", help=rows)
    source.add_argument("--example", metavar="NAME", choices=example_names(), help=", ".join(example_names()))
    h0 = translate("console", "a file: {endings} (default: zeros)").format(endings=numbers)
    c0 = translate("console", "of an LSTM, a file: {endings} (default: zeros)").format(endings=numbers)
    parser.add_argument("--h0", type=Path, metavar="FILE", help=h0)
    parser.add_argument("--c0", type=Path, metavar="FILE", help=c0)


if __name__ == "__main__":
    sys.exit(main())

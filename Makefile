# Every target first sees to it that the machine and .venv are ready; where they are, that takes a blink.

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-cuda lint bench samples translations screenshots setup-run setup-test

help:
	@echo "make run           open the window; where there is no screen, show what it does as text"
	@echo "make test          every check: lint, types, import contracts, tests"
	@echo "make lint          the same without the tests"
	@echo "make test-cuda     the tests that need a CUDA device"
	@echo "make bench         measure speed"
	@echo "make samples       train the examples again from their seeds"
	@echo "make translations  collect the texts to translate, and compile the translations"
	@echo "make screenshots   take the pictures of the README again"

# The first command prints one line that says why, where it finds no usable screen.
run: setup-run
	@if $(BIN)/python -m gatescope_app.cli.screen; then $(BIN)/gatescope; else $(BIN)/gatescope demo; fi

# pytest as a program: `python -m pytest` would put the root on the path, and with it `core` as a package.
test: lint
	$(BIN)/pytest -n auto --dist loadfile

test-cuda: setup-test
	$(BIN)/pytest -m cuda

lint: setup-test
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup-test
	$(BIN)/python tests/benchmarks/bench.py

samples: setup-run
	$(BIN)/python resources/train_examples.py

translations: setup-run
	$(BIN)/python resources/update_translations.py

screenshots: setup-run
	$(BIN)/python -m gatescope_app.pictures.screenshots .github/screenshots

setup-run:
	@.ci/setup run

setup-test:
	@.ci/setup test

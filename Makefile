# Every target first sees to it that the machine and .venv are ready; where they are, that takes a blink.

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-cuda soak coverage lint mutants bench samples translations screenshots types setup-run setup-test

help:
	@echo "make run           open the window; where there is no screen, show what it does as text"
	@echo "make test          every check: lint, types, import contracts, tests"
	@echo "make lint          the same without the tests"
	@echo "make test-cuda     the tests that need a CUDA device"
	@echo "make soak          long sessions, and many more random examples: before a release"
	@echo "make coverage      the tests again, and which branches of the code they took"
	@echo "make mutants       plant faults in what decides a verdict, and see whether the tests find them: 10 minutes"
	@echo "make bench         measure speed"
	@echo "make samples       train the examples again from their seeds"
	@echo "make translations  collect the texts to translate, and compile the translations"
	@echo "make screenshots   take the pictures of the README again"

# The first command prints one line that says why, where it finds no usable screen.
run: setup-run
	@if $(BIN)/python -m gatescope_app.cli.screen; then $(BIN)/gatescope; else $(BIN)/gatescope demo; fi

# pytest as a program: `python -m pytest` would put the root on the path, and with it `core` as a package.
# worksteal: a worker that is done takes over tests of another; what lasts long is spread over several files.
PYTEST := $(BIN)/pytest -n auto --dist worksteal

# mypy runs on one core only, so it runs beside the tests; what it finds is shown last, where it is not lost among dots.
test: setup-test
	@$(BIN)/ruff check --quiet && $(BIN)/ruff format --check --quiet
	@$(MAKE) --no-print-directory types >.venv/types.log 2>&1 & types=$$!; trap "kill $$types" INT TERM; \
	$(PYTEST); failed=$$?; \
	wait $$types || failed=1; cat .venv/types.log; exit $$failed

test-cuda: setup-test
	$(BIN)/pytest -m cuda

soak: setup-test
	$(PYTEST) -m "soak or hypothesis" --hypothesis-profile=soak --timeout=0

coverage: setup-test
	$(PYTEST) --cov --cov-report=term:skip-covered

lint: setup-test
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	@$(MAKE) --no-print-directory types

# mypy over all of the code, and the import contracts.
types:
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Other faults than last time: make mutants OPTIONS="--seed 1"; of one file, all of them: OPTIONS="cells/lstm.py --minutes 60"
mutants: setup-test
	$(BIN)/python tests/mutants/mutants.py $(OPTIONS)

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

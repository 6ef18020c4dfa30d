# What can be done with a fresh clone: make run, make test, make test-long, make test-judge-coverage, make lint,
# make clean.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SOURCES := model planner tests docs benchmarks

# What judges a sequence and what writes one, with the tests that are about them.
JUDGED := tests/judge tests/soundness tests/export tests/mutation tests/recorded tests/cli/test_verify.py \
	tests/model/test_sequence.py

.PHONY: run test test-long test-judge-coverage lint clean

# Plans a sequence with the shipped config into out/.
run: $(VENV)/.installed
	$(BIN)/nandplan plan --out out --ops 2000 --seed 7

# The suite without the tests that take minutes.
test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n auto -m "not long"

# The tests that take minutes.
test-long: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -m long

# Fails where a line or branch of the judge or of the writers is not reached by their tests.
test-judge-coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q -n auto -m "not long" $(JUDGED) --cov=model.judge --cov=planner.export --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf out build dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable ".[dev]"
	touch $(VENV)/.installed $@

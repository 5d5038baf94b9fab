# `make run` starts the bot, `make test` tests it; both set everything up first. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint types check bench wheel all clean

help:  ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run  ## Start the bot: on Telegram where a token is set, else in this terminal
	@$(BIN)/kratom-answers run --or-chat

test: $(VENV)/.dev  ## Run every test
	@$(BIN)/python -m pytest

lint: $(VENV)/.dev  ## Check style (ruff)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev  ## Check types (mypy --strict)
	@$(BIN)/mypy

check: $(VENV)/.run  ## Vet the FAQ's content
	@$(BIN)/kratom-answers check

bench: $(VENV)/.bench  ## Measure the matcher beside plain ones and with more entries, and how much the bot answers a second
	@$(BIN)/python -m benchmarks.matching
	@$(BIN)/python -m benchmarks.throughput

wheel: $(VENV)/.dev  ## Build the wheel into dist/
	@$(BIN)/python -m build --wheel --outdir dist

all: test lint types check wheel  ## Everything CI does

clean:  ## Remove what the commands above made
	@rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Set-up speaks on standard error and reads nothing, so that text can be piped into `make run`.
$(VENV)/bin/python:
	@echo "Setting up (once) …" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "kratom-answers needs Python 3.11 or newer; '$(PYTHON)' is older. Use: make run PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) </dev/null >&2

$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . </dev/null >&2
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' </dev/null >&2
	@touch $@

$(VENV)/.bench: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]' </dev/null >&2
	@touch $@

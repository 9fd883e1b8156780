# What CI runs is what is here. Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY_ROOMS := keys ledger tally capture api verifier tests tools
DEMO_ARGS ?=

.PHONY: help setup demo test check lint types imports rust unit bench requirements lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## Make .venv with certeza and certeza-verify in it

$(VENV)/.ready: requirements.txt requirements-dev.txt requirements-weights.txt pyproject.toml verifier/pyproject.toml tools/setup.sh $(wildcard native/Cargo.lock native/*/src/*.rs)
	@PYTHON="$(PYTHON)" VENV="$(VENV)" bash tools/setup.sh
	@touch $@

demo: setup ## Run a whole consultation, from the key ceremony to the verdict, into demo-output/
	@$(BIN)/certeza demo --salida demo-output $(DEMO_ARGS)

test: check ## Everything that CI runs

check: lint types imports rust unit ## Style, types, import rules, Rust and tests

lint: setup ## ruff: style and format
	$(BIN)/ruff check $(PY_ROOMS)
	$(BIN)/ruff format --check $(PY_ROOMS)

types: setup ## mypy, strict
	$(BIN)/mypy

imports: setup ## import-linter: the one-way flow between the rooms
	$(BIN)/lint-imports

rust: ## cargo fmt, clippy and test, when a recent Rust is here
	@bash tools/rust.sh

unit: setup ## pytest
	$(BIN)/pytest -n auto $(PYTEST_ARGS)

bench: setup ## Speed, as ratios in one run; writes docs/benchmarks.md
	$(BIN)/python -m tools.bench $(BENCH_ARGS)

requirements: setup ## Write docs/requirements.md (which test proves which row) and docs/reglas.md
	$(BIN)/python tools/requirements_table.py
	$(BIN)/python tools/rules_table.py

lock: ## Renew the hash-locked requirements (needs the network)
	@bash tools/lock.sh

clean: ## Remove what setup and demo made
	rm -rf $(VENV) demo-output native/target

# What developers and CI run. Needs Python 3.11 or later with pip, and make; nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.locked
BROWSER := tests/browser
AXE := $(BROWSER)/node_modules/axe-core/axe.min.js

.DEFAULT_GOAL := help
.PHONY: help install demo test check format lint types imports tests axe screenshots lock clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

install: $(READY)  ## Set up .venv with exactly what requirements.lock says

# --without-pip and the caller's own pip: Debian's python3 has no ensurepip. --no-deps: the lock is whole.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes --no-deps \
		-r requirements.lock
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: install  ## Build the demo platform and open the chat page on it
	$(BIN)/assistant demo

test: install  ## Run all tests
	$(BIN)/python -m pytest

check: format lint types imports tests  ## The whole gate

format: install
	$(BIN)/ruff format --check .

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports --no-logo

tests: install
	$(BIN)/python -m pytest

axe: $(AXE)  ## Fetch what the accessibility test runs in the browser (needs npm)

$(AXE): $(BROWSER)/package-lock.json
	npm ci --silent --ignore-scripts --prefix $(BROWSER)
	@touch $@

screenshots: install  ## Picture every page in light, dark and phone width, to docs/img
	$(BIN)/python -m tests.browser.screenshots

lock: install  ## Pin the newest versions that fit pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
		--no-header --no-strip-extras --python-version 3.11 --extra demo --extra dev \
		--extra sign-in \
		pyproject.toml --output-file requirements.lock

clean:  ## Remove the environment, the demo platform and caches
	rm -rf $(VENV) .assistant .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The manual of development: every command that is worth knowing.

PYTHON ?= python3
BIN := .venv/bin
PYTEST_WORKERS ?= 2

.PHONY: help install demo test check bench lock clean

help:               ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: .venv/demo    ## Open a shop on loopback and watch it work (ONCE=1: play the scenario, check it, exit)
	$(BIN)/mailorder demo $(if $(ONCE),--once) $(if $(JSON),--json)

test: .venv/dev     ## Run the tests; those that need Dovecot or PostgreSQL say so when those are missing
	$(BIN)/pytest -n $(PYTEST_WORKERS)

check: .venv/dev    ## Lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev    ## Measure the whole path against its floors (needs Dovecot)
	$(BIN)/python -m bench

install: .venv/demo ## Make the virtual environment with pinned, hashed dependencies

.venv/demo: .requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: .requirements-dev.lock .venv/demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .requirements-dev.lock
	touch $@

lock:               ## Resolve and pin the dependencies anew, with hashes and without any index address
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK) --extra demo --extra postgres --group build pyproject.toml -o .requirements.lock
	$(BIN)/uv pip compile $(LOCK) --extra demo --extra postgres --group build --group dev pyproject.toml -o .requirements-dev.lock

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

clean:              ## Remove what was made here
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist demo-mail preview

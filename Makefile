# Everything happens in .venv, which is made when it is missing. PYTHON may name another interpreter, 3.11 or later.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

TESTS := $(BIN)/python -m pytest -n 2 --dist loadgroup
QUICK := tests/domain tests/application tests/contracts tests/adapters tests/deploy

.DEFAULT_GOAL := play
.PHONY: help play test test-quick check format lint types imports bench screenshots lock clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 14

play: .venv/run  ## the real bot in a browser, against emulators on this machine
	$(BIN)/carquery play

test: .venv/dev .venv/servers  ## all tests, with their servers
	$(TESTS)

test-quick: .venv/dev  ## the tests that need no server and start no process, in a minute
	$(TESTS) -m "not redis and not postgres and not browser" $(QUICK)

check: .venv/dev .venv/servers format lint types imports  ## what CI runs
	$(TESTS)
	$(BIN)/python -m benchmarks --smoke

format: .venv/dev
	$(BIN)/ruff format --check

lint: .venv/dev
	$(BIN)/ruff check

types: .venv/dev
	$(BIN)/mypy

imports: .venv/dev
	$(BIN)/lint-imports

bench: .venv/dev .venv/servers  ## what is promised about speed, measured
	$(BIN)/python -m benchmarks

screenshots: .venv/dev .venv/servers  ## the pictures of the docs, taken anew
	CARQUERY_SCREENSHOTS=docs/images $(BIN)/python -m pytest --quiet tests/e2e/test_playground.py tests/e2e/test_playground_free_text.py

lock: .venv/dev  ## resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra build --output-file requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra build --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml

clean:
	rm -rf .venv build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/python:
	$(PYTHON) -m venv .venv
	touch $@

.venv/run: .venv/python requirements/run.txt pyproject.toml
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.txt
	touch $@

.venv/servers: .venv/dev scripts/install_test_programs.sh
	sh scripts/install_test_programs.sh
	touch $@

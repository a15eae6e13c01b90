# Everything happens in .venv, which is made when it is missing. PYTHON may name another interpreter, 3.11 or later.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Four processes on two cores: much of the time tests wait for somebody else.
PYTEST := -m pytest -n 4 --dist loadgroup
TESTS := $(BIN)/python $(PYTEST)
NO_SERVER := "not redis and not postgres and not browser"
NO_SERVER_TESTS := tests/domain tests/application tests/stories tests/contracts tests/adapters tests/deploy
QUICK := tests/domain tests/application tests/stories tests/contracts tests/deploy tests/adapters/rules tests/adapters/memory \
	tests/adapters/test_*.py

.DEFAULT_GOAL := play
.PHONY: help play test test-quick test-lowest check format lint types imports coverage bench screenshots hooks lock dist sbom audit release clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 14

play: .venv/run  ## the real bot in a browser, against emulators on this machine
	@$(BIN)/carquery play

test: .venv/dev .venv/servers  ## all tests, with their servers
	$(TESTS)

test-quick: .venv/dev  ## the tests that need no server, in about a minute
	$(TESTS) -m $(NO_SERVER) $(QUICK)

test-lowest: .venv/lowest/done  ## all that need no server, with the oldest libraries that pyproject.toml allows
	.venv/lowest/bin/python $(PYTEST) -m $(NO_SERVER) $(NO_SERVER_TESTS)

check: .venv/dev .venv/servers format lint types imports  ## what CI runs
	$(TESTS)
	$(BIN)/python -m benchmarks --smoke

format: .venv/dev  ## whether the code is formatted; `.venv/bin/ruff format` does it
	$(BIN)/ruff format --check

lint: .venv/dev  ## whether ruff has something to say
	$(BIN)/ruff check

types: .venv/dev  ## whether mypy has
	$(BIN)/mypy

imports: .venv/dev  ## whether imports point inwards
	$(BIN)/lint-imports

coverage: .venv/dev  ## how much of the code the quick tests run
	$(BIN)/coverage run -m pytest -m $(NO_SERVER) $(NO_SERVER_TESTS)
	$(BIN)/coverage report

bench: .venv/dev .venv/servers .venv/peers/done  ## what is promised about speed, measured beside other bots
	$(BIN)/python -m benchmarks

screenshots: .venv/dev .venv/servers  ## the pictures of the docs, taken anew
	CARQUERY_SCREENSHOTS=docs/images $(BIN)/python -m pytest --quiet tests/e2e/test_playground.py tests/e2e/test_playground_max.py \
		tests/e2e/test_playground_free_text.py tests/e2e/test_playground_salon.py

hooks: .venv/dev  ## let git check format, lint, imports and types before each commit
	git config core.hooksPath scripts/hooks

lock: .venv/dev  ## resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra build --output-file requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra build --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt pyproject.toml emulators/pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --group pyproject.toml:peers --output-file requirements/peers.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --group pyproject.toml:audit --output-file requirements/audit.txt

dist: .venv/dev  ## wheels and source archives of the bot and the emulators, in dist/
	$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist .
	$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist emulators

sbom: .venv/python  ## what a server installs, as a CycloneDX bill of materials, in dist/
	mkdir -p dist
	$(BIN)/python scripts/sbom.py > dist/carquery.cdx.json

audit: .venv/audit/done  ## whether a locked library has a known weakness: asks the index's advisories
	.venv/audit/bin/pip-audit --disable-pip --require-hashes --requirement requirements/run.txt --requirement requirements/dev.txt

release: .venv/python  ## VERSION=0.2.0: number the changelog, commit, tag; nothing is pushed
	$(BIN)/python scripts/release.py "$(VERSION)"

clean:  ## as if nothing had been made
	rm -rf .venv build dist src/*.egg-info emulators/src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit("CarQuery needs Python 3.11 or later, such as: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "CarQuery is set up in .venv, once; with nothing downloaded yet that takes a minute or two."
	@echo "  an environment"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/python requirements/run.txt pyproject.toml emulators/pyproject.toml scripts/install_locked.py
	@$(BIN)/python scripts/install_locked.py requirements/run.txt
	@echo "  CarQuery itself, and the emulators"
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable . --editable emulators
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@$(BIN)/python scripts/install_locked.py requirements/dev.txt
	@touch $@

.venv/servers: .venv/dev scripts/install_test_programs.sh
	sh scripts/install_test_programs.sh
	touch $@

.venv/peers/done: .venv/dev requirements/peers.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/peers
	$(BIN)/uv pip install --quiet --python .venv/peers/bin/python --require-hashes --requirement requirements/peers.txt
	touch $@

.venv/audit/done: .venv/dev requirements/audit.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/audit
	$(BIN)/uv pip install --quiet --python .venv/audit/bin/python --require-hashes --requirement requirements/audit.txt
	touch $@

.venv/lowest/done: .venv/dev
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/lowest
	$(BIN)/uv pip compile --quiet --resolution lowest-direct --extra build --output-file .venv/lowest.txt pyproject.toml emulators/pyproject.toml
	$(BIN)/uv pip install --quiet --python .venv/lowest/bin/python --requirement requirements/dev.txt
	$(BIN)/uv pip install --quiet --python .venv/lowest/bin/python --requirement .venv/lowest.txt
	$(BIN)/uv pip install --quiet --python .venv/lowest/bin/python --no-deps --no-build-isolation --editable . --editable emulators
	touch $@

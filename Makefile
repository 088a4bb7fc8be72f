# Every target works from a fresh clone; only `setup` needs the network, and only once per lock file.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
ifeq ($(filter oneshell,$(.FEATURES)),)
$(error Sightline needs GNU make 3.82 or newer (macOS: brew install make, then say gmake))
endif
.PHONY: help setup lock demo run fix test check browser bench oracle soak

# The first Python of at least 3.11; name another one with `make PYTHON=… setup`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python

help:
	@echo 'make demo    the pretend company and the portal on http://127.0.0.1:8000; HRIS=hibob: on another HR system'
	echo 'make test    the whole test suite'
	echo 'make check   format, lint, types, imports, migrations, templates, deploy check, tests with coverage'
	echo 'make setup   only .venv and the locked dependencies'
	echo 'make browser only the browser tests;  make bench  the measurements;  make lock  renew requirements.lock'
	echo 'make run     portal and worker on the pretend company, started again when code changes'
	echo 'make fix     format, and mend what lint can mend'
	echo 'make oracle  random companies against an independent simulator;  make soak  thousands of changes while Okta is read'

# The copy of the lock inside .venv is written last: it says that this very lock is installed.
setup:
	@[ -n '$(PYTHON)' ] || { echo 'Sightline needs Python 3.11 or newer; none was found.' >&2; exit 1; }
	cmp -s requirements.lock .venv/requirements.lock && exit 0
	rm -f .venv/requirements.lock
	if ! [ -x $(PY) ] || ! $(PY) -m pip --version >/dev/null 2>&1; then
		$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || {
			echo '$(PYTHON) cannot make a virtual environment; install its venv package' \
				'(Debian, Ubuntu: apt install python3-venv).' >&2; exit 1; }
		$(PYTHON) -m venv --clear .venv
	fi
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(PY) -m pip check --disable-pip-version-check >/dev/null || { $(PY) -m pip check; exit 1; }
	cp requirements.lock .venv/requirements.lock

# Needs `uv` on the path and the network; names, versions and hashes only.
lock:
	@uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-strip-extras --no-emit-index-url --no-emit-find-links --upgrade -o requirements.lock

# `make demo HRIS=hibob CONTROL_PLANE=airtable` runs the company on other pretend systems; variables of the shell
# are not meant.
HR_SYSTEM = $(if $(filter command line,$(origin HRIS)),--hris $(HRIS)) \
	$(if $(filter command line,$(origin CONTROL_PLANE)),--units $(CONTROL_PLANE))
# Each HR system has a company of its own, because it knows other fields.
ifeq ($(origin HRIS),command line)
demo run: export SIGHTLINE_DATA ?= .data$(addprefix /,$(filter-out csv,$(HRIS)))
endif

demo: setup
	@unset HRIS CONTROL_PLANE
	exec $(PY) manage.py demo $(HR_SYSTEM) $(ARGS)

run: setup
	@unset HRIS CONTROL_PLANE
	exec $(PY) manage.py demo --reload $(HR_SYSTEM) $(ARGS)

fix: setup
	@$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2

test: setup
	@$(PY) -m pytest -m 'not bench and not slow' -n 2 --dist worksteal $(ARGS)

browser: setup
	@$(PY) -m pytest -m browser $(ARGS)

bench: setup
	@$(PY) -m benchmarks $(ARGS)

oracle: setup
	@$(PY) -m tests.oracle $(ARGS)

soak: setup
	@$(PY) -m tests.soak $(ARGS)

# The gates, in percent of lines and branches: of everything, and of the floor without Django and I/O.
COVERAGE_ALL := 95
COVERAGE_PURE := 100
PURE := orgmodel/facts.py,orgmodel/reports.py,orgmodel/kinds/*,orgmodel/marks.py,orgmodel/conventions.py,orgmodel/configuration.py,orgmodel/field_names.py,orgmodel/sources/hr_records.py,orgmodel/recognition.py,orgmodel/why/*,orgmodel/rules/*

# Settings as in production, for the checks that look at them; the key is made up and protects nothing.
check: export SIGHTLINE_DATA := .data/check
check: setup
	@$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()"
	$(PY) manage.py makemigrations --check --dry-run
	find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	BASE_URL=https://sightline.nordwind.example SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_hex(40))') \
		$(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m coverage erase
	$(PY) -m pytest -m 'not bench and not slow' -n 2 --dist worksteal --cov --cov-report= --cov-fail-under=0 $(ARGS)
	$(PY) -m coverage report --skip-covered --skip-empty --fail-under=$(COVERAGE_ALL)
	$(PY) -m coverage report --include='$(PURE)' --fail-under=$(COVERAGE_PURE)

# Two doors: `make serve` and `make test`; each makes what it needs, on a machine with Python and make.

PYTHON ?= python3
VENV := .venv
DEV := .venv-dev
BENCH := .venv-bench
RELOADED := .venv-reloaded
PLAIN := .venv-plain
QUIETLY := --quiet --disable-pip-version-check
# Python compiles what is imported when it is, and keeps it: most of what the libraries have is never.
PIP := $(QUIETLY) --no-compile
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: serve index test tests test-reloaded test-plain lint audit soak bench screenshots lock clean

serve: $(VENV)/ready
	$(VENV)/bin/reindex
	$(VENV)/bin/search-app --host $(HOST) --port $(PORT)

index: $(VENV)/ready
	$(VENV)/bin/reindex

# As many processes as there are cores, but no more than four: each makes the indexes that it needs by itself.
PARALLEL := --numprocesses auto --maxprocesses 4 --dist worksteal

# What reads the code and what runs it go side by side, once their environment is made.
test:
	+$(MAKE) --no-print-directory --jobs=2 lint tests

tests: $(DEV)/ready
	$(DEV)/bin/python -m pytest $(PARALLEL)

lint: $(DEV)/ready
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/mypy

# The same tests over whoosh-reloaded: whoever prefers it can see that it does as well.
test-reloaded: $(RELOADED)/ready
	$(RELOADED)/bin/python -m pytest $(PARALLEL)

# Known vulnerabilities of what is locked; `--strict` fails for a library that could not be looked up.
audit: $(DEV)/ready
	$(DEV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock
	$(DEV)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements-meaning.lock

# The same tests without what the extras of meaning bring; those that need a model are left out.
test-plain: $(PLAIN)/ready
	WITHOUT_MEANING=1 $(PLAIN)/bin/python -m pytest $(PARALLEL)

soak: $(DEV)/ready
	$(DEV)/bin/python -m pytest -m soak
	$(DEV)/bin/python -m tests.reliability.table

bench: $(BENCH)/ready
	$(BENCH)/bin/python -m bench.search --size 100000
	$(BENCH)/bin/python -m bench.build --size 100000
	$(BENCH)/bin/python -m bench.http --size 100000
	$(BENCH)/bin/python -m bench.report

screenshots: $(DEV)/ready
	$(DEV)/bin/python -m docs.screenshots $(CORPUS)

lock: $(DEV)/ready
	$(DEV)/bin/pip-compile $(LOCK) --extra metrics --extra cluster -o requirements.lock pyproject.toml
	$(DEV)/bin/pip-compile $(LOCK) --extra metrics --extra meaning --extra meaning-onnx -o requirements-meaning.lock pyproject.toml
	$(DEV)/bin/pip-compile $(LOCK) --extra metrics --extra dev -o requirements-dev.lock pyproject.toml
	$(DEV)/bin/pip-compile $(LOCK) --extra bench -o requirements-bench.lock pyproject.toml
	echo 'whoosh-reloaded==2.7.5' | $(DEV)/bin/pip-compile $(LOCK) -o requirements-reloaded.lock -
	$(DEV)/bin/pip-compile $(LOCK) --only-build-deps --build-deps-for editable -o requirements-build.lock pyproject.toml

# The build backend as well comes from a lock: pip would fetch the newest one, whatever it holds.
INSTALL = pip install $(PIP) --require-hashes -r requirements-build.lock && \
	$(@D)/bin/pip install $(PIP) --no-deps --no-build-isolation --editable .

LOCK := --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras --allow-unsafe

# Only environments that were made here, which `pyvenv.cfg` says of each; another's `.venv` stays.
MADE := made by make of grant-search
clean:
	for folder in $(VENV) $(DEV) $(BENCH) $(RELOADED) $(PLAIN); do \
		if grep -qs "$(MADE)" $$folder/pyvenv.cfg || [ -f $$folder/ready ]; then rm -rf $$folder; fi; \
	done

# A new environment, with our mark; one that is there already, and not ours, is not touched.
ENVIRONMENT = @$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))' || { \
	echo "$(PYTHON) is missing, or older than 3.11.5: name another one, as in: make serve PYTHON=python3.12" >&2; \
	exit 78; }; \
	if [ ! -e $(@D) ] || grep -qs "$(MADE)" $(@D)/pyvenv.cfg || [ -f $@ ]; then \
	$(PYTHON) -m venv --prompt "$(notdir $(CURDIR))" $(@D) && echo "\# $(MADE)" >> $(@D)/pyvenv.cfg; else \
	echo "$(@D) was not made here: move it elsewhere, or name another folder, as in: make serve VENV=.env" >&2; \
	exit 78; fi

$(VENV)/ready: requirements.lock requirements-build.lock pyproject.toml
	$(ENVIRONMENT)
	$(VENV)/bin/pip install $(PIP) --require-hashes -r requirements.lock
	$(VENV)/bin/$(INSTALL)
	touch $@

$(DEV)/ready: requirements-dev.lock requirements-build.lock pyproject.toml
	$(ENVIRONMENT)
	$(DEV)/bin/pip install $(PIP) --require-hashes -r requirements-dev.lock
	$(DEV)/bin/$(INSTALL)
	touch $@

# The environment of the tests with another distribution of Whoosh in the place of ours.
$(RELOADED)/ready: requirements-dev.lock requirements-build.lock requirements-reloaded.lock pyproject.toml
	$(ENVIRONMENT)
	$(RELOADED)/bin/pip install $(PIP) --require-hashes -r requirements-dev.lock
	$(RELOADED)/bin/$(INSTALL)
	$(RELOADED)/bin/pip uninstall $(QUIETLY) --yes whoosh3
	$(RELOADED)/bin/pip install $(PIP) --require-hashes -r requirements-reloaded.lock
	touch $@

$(PLAIN)/ready: requirements-dev.lock requirements-build.lock pyproject.toml
	$(ENVIRONMENT)
	$(PLAIN)/bin/pip install $(PIP) --require-hashes -r requirements-dev.lock
	$(PLAIN)/bin/$(INSTALL)
	$(PLAIN)/bin/pip uninstall $(QUIETLY) --yes wordllama tokenizers onnxruntime safetensors huggingface-hub hf-xet
	touch $@

$(BENCH)/ready: requirements-bench.lock requirements-build.lock pyproject.toml
	$(ENVIRONMENT)
	$(BENCH)/bin/pip install $(PIP) --require-hashes -r requirements-bench.lock
	$(BENCH)/bin/$(INSTALL)
	touch $@

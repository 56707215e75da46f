# make search q=川渝通办    answers from the bundled bulletins
# make test                runs the tests
# Both set up a private .venv first; they need Python >= 3.11 and make, and no compiler.

BIN := .venv/bin
RUN := PYTHONUTF8=1 $(BIN)
# jieba has no wheel; older versions of pip warn unless they are told to build one. An option of pip
# that a version does not know is an error on its command line, and not in the environment. What
# remains are setuptools' warnings that an editable installation is one.
PIP := PIP_USE_PEP517=1 PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
GENERATED := $(wildcard ARCHITECTURE.md docs/cli.md)

# What was asked reaches the program through the environment, so that quotes, spaces, $ and ; in it
# are never read by make or by the shell.
override q := $(value q)
export q

.PHONY: help release search test test-cluster cluster cluster-stop check bench faults docs fixtures format picture lock clean
.DEFAULT_GOAL := help

help:
	@sed -n '1,3s/^# //p' Makefile

search: .venv/.installed
	@test -n "$$q" || { echo 'usage: make search q=川渝通办' >&2; exit 2; }
	@$(RUN)/chabao search -- "$$q" || test $$? -eq 1

test: .venv/.installed-dev
	@$(RUN)/python -m pytest -q

# The same on a real cluster, three nodes of OpenSearch on this machine; needs Java >= 21 and Maven.
# One that is up is used and left; otherwise one is started for the tests, and ended.
test-cluster: .venv/.installed-dev
	@CHABAO_NEED_CLUSTER=1 $(RUN)/python -m chabao.tests.cluster.nodes during $(BIN)/python -m pytest -q tests/cluster

cluster: .venv/.installed-dev
	@$(RUN)/python -m chabao.tests.cluster.nodes start

cluster-stop: .venv/.installed-dev
	@$(RUN)/python -m chabao.tests.cluster.nodes stop

check: .venv/.installed-dev
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check --quiet . || { echo 'run: make format' >&2; exit 1; }
	@test -e .dev/chabao/cli.py || { echo '.dev/chabao must be a symbolic link to ..' >&2; exit 1; }
	@$(RUN)/mypy
	@$(RUN)/mypy --platform win32 --cache-dir .mypy_cache/win32
	@$(RUN)/bandit --quiet --recursive --configfile pyproject.toml *.py commands indexer search web
	@$(RUN)/lint-imports
	@$(RUN)/cog --check $(GENERATED) || { echo 'run: make docs' >&2; exit 1; }
	@$(RUN)/python -m pytest -q tests/docs tests/layout

# This program beside its peers; the texts are those of CHABAO_BENCH_TEXTS (see benchmarks/README.md).
bench: .bench/.installed
	@PYTHONUTF8=1 .bench/bin/python -m benchmarks

.bench/.installed: pyproject.toml constraints.txt benchmarks/requirements.txt
	@.ci/make-venv .bench
	@PIP_USE_PEP517=1 .bench/bin/python -m pip install --quiet --disable-pip-version-check -e . -r benchmarks/requirements.txt
	@touch $@

# What is promised of faults, tried in full: some hours. The last results are in docs/reliability.md.
faults: .venv/.installed-dev .fuzz/.installed
	@$(RUN)/python -m benchmarks.faults

# What fuzzing needs, beside the program; atheris is on no other list, as nothing else needs it.
.fuzz/.installed: pyproject.toml constraints.txt
	@.ci/make-venv .fuzz
	@.fuzz/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . atheris==3.0.0
	@touch $@

# The wheel, its pins, an SBOM and their digests, into dist/ (see docs/install.md).
release: .venv/.installed-dev
	@.ci/release

format: .venv/.installed-dev
	@$(RUN)/ruff check --fix-only --quiet .
	@$(RUN)/ruff format .

# Tables in documents that are written by code.
docs: .venv/.installed-dev
	@$(RUN)/cog -r $(GENERATED)
	@$(RUN)/python -m benchmarks.faults.report

picture: .venv/.installed
	@$(RUN)/python docs/images/draw.py

# PDF files that tests read; needs LibreOffice, poppler-utils and fonts (see the program).
fixtures: .venv/.installed-dev
	@$(RUN)/python tests/roundtrip/render.py

# The one place where versions move: whatever pyproject.toml allows today becomes what is tested.
lock:
	rm -rf .venv
	$(MAKE) .venv/.created
	$(BIN)/python -m pip install --quiet --upgrade -e '.[dev]'
	{ sed -n 1p constraints.txt; $(BIN)/python -m pip freeze --all --exclude-editable --exclude pip; } > constraints.new
	mv constraints.new constraints.txt
	.ci/lock --upgrade

clean:
	rm -rf .venv .release build dist chabao.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Stamps: nothing below runs again until pyproject.toml or constraints.txt changes.
.venv/.created:
	@.ci/make-venv .venv
	@touch $@

.venv/.installed: .venv/.created pyproject.toml constraints.txt
	@echo 'installing chabao into .venv ...' >&2
	@$(PIP) -e .
	@touch $@

.venv/.installed-dev: .venv/.created pyproject.toml constraints.txt
	@echo 'installing chabao and its tests into .venv ...' >&2
	@$(PIP) -e '.[dev]'
	@touch $@ .venv/.installed

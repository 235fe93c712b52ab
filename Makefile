# Two commands do everything on a machine with Python >= 3.10: `make demo` and `make test`.

PYTHON ?= python3
DEMO_FLAGS ?=
PYTEST_FLAGS ?=
BENCH_FLAGS ?=
# `--colour-data FILE.npz` instead of CIFAR-10 as Keras downloads it.
ACCURACY_FLAGS ?=
BACKENDS ?= jax torch

VENV := .venv
BIN := $(abspath $(VENV))/bin
# Node and npm come with the environment; tools started by npm look for `node` on PATH.
export PATH := $(BIN):$(PATH)
export PLAYWRIGHT_BROWSERS_PATH := $(abspath .browsers)

INSTALLED := $(VENV)/.installed
NODE_MODULES := plugin_frontend/node_modules/.package-lock.json
PEERS := benchmarks/attribution_peers_requirements.txt
# The file that a build writes last, and those that it writes before.
BUNDLE := tb_nnviz/plugin/static/offline.js
BUNDLE_BEFORE := $(addprefix tb_nnviz/plugin/static/,screen.js index.js)
FRONTEND_SOURCES := $(shell find plugin_frontend/src plugin_frontend/scripts -type f) \
  plugin_frontend/package.json plugin_frontend/package-lock.json plugin_frontend/tsconfig.json \
  $(wildcard plugin_frontend/vite*.config.ts)

.PHONY: demo test test-backends test-captum check bench bench-peers build format browser pictures example-pictures gallery clean

# Steps are in order: what the install makes is looked at after it, and is not made twice.
.NOTPARALLEL:

demo: $(INSTALLED) $(BUNDLE)
	tb-nnviz demo $(DEMO_FLAGS)

# Two files at a time: what tests measure, they compare with what they measure beside it. In the
# order of their names, so that the last files are short ones: nobody waits for one at the end.
test: $(INSTALLED) $(BUNDLE) $(NODE_MODULES) browser
	npm --prefix plugin_frontend test
	python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_FLAGS)

# What is read inside a model is the same on the other backends of Keras, each in an environment
# of its own; `make test` does it on TensorFlow.
test-backends: $(BACKENDS:%=test-backend-%)

test-backend-%: .venv-%/.installed
	KERAS_BACKEND=$* $(CURDIR)/.venv-$*/bin/python -m pytest tests/backends $(PYTEST_FLAGS)

# Integrated gradients agree with Captum's, of the same weights in PyTorch.
test-captum: .venv-captum/.installed
	KERAS_BACKEND=torch $(CURDIR)/.venv-captum/bin/python -m pytest tests/peers -m captum $(PYTEST_FLAGS)

check: $(INSTALLED) $(BUNDLE) $(NODE_MODULES)
	ruff check
	ruff format --check
	mypy
	lint-imports
	npm --prefix plugin_frontend run check
	python -m pytest -q tests/packaging/test_bundle.py

bench: $(INSTALLED) $(BUNDLE) browser
	python -m benchmarks.slider_speed; slider=$$?; \
	  python -m benchmarks.first_grid; first=$$?; \
	  python -m benchmarks.scrubbing_memory; memory=$$?; \
	  python -m benchmarks.activation_cost; activations=$$?; \
	  python -m benchmarks.attribution_cost; attributions=$$?; \
	  python -m benchmarks.attribution_accuracy $(ACCURACY_FLAGS); accuracy=$$?; \
	  python -m benchmarks.confusion_cost; confusion=$$?; \
	  python -m benchmarks.training_cost && \
	  exit $$((slider + first + memory + activations + attributions + accuracy + confusion))

# Integrated gradients by other libraries beside ours: `benchmarks/RESULTS.md`.
bench-peers: .venv-peers/.installed
	$(CURDIR)/.venv-peers/bin/python -m benchmarks.attribution_peers $(BENCH_FLAGS)

build: $(INSTALLED) $(BUNDLE)

# The screenshots of the README, made by the end-to-end tests.
pictures: $(INSTALLED) $(BUNDLE) browser
	NNVIZ_PICTURES=docs/pictures python -m pytest tests/end_to_end/test_readme_pictures.py

# The screenshots of the examples, which are trained in full for them: about half an hour.
example-pictures: $(INSTALLED) $(BUNDLE) browser
	mkdir -p examples/pictures
	NNVIZ_EXAMPLE_PICTURES=examples/pictures python -m pytest tests/end_to_end/test_*example_pictures.py

# The stored screenshots of the screen's states, which the tests compare with: look at each.
gallery: $(INSTALLED) $(BUNDLE) browser
	NNVIZ_GALLERY=1 python -m pytest tests/end_to_end/test_gallery.py -k state

format: $(INSTALLED) $(NODE_MODULES)
	ruff check --fix
	ruff format
	npm --prefix plugin_frontend run format

# An existing Chrome or Chromium, else Playwright's own into .browsers, else what to install.
browser: $(INSTALLED)
	python tests/end_to_end/find_browser.py

clean:
	rm -rf $(VENV) .venv-* .browsers build dist *.egg-info plugin_frontend/node_modules tb_nnviz/plugin/static

$(INSTALLED): pyproject.toml setup.py
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "tb_nnviz needs Python 3.10 or newer: make PYTHON=python3.11 ...")'
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	python -m pip install --quiet --upgrade pip
	python -m pip install --editable '.[dev]'
	touch $@

# Made on the way to a test: make would take it away again.
.PRECIOUS: .venv-%/.installed

.venv-%/.installed: pyproject.toml setup.py | $(BUNDLE)
	test -d .venv-$* || $(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --upgrade pip
	.venv-$*/bin/python -m pip install --editable '.[$*]' 'pytest>=8.3'
	touch $@

# Every version is given, so nothing else is to be found: one of them would ask for CUDA.
.venv-peers/.installed: $(PEERS) pyproject.toml setup.py | $(BUNDLE)
	test -d .venv-peers || $(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --upgrade pip
	.venv-peers/bin/python -m pip install --no-deps --requirement $(PEERS) --editable .
	touch $@

$(NODE_MODULES): plugin_frontend/package-lock.json | $(INSTALLED)
	npm --prefix plugin_frontend ci --ignore-scripts --no-audit --no-fund
	touch $@

# Where one of them is missing, or is newer since a build has failed after it, all are made anew.
$(BUNDLE_BEFORE): | $(INSTALLED) ;

# The install makes the bundle where there is none; here it is made anew for changed sources.
$(BUNDLE): $(BUNDLE_BEFORE) $(FRONTEND_SOURCES) | $(INSTALLED)
	$(MAKE) $(NODE_MODULES)
	npm --prefix plugin_frontend run build
	touch $@

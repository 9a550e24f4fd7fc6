#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Make the virtual environment .venv with the packages of requirements.lock and, editable, those of this
# checkout, unless both are there already.
set -eu
cd "$(dirname "$0")/.."
stamp=.venv/requirements.installed
checkout=.venv/checkout.installed

need() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "error: $1 is missing: install it (Debian, Ubuntu: apt-get install $2)" >&2
  exit 1
}

# Makefiles of Verilator take no spaces and no other letters; PLAIN_PATH of tb/lib/tools.py is the same.
place=$(pwd -P)
if printf '%s' "$place" | LC_ALL=C grep -q '[^A-Za-z0-9_./+@,~-]'; then
  echo "error: nothing can be built in '$place': move the clone to a path of plain letters (a-z), digits and . _ - + @ , ~ without spaces" >&2
  exit 1
fi

# An editable install names the folder of the checkout and the packages of pyproject.toml.
here() { pwd; cat pyproject.toml; }

install_checkout() {
  if here | cmp -s - "$checkout"; then return; fi
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . || {
    echo "error: pip could not install this checkout (its message is above); run make setup again to retry" >&2
    exit 1
  }
  here >"$checkout"
}

if [ -f "$stamp" ] && cmp -s requirements.lock "$stamp"; then
  install_checkout
  exit 0
fi

python=${PYTHON:-python3}
need "$python" "python3 python3-venv"
need g++ g++
need make make
need perl perl
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "error: $("$python" --version) is too old: Python 3.11 or newer is needed (PYTHON=/path/to/python3.11 chooses one)" >&2
  exit 1
}
"$python" -c 'import ensurepip' 2>/dev/null || {
  echo "error: this Python cannot make virtual environments (Debian, Ubuntu: apt-get install python3-venv)" >&2
  exit 1
}

echo "Installing the pinned packages into .venv (once; about 1 GB with PyTorch) ..."
"$python" -m venv .venv
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock; then
  echo "error: pip could not install requirements.lock (its message is above); run make setup again to retry" >&2
  exit 1
fi
cp requirements.lock "$stamp"
install_checkout

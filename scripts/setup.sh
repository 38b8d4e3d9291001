#!/bin/sh
# Make or refresh the virtual environment. usage: scripts/setup.sh demo|dev
# Runs again only when a lock file or pyproject.toml has changed.
set -eu
cd "$(dirname "$0")/.."
kind=$1
venv=${VENV:-.venv}
case $kind in
  demo) lock=requirements.lock ;;
  dev) lock=requirements-dev.lock ;;
  *) echo "usage: scripts/setup.sh demo|dev" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }

find_python() {
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 &&
       "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"; return 0
    fi
  done
  return 1
}

free_mb() { df -Pm . | awk 'NR==2 {print $4}'; }

stamp="$venv/.$kind-$(cat "$lock" pyproject.toml | cksum | tr -d ' ')"
[ -e "$stamp" ] && exit 0

python=$(find_python) || {
  say "Headwater needs Python 3.11 or newer, and none was found. Install it (Debian: apt-get install python3 python3-venv) and run this again."
  exit 1
}
if [ "$(free_mb)" -lt 1500 ]; then
  say "The disk that holds $(pwd) has $(free_mb) MB free; the installation needs about 1,500 MB. Free some space and run this again."
  exit 1
fi

make_venv() { "$python" -m venv "$venv" >/dev/null 2>&1; }
if [ ! -x "$venv/bin/pip" ]; then
  say "Creating the virtual environment in $venv"
  rm -rf "$venv"
  if ! make_venv; then
    # Debian ships venv apart from python3.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      say "Python's venv module is missing; installing python3-venv"
      { apt-get update -qq && apt-get install -y -qq python3-venv; } >/dev/null 2>&1 || true
      rm -rf "$venv"; make_venv || { say "python3-venv could not be installed. Install it and run this again."; exit 1; }
    else
      say "Python's venv module is missing. Run: sudo apt-get install python3-venv"
      exit 1
    fi
  fi
fi

say "Installing from $lock (once; about a minute)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$lock" 2>"$venv/pip.log" || {
  say "The installation failed. The end of $venv/pip.log says:"; tail -n 5 "$venv/pip.log" >&2; exit 1
}
# Editable, and without build isolation's own downloads: a .pth file is all that is needed.
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
pwd | sed 's,$,/src,' > "$site/headwater.pth"
cat > "$venv/bin/headwater" <<SCRIPT
#!$(pwd)/$venv/bin/python
from headwater.cli.main import cli

# Guarded, because processes that are spawned import this file again.
if __name__ == "__main__":
    cli()
SCRIPT
chmod +x "$venv/bin/headwater"
rm -f "$venv/.$kind-"*
touch "$stamp"

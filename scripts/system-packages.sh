#!/bin/sh
# Browser tests need Chromium. Install it where we may; otherwise name the one command to run.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -n "${HEADWATER_CHROMIUM:-}" ] && [ -x "$HEADWATER_CHROMIUM" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests" >&2
  apt-get update -qq >/dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1 && exit 0
fi
echo "The browser tests need Chromium. Run: sudo apt-get install chromium (macOS: brew install --cask chromium), or set HEADWATER_CHROMIUM to its path." >&2
exit 1

#!/bin/sh
# Browser tests need Chromium, Spark's tests Java, IMAP's tests Dovecot. Install them where we may;
# otherwise name the one command to run.
set -eu

install_package() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $1 for the tests" >&2
    apt-get update -qq >/dev/null 2>&1 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null 2>&1 && return 0
  fi
  return 1
}

have_chromium() {
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  [ -n "${HEADWATER_CHROMIUM:-}" ] && [ -x "$HEADWATER_CHROMIUM" ]
}

if ! have_chromium && ! install_package chromium; then
  echo "The browser tests need Chromium. Run: sudo apt-get install chromium (macOS: brew install --cask chromium), or set HEADWATER_CHROMIUM to its path." >&2
  exit 1
fi

if ! java -version >/dev/null 2>&1 && ! install_package openjdk-17-jre-headless; then
  echo "The Spark tests need Java 17. Run: sudo apt-get install openjdk-17-jre-headless (macOS: brew install openjdk@17)." >&2
  exit 1
fi

if ! [ -x /usr/sbin/dovecot ] && ! command -v dovecot >/dev/null 2>&1 && ! install_package dovecot-imapd; then
  echo "The IMAP tests need Dovecot 2.3. Run: sudo apt-get install dovecot-imapd, and stop its service; the tests start their own." >&2
  exit 1
fi

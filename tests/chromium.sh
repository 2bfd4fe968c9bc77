#!/bin/sh
# The browser tests drive the distribution's Chromium. Install it when it is missing and we may.
set -eu
if command -v chromium >/dev/null 2>&1 || [ -n "${POLISEE_CHROMIUM:-}" ]; then exit 0; fi
if [ "$(id -u)" = 0 ]; then become=""; elif sudo -n true 2>/dev/null; then become="sudo -n"; else
    echo "Chromium is missing and we may not install it. Install the package 'chromium', or set POLISEE_CHROMIUM to a browser." >&2
    exit 1
fi
echo "Installing Chromium …"
$become apt-get update -qq
$become env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null

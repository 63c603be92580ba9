#!/usr/bin/env bash
# Opens /docs and /redoc of a running stack in headless Chromium: every operation must be on both pages, and neither may
# ask anybody but us for anything. tests/browser/docs.sh http://127.0.0.1:8080
set -euo pipefail
cd "$(dirname "$0")"
base=${1:?"usage: $0 BASE_URL"}
base=${base%/}

if ! command -v chromium >/dev/null; then
  apt-get update -q
  apt-get install -qy --no-install-recommends chromium
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
host=${base#*://}
host=${host%%[:/]*}
flags=(
  --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
  --disable-background-networking --disable-component-update --disable-sync
  --host-resolver-rules="MAP * ~NOTFOUND , EXCLUDE $host"
  --enable-logging=stderr --virtual-time-budget=30000
)
for page in docs redoc; do
  timeout 120 chromium "${flags[@]}" --user-data-dir="$work/$page" --log-net-log="$work/$page.json" \
    --dump-dom "$base/$page" >"$work/$page.html" 2>"$work/$page.log"
  python3 check_page.py "$base" "$page" "$work"
done

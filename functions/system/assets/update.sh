#!/usr/bin/env bash
# Takes Swagger UI and ReDoc from the npm registry anew: assets/update.sh [swagger-ui-dist version] [redoc version]
set -euo pipefail
cd "$(dirname "$0")"
swagger=${1:-5.35.0}
redoc=${2:-2.5.4}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for package in "swagger-ui-dist@$swagger" "redoc@$redoc"; do
  archive=$(npm pack --silent --pack-destination "$work" "$package")
  mkdir "$work/${package%@*}"
  tar -xzf "$work/$archive" -C "$work/${package%@*}" --strip-components=1
done

files=(swagger-ui.css swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt LICENSE NOTICE)
cp "${files[@]/#/$work/swagger-ui-dist/}" swagger-ui/
cp "$work"/redoc/bundles/redoc.standalone.js{,.LICENSE.txt} "$work/redoc/LICENSE" redoc/

# Source maps aren't shipped, and ReDoc's footer would load its logo from a CDN.
sed -i -E '/^\/[/*]# sourceMappingURL=/d; s|\\n//# sourceMappingURL=[a-z0-9.]+\.map||' \
  swagger-ui/swagger-ui{.css,-bundle.js} redoc/redoc.standalone.js
sed -i 's|https://cdn\.redoc\.ly/redoc/logo-mini\.svg|redoc/icon.svg|' redoc/redoc.standalone.js
if grep -l 'cdn\.redoc\.ly\|sourceMappingURL=[a-z0-9.-]*\.map' swagger-ui/*.{css,js} redoc/*.js; then
  echo "These still refer to files that we don't serve." >&2
  exit 1
fi
chmod 644 swagger-ui/* redoc/*

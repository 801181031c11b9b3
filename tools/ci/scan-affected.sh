#!/usr/bin/env bash
# Fails where the registry's scan of an image that was pushed since a commit, or of any image where none is given, found
# what keeps it from being deployed:
#   scan-affected.sh [commit]
# ENVIRONMENT says where the images went; SCAN_THRESHOLD the least severity that blocks, instead of what image.json says.
set -euo pipefail
: "${ENVIRONMENT:?says where the images went: local, dev, staging or prod}"
base=${1-}
scan=(-t docker-scan -c "$ENVIRONMENT" --output-style=static)
if [ -n "${SCAN_THRESHOLD-}" ]; then scan+=(--threshold="$SCAN_THRESHOLD"); fi

if [ -n "$base" ]; then
  npx nx affected "${scan[@]}" --base="$base" --head=HEAD
else
  npx nx run-many "${scan[@]}"
fi

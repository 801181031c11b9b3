#!/usr/bin/env bash
# Fails if the registry's scan of an image that changed since a commit, or of any image without one, found a vulnerability
# that blocks its deployment:
#   scan-affected.sh [commit]
# ENVIRONMENT is the environment of the push; SCAN_THRESHOLD the minimum severity that blocks (default: that of image.json).
set -euo pipefail
: "${ENVIRONMENT:?set it to the environment of the push: local, dev, staging or prod}"
base=${1-}
scan=(-t docker-scan -c "$ENVIRONMENT" --output-style=static)
if [ -n "${SCAN_THRESHOLD-}" ]; then scan+=(--threshold="$SCAN_THRESHOLD"); fi

if [ -n "$base" ]; then
  npx nx affected "${scan[@]}" --base="$base" --head=HEAD
else
  npx nx run-many "${scan[@]}"
fi

#!/usr/bin/env bash
# Builds the images that changed since a commit, or all images without one, checks their contents and runs each:
#   verify-affected.sh [commit]
# ENVIRONMENT is the target environment; ENGINE builds the images (default: oci). push-affected.sh takes the same values and
# finds the images in Nx's cache. Images run in Docker or podman if installed, otherwise only with Node.
set -euo pipefail
: "${ENVIRONMENT:?set it to the target environment: local, dev, staging or prod}"
base=${1-}
verify=(-t docker-verify -c "$ENVIRONMENT" --engine="${ENGINE:-oci}" --output-style=static)

if [ -n "$base" ]; then
  npx nx affected "${verify[@]}" --base="$base" --head=HEAD
else
  npx nx run-many "${verify[@]}"
fi

#!/usr/bin/env bash
# Builds the images that changed since a commit, or all of them where none is given, looks at them and runs each:
#   verify-affected.sh [commit]
# ENVIRONMENT says where they are to go; ENGINE what builds them (oci by default), as in push-affected.sh, which then finds
# them built. They run in Docker or podman where there is one, and with Node alone elsewhere.
set -euo pipefail
: "${ENVIRONMENT:?says where the images go: local, dev, staging or prod}"
base=${1-}
verify=(-t docker-verify -c "$ENVIRONMENT" --engine="${ENGINE:-oci}" --output-style=static)

if [ -n "$base" ]; then
  npx nx affected "${verify[@]}" --base="$base" --head=HEAD
else
  npx nx run-many "${verify[@]}"
fi

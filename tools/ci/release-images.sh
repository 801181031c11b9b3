#!/usr/bin/env bash
# Points the moving tags of ENVIRONMENT to the images of a delivery that were pushed without them (MOVING_TAGS=release), after
# the gates and the approval. Images that the delivery did not push keep their tags.
# DELIVERY is the folder that gather-images.ts wrote (default: dist/delivery).
set -euo pipefail
: "${ENVIRONMENT:?set it to the environment of the delivery: dev, staging or prod}"
delivery=${DELIVERY:-dist/delivery}
if ! [ -e "$delivery/summary.md" ]; then
  echo "Cannot release images: $delivery is not a delivery. No tag was changed." >&2
  echo 'Fix: set DELIVERY to the folder that gather-images.ts wrote.' >&2
  exit 1
fi

shopt -s nullglob
for pushed in "$delivery"/*/push.json; do
  service=$(basename "$(dirname "$pushed")")
  digest=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).digest' "$pushed")
  npx nx run "$service:docker-promote" --from="$ENVIRONMENT" --to="$ENVIRONMENT" --digest="$digest" --yes --output-style=static
done

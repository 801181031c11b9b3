#!/usr/bin/env bash
# Builds all images with the oci and the docker engine on the base image of the Dockerfile, checks their contents and runs
# each in Docker. Fails if the two engines give different digests, or if the C library in an image is not musl.
# Needs Docker and the registry of the base image. A stand-in base image has the C library of this machine.
set -euo pipefail
lock=docker/service.Dockerfile.lock.json
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

list_images() { # a line for each image: service, reference in Docker, digest
  node -e '
    const { readdirSync, readFileSync } = require("node:fs");
    for (const service of readdirSync("dist/images").sort()) {
      const { repository, digest } = JSON.parse(readFileSync(`dist/images/${service}/build.json`, "utf8"));
      console.log(service, `${repository}:build`, digest);
    }'
}

# Otherwise the tag could move between the two builds.
[ -e "$lock" ] || npx nx run-many -t docker-lock --output-style=static

for engine in oci docker; do
  rm -rf dist/images
  npx nx run-many -t docker-verify -c local --engine="$engine" --base=registry --runtime=docker --parallel=1 --output-style=static
  list_images >"$results/$engine"
done

if ! diff "$results/oci" "$results/docker"; then
  echo 'The engines oci (<) and docker (>) give different digests for the same source.' >&2
  exit 1
fi

report() { tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"; }
printf '| service | digest of both engines | Node | C library |\n| --- | --- | --- | --- |\n' | report
while read -r service reference digest; do
  found=$(docker run --rm --entrypoint node "$reference" -p \
    '`${process.version} | ${process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl"}`')
  printf '| %s | %s | %s |\n' "$service" "$digest" "$found" | report
  if [[ $found != *'| musl' ]]; then
    echo "The C library of $service is not musl. Set NODE_IMAGE in docker/service.Dockerfile to an Alpine image." >&2
    exit 1
  fi
done <"$results/docker"

#!/usr/bin/env bash
# Prints the commit with which `nx affected` compares HEAD: the last one whose images were all pushed, from the SSM
# parameter LAST_COMMIT_PARAMETER. Prints nothing if everything must be pushed, and the reason on standard error.
set -euo pipefail
: "${LAST_COMMIT_PARAMETER:?set it to the SSM parameter with the last pushed commit, for example /typerush/dev/registry/last-commit}"

push_everything() {
  echo "Everything is pushed: $1." >&2
  exit 0
}

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
if ! last=$(aws ssm get-parameter --name "$LAST_COMMIT_PARAMETER" --query Parameter.Value --output text 2>"$errors"); then
  grep -q ParameterNotFound "$errors" && push_everything "there is no parameter $LAST_COMMIT_PARAMETER yet"
  cat "$errors" >&2
  exit 1
fi
[[ $last =~ ^[0-9a-f]{40}$ ]] || push_everything "$LAST_COMMIT_PARAMETER contains no commit yet"
git rev-parse --git-dir >/dev/null 2>&1 || push_everything 'the source came without its history'
git merge-base --is-ancestor "$last" HEAD 2>/dev/null ||
  push_everything "$last, the last pushed commit, is not in the history of this checkout (a shallow clone, a force push or another branch)"
echo "$last"

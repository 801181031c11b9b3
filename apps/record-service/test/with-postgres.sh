#!/bin/sh
# with-postgres.sh <command...>: starts a throw-away PostgreSQL on a free loopback port, runs the command with
# TEST_DATABASE_URL set to it, stops and removes it, and exits as the command did.
# The server's programs come from PG_BIN, from PATH, or from Debian's newest /usr/lib/postgresql/<version>/bin.
set -eu

[ $# -gt 0 ] || {
  echo "usage: $0 <command...>" >&2
  exit 64
}

bin=${PG_BIN:-$(dirname "$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)")}
[ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ] || {
  echo "$0: no PostgreSQL server found. Install one (Debian: apt-get install postgresql) or set PG_BIN to its bin folder." >&2
  exit 69
}

# The server refuses to run as root.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$folder" "$@")
  else
    "$@"
  fi
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/with-postgres.XXXXXX")
stop() {
  as_server "$bin/pg_ctl" stop --pgdata="$folder/data" --mode=immediate --silent >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
[ "$(id -u)" -ne 0 ] || chown postgres "$folder"

as_server "$bin/initdb" --pgdata="$folder/data" --auth=trust --username=postgres --encoding=UTF8 \
  --locale=C --no-sync >"$folder/initdb.log" 2>&1 || {
  cat "$folder/initdb.log" >&2
  exit 70
}

# Another process may take the port between the choice and the start: then choose again.
for attempt in 1 2 3 4 5; do
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { process.stdout.write(String(s.address().port)); s.close(); })')
  if as_server "$bin/pg_ctl" start --pgdata="$folder/data" --wait --silent --log="$folder/server.log" \
    --options="-h 127.0.0.1 -p $port -F -c unix_socket_directories= -c full_page_writes=off" >/dev/null; then
    break
  fi
  [ "$attempt" -lt 5 ] || {
    cat "$folder/server.log" >&2
    exit 70
  }
done

TEST_DATABASE_URL="postgresql://postgres@127.0.0.1:$port/postgres"
export TEST_DATABASE_URL
status=0
"$@" || status=$?
exit "$status"

#!/bin/sh
# First start makes the cluster from POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB (each also as NAME_FILE) in PGDATA,
# runs /docker-entrypoint-initdb.d, then every start runs the server.
set -eu

# Version 18's place below the mount, unless an older stack mounts the folder `data`.
if [ -z "${PGDATA:-}" ]; then
  PGDATA=/var/lib/postgresql/18/docker
  if grep -q ' /var/lib/postgresql/data ' /proc/self/mountinfo; then PGDATA=/var/lib/postgresql/data; fi
fi
export PGDATA

case ${1:-postgres} in
  postgres | -*) ;;
  *) exec "$@" ;;
esac

if [ "$(id -u)" = 0 ]; then
  echo "real version $(postgres --version | cut -d' ' -f3) under pinned name ${PINNED:-postgres}"
  mkdir -p "$PGDATA" /run/postgresql
  chown -R postgres:postgres "$PGDATA" /run/postgresql
  chmod 700 "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi

# value NAME DEFAULT: the variable, or the contents of the file that NAME_FILE names.
value() {
  eval "plain=\${$1:-} file=\${$1_FILE:-}"
  if [ -n "$file" ]; then plain=$(cat "$file"); fi
  printf '%s' "${plain:-$2}"
}

first_start() {
  user=$(value POSTGRES_USER postgres)
  database=$(value POSTGRES_DB "$user")
  password=$(value POSTGRES_PASSWORD '')
  if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo 'error: no POSTGRES_PASSWORD and no POSTGRES_PASSWORD_FILE for a new cluster' >&2
    exit 1
  fi
  secret=$(mktemp)
  printf '%s' "$password" > "$secret"
  initdb --username="$user" ${password:+--pwfile="$secret"} --auth-host=scram-sha-256 --auth-local=trust \
    --encoding=UTF8 --locale=C.UTF-8 > /dev/null
  rm -f "$secret"
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
  pg_ctl -w -o "-c listen_addresses='' -c unix_socket_directories=/run/postgresql" start > /dev/null
  [ "$database" = postgres ] || createdb -h /run/postgresql -U "$user" "$database"
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sql) psql -h /run/postgresql -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$script" ;;
      *.sh) . "$script" ;;
    esac
  done
  pg_ctl -w -m fast stop > /dev/null
  echo 'new cluster is ready'
}

[ -s "$PGDATA/PG_VERSION" ] || first_start
case ${1:-postgres} in postgres) [ $# -eq 0 ] || shift ;; esac
exec postgres -c listen_addresses='*' -c unix_socket_directories=/run/postgresql "$@"

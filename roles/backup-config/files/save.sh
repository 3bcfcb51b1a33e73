# Read by backup.sh: makes backups. Each is written under another name, hashed, and renamed when it is whole.

run_items() {
  due=
  [ "${1-}" != --due ] || { due=yes; shift; }
  require_items "$@"
  only_one -x
  [ ! -e "$root/.stopped" ] || fail "a restore has not come to its end: its data is not saved. vpai backup-restore ends it"
  rm -rf -- "$root/.new" "$root/.gone"
  stamp=$(date -u +%Y%m%dT%H%M%SZ)-$(od -An -N3 -tx1 /dev/urandom | tr -d ' \n')
  failed=
  for item in ${*:-$items}; do
    [ -z "$due" ] || is_due "$item" || continue
    save_item "$item" || failed="$failed $item"
  done
  rm -rf -- "$root/.new"
  [ -z "$restic" ] || carry_away || failed="$failed restic"
  if [ -n "$failed" ]; then
    echo "backup FAILED:$failed" >&2
    exit 1
  fi
  # Whoever waits for it hears of a whole backup, and of nothing else.
  [ -z "$due" ] || [ -z "$heartbeat" ] || curl --fail --silent --show-error --max-time 20 --retry 2 --output /dev/null --config "$heartbeat" ||
    fail 'the backup is whole, and its heartbeat could not be sent'
}

# All that is whole goes to a repository of restic, whose place and password are in a file of variables.
carry_away() {
  if why=$(carried_away 2>&1 >/dev/null); then say "restic ok"; else
    say "restic FAILED $(printf '%s' "$why" | tail -n 3 | tr '\n' ' ')" >&2
    return 1
  fi
}

carried_away() (
  set -a
  . "$restic" || exit 1
  set +a
  restic cat config >/dev/null 2>&1 || restic init >/dev/null || exit 1
  restic backup --quiet --host "$project" --tag vpai --exclude "$root/.*" -- "$root" || exit 1
  restic forget --quiet --host "$project" --tag vpai --group-by host,tags $keep_far --prune
)

is_due() {
  about "$1"
  [ "$when" = weekly ] || return 0
  newest=$(names_of "$1" | tail -n 1)
  [ -n "$newest" ] || return 0
  at=$(value at "$root/$1/$newest/manifest")
  [ $(($(date +%s) - ${at:-0})) -gt 561600 ]
}

save_item() {
  if why=$(save_whole "$1" 2>&1 >/dev/null); then
    say "$1 ok $stamp $(told_of "$root/$1/$stamp")"
    tidy "$1"
  else
    rm -rf -- "$root/.new/$1"
    say "$1 FAILED ${why:-it ended without a word}" >&2
    return 1
  fi
}

save_whole() (
  about "$1" && new=$root/.new/$1 && mkdir -p -- "$new" && cd -- "$new" || exit 1
  : >.notes || exit 1
  case $kind in
    postgresql) save_postgresql ;;
    redis) save_redis ;;
    qdrant) save_qdrant ;;
    files) save_files "$1" ;;
    command) save_command "$1" ;;
  esac || exit 1
  # An empty dump is none.
  empty=$(find . -type f ! -name .notes -size 0 | head -n 1)
  [ -z "$empty" ] || fail "${empty#./} is empty: that is no backup"
  { write_manifest "$1" && mv -- .manifest manifest && rm -f -- .notes; } || exit 1
  [ -z "$reader" ] || { chgrp -R -- "$reader" . && chmod -R g+rX . && mkdir -p -- "$root/$1" && chgrp -- "$reader" "$root" "$root/$1" && chmod g+rx "$root" "$root/$1"; } || exit 1
  { sync -f . || sync; } 2>/dev/null
  mkdir -p -- "$root/$1" && cd / && mv -T -- "$new" "$root/$1/$stamp"
)

write_manifest() {
  {
    printf 'item\t%s\nname\t%s\nat\t%s\nkind\t%s\nservice\t%s\nimage\t%s\n' "$1" "$stamp" "$(date +%s)" "$kind" "$service" "$image"
    cat .notes
    keys | while IFS=$tab read -r key digest owner owned; do
      [ "$owner" = "$service" ] || { [ "$kind" = postgresql ] && [ -n "$owned" ]; } || continue
      printf 'key\t%s\t%s\t%s\n' "$key" "$digest" "$owned"
    done
    for file in *; do
      digest=$(sha256sum <"$file") || exit 1
      printf 'file\t%s\t%s\t%s\n' "$(wc -c <"$file")" "${digest%% *}" "$file"
    done
  } >.manifest
}

# Older ones go, never the newest.
tidy() {
  limit=$(date -u -d "@$(($(date +%s) - keep_days * 86400))" +%Y%m%dT%H%M%SZ)
  names_of "$1" | sed '$d' | while IFS= read -r old; do
    [ "$(printf '%s\n%s\n' "$old" "$limit" | sort | head -n 1)" = "$old" ] || continue
    rm -rf -- "$root/.gone" && mv -T -- "$root/$1/$old" "$root/.gone" && rm -rf -- "$root/.gone"
  done
}

# What a manifest tells, in a line.
told_of() {
  awk -F "$tab" '
    $1 == "file" { bytes += $2 } $1 == "database" { databases++ } $1 == "count" { tables++; rows += $4 }
    $1 == "keys" { more = more ", " $2 " keys" } $1 == "collection" { more = more ", collection " $2 } $1 == "members" { more = more ", " $2 " files and folders" }
    END { printf "%d bytes%s%s", bytes, databases ? ", " databases " databases, " tables + 0 " tables, " rows + 0 " rows" : "", more }' "$1/manifest"
}

list_items() {
  for item in $items; do
    about "$item"
    names_of "$item" | while IFS= read -r name; do
      there=$root/$item/$name/manifest
      printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$item" "$name" "$(value at "$there")" "$kind" "$(told_of "$root/$item/$name")" \
        "$(sed -n "s/^database${tab}[0-9]*$tab//p" "$there" | tr '\n' ' ')"
    done
  done
}

require_running() {
  state=$(docker inspect --format '{{.State.Status}}' -- "$container" 2>/dev/null) || fail "there is no container $container"
  [ "$state" = running ] || fail "the container $container is $state"
}

# KIBIBYTES: on the disk of the backups.
require_room() {
  set -- "$1" $(df -Pk -- . | tail -n 1)
  [ "$5" -gt "$1" ] || fail "$1 KiB may be needed, and only $5 KiB are free on the disk of $root"
}

psql_in() { docker exec --interactive "$@" --no-psqlrc --no-align --tuples-only --quiet --set=ON_ERROR_STOP=1; }

# Prints an SQL line for each table, which counts its rows. What an extension brings is the extension's.
count_tables="select format('select ''count'', %L, count(*) from %I.%I', n.nspname || '.' || c.relname, n.nspname, c.relname)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by 1 \\gexec"

# Each database is dumped and counted as it is at one moment; the files are those that the role's restore.yml reads.
save_postgresql() {
  require_running
  i=0; until docker exec "$container" pg_isready --quiet --username=postgres 2>/dev/null; do i=$((i + 1)); [ $i -lt 10 ] || fail "nothing in $container answers as PostgreSQL"; sleep 1; done
  p() { psql_in "$container" psql --username=postgres --dbname=template1; }
  printf '%s' "select datname from pg_database where datallowconn and not datistemplate and left(datname, 12) <> 'vpai_before_' order by 1" | p >databases || exit 1
  for name in $databases; do grep -qxF -- "$name" databases || fail "the database $name is declared, and not there"; done
  need=$(echo 'select coalesce(sum(pg_database_size(oid)), 0) / 1024 from pg_database' | p) || exit 1
  require_room "${need%.*}"
  docker exec "$container" pg_dumpall --username=postgres --globals-only >globals.sql || fail 'the users cannot be written out'
  n=0; while IFS= read -r db <&3; do
    n=$((n + 1))
    printf '%s\n' "$db" >"$n.name"
    psql_in --env "VPAI_DATABASE=$db" "$container" psql --username=postgres --dbname="$db" --field-separator="$tab" >"$n.dump" 2>.told <<SQL || fail "the database $db cannot be written out: $(cat .told)"
begin isolation level repeatable read read only;
select pg_export_snapshot() as snapshot \\gset
\\setenv VPAI_SNAPSHOT :snapshot
\\! pg_dump --username=postgres --format=custom --snapshot="\$VPAI_SNAPSHOT" --dbname="\$VPAI_DATABASE" && echo dumped >&2
\\o |cat >&2
$count_tables
\\o
commit;
SQL
    grep -qx dumped .told || fail "the database $db cannot be written out: $(cat .told)"
    docker exec --interactive "$container" pg_restore --list <"$n.dump" >/dev/null || fail "what was written out of $db cannot be read back"
    printf 'database\t%s\t%s\n' "$n" "$db" >>.notes
    sed -n "s/^count$tab/count$tab$n$tab/p" .told >>.notes
    rm -f .told
  done 3<databases
}

redis_in() { docker exec "$container" sh -c '[ ! -r /run/secrets/redis_password ] || export REDISCLI_AUTH=$(cat /run/secrets/redis_password); exec redis-cli --raw "$@"' sh "$@" | tr -d '\r'; }

save_redis() {
  require_running
  info() { redis_in info persistence | sed -n "s/^$1://p"; }
  rest() { i=0; while [ "$(info rdb_bgsave_in_progress)" != 0 ]; do i=$((i + 1)); [ $i -lt 300 ] || fail 'Redis does not come to the end of its save'; sleep 1; done; }
  [ "$(redis_in ping)" = PONG ] || fail "nothing in $container answers as Redis"
  used=$(redis_in info memory | sed -n 's/^used_memory://p'); require_room $((${used:-0} / 1024))
  rest
  redis_in bgsave >/dev/null || exit 1
  rest
  [ "$(info rdb_last_bgsave_status)" = ok ] || fail 'Redis could not save its data'
  docker exec "$container" cat /data/dump.rdb >dump.rdb || fail 'the dump of Redis cannot be read'
  # Reads all of it, and its checksum.
  told=$(docker exec --interactive "$container" sh -c 'f=$(mktemp) && cat >"$f" && redis-check-rdb "$f"; e=$?; rm -f "$f"; exit $e' <dump.rdb) || fail "what Redis saved is no dump: $(printf '%s\n' "$told" | tail -n 1)"
  read_of() { printf '%s\n' "$told" | sed -n "s/.*\\] \\([0-9]*\\) $1.*/\\1/p" | head -n 1; }
  printf 'keys\t%s\t%s\n' "$(read_of 'keys read')" "$(read_of expires)" >>.notes
}

# PATH [AUTHENTICATION]: asks Qdrant in a container, where there is no curl. The key comes on standard input.
qdrant_in() {
  docker exec --interactive "$1" bash -c 'IFS= read -r key; exec 3<>/dev/tcp/127.0.0.1/6333 && printf "GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\napi-key: %s\r\n\r\n" "$1" "$key" >&3 && cat <&3' bash "$2"
}

# CONTAINER: a line for each collection, with its points.
qdrant_counts() {
  key=; [ -z "${2-}" ] || key=$(cat -- "$2") || return 1
  answer=$(printf '%s\n' "$key" | qdrant_in "$1" /collections) || return 1
  case $answer in *'"collections":'*) ;; *) return 1 ;; esac
  printf '%s\n' "$answer" | grep -o '"name":"[^"]*"' | cut -d '"' -f 4 | sort | while IFS= read -r name; do
    points=$(printf '%s\n' "$key" | qdrant_in "$1" "/collections/$name" | sed -n 's/.*"points_count":\([0-9]*\).*/\1/p')
    printf 'collection\t%s\t%s\n' "$name" "${points:-?}"
  done
}

# A copy of the storage while the container stands still, as the role's restore.yml reads it.
save_qdrant() {
  require_running
  [ -d "$storage" ] || fail "there is no folder $storage"
  need=$(du -sk -- "$storage"); require_room "${need%%[!0-9]*}"
  before=$(qdrant_counts "$container" "$qdrant_key") || fail "nothing in $container answers as Qdrant"
  trap 'docker unpause "$container" >/dev/null 2>&1' EXIT
  trap 'exit 1' HUP INT TERM
  docker pause "$container" >/dev/null || exit 1
  tar -C "$storage" -cf storage.tar . || fail "the storage of Qdrant cannot be read"
  docker unpause "$container" >/dev/null || exit 1
  trap - EXIT
  # What was written meanwhile may be in the copy, or not.
  if [ "$before" = "$(qdrant_counts "$container" "$qdrant_key")" ]; then printf '%s\n' "$before"; else printf '%s\n' "$before" | sed "s/${tab}[^$tab]*\$/$tab?/"; fi | sed '/^$/d' >>.notes
}

save_files() {
  paths_of "$1" | while IFS= read -r path; do
    [ -e "$path" ] || fail "there is no $path"
    printf 'path\t%s\n' "$path" >>.notes
  done || exit 1
  need=$(paths_of "$1" | tr '\n' '\0' | xargs -0 du -ck -- | tail -n 1); require_room "${need%%[!0-9]*}"
  # 1: a file changed while it was read.
  paths_of "$1" | sed 's,^/*,,' | tr '\n' '\0' | tar -C / --null --verbatim-files-from --files-from=- -cf files.tar
  [ $? -le 1 ] || fail 'not all files could be read'
  printf 'members\t%s\n' "$(tar -tf files.tar | wc -l)" >>.notes
}

save_command() {
  require_running
  run_of "$1" >"$output" || fail "what $container was asked for ended with an error"
}

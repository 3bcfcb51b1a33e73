# Read by backup.sh: lays a backup out for the tasks/restore.yml of roles, and stops and starts who uses the data.

# Tells a line for each: chosen, item, name, when it was made, what it is. Then the roles that restore, and from where.
# All of them are proven before anything is written, and nothing is stopped here.
prepare_items() {
  look= upto= any_key= expected=
  while :; do
    case ${1-} in
      --look) look=yes; shift ;;
      --at) upto=${2-}; shift 2 ;;
      --any-key) any_key=yes; shift ;;
      --expect) expected="$expected$2 "; shift 2 ;;
      *) break ;;
    esac
  done
  [ "${1-}" != --all ] || set -- $(all_items)
  for what; do
    about "${what%%/*}" || { printf 'unknown\t%s\t%s\n' "${what%%/*}" "$items"; exit 0; }
  done
  [ $# -gt 0 ] || fail 'nothing was chosen'
  only_one -x
  [ -z "$upto" ] || upto=$(moment "$upto") || exit 2
  [ -n "$look" ] || { rm -rf -- "$root/.restore" && mkdir -p -- "$root/.restore" && : >"$root/.restore/chosen"; } || exit 1
  for what; do
    item=${what%%/*} db=
    case $what in */*) db=${what#*/} ;; esac
    about "$item"
    name=$(newest_of) || exit 1
    case " $expected" in ' ' | *" $what=$name "*) ;; *) fail "another backup of $what was made meanwhile: look again" ;; esac
    [ "$kind" != command ] || grep -qxF -- "$item" <<ITEMS || fail "nobody says how $item comes back: its service.yml has no restore"
$(come_back)
ITEMS
    prove "$root/$item/$name" || exit 1
    [ -n "$any_key" ] || same_keys "$root/$item/$name" || exit 1
    at=$(value at "$root/$item/$name/manifest")
    printf 'chosen\t%s\t%s\t%s\t%s\n' "$what" "$name" "$(date -u -d "@$at" '+%Y-%m-%d %H:%M:%S UTC')" "$(told_of "$root/$item/$name")"
    case $kind in postgresql | redis | qdrant) printf 'role:%s\n' "$role" ;; esac
  done
  printf 'folder:%s\n' "$root/.restore"
  [ -z "$look" ] || return 0
  for what; do
    item=${what%%/*} db=
    case $what in */*) db=${what#*/} ;; esac
    about "$item"
    lay_out || exit 1
    printf '%s\t%s\n' "$what" "$(newest_of)" >>"$root/.restore/chosen"
  done
}

# What a command of a service reads is in its database as well, which comes back.
all_items() {
  for item in $items; do about "$item" && [ "$kind" != command ] && echo "$item"; done
}

# The end of a day, a moment that somebody typed, or the name of a backup: nothing newer is taken.
moment() {
  case $1 in
    ????????T??????Z*) printf '%s' "$1" ;;
    ????-??-??) day=$(date -u -d "$1" +%Y%m%d) && printf '%sT235959Z~' "$day" ;;
    *) date -u -d "$1" +%Y%m%dT%H%M%SZ~ || return 1 ;;
  esac
}

# Of the item itself, or of the database in it: a newer backup of something else says nothing.
newest_of() {
  newest=
  for one in $(names_of "$item"); do
    [ -z "$upto" ] || [ "$(printf '%s\n%s\n' "$one" "$upto" | sort | head -n 1)" = "$one" ] || continue
    [ -z "$db" ] || sed -n "s/^database${tab}[0-9]*$tab//p" "$root/$item/$one/manifest" | grep -qxF -- "$db" || continue
    newest=$one
  done
  [ -n "$newest" ] || fail "there is no backup of $item${db:+ with the database $db}${upto:+ that is old enough}"
  printf '%s\n' "$newest"
}

# FOLDER: every file is as it was written.
prove() {
  [ -n "$(value item "$1/manifest")" ] || fail "$1 has no manifest"
  sed -n "s/^file$tab//p" "$1/manifest" | while IFS=$tab read -r size digest file; do
    [ -f "$1/$file" ] || fail "$1: $file is gone"
    now=$(wc -c <"$1/$file") || exit 1
    [ "$now" -gt 0 ] || fail "$1: $file is empty"
    [ "$now" -eq "$size" ] || fail "$1: $file has $now bytes, and had $size when it was made"
    now=$(sha256sum <"$1/$file")
    [ "${now%% *}" = "$digest" ] || fail "$1: $file is not what was written"
  done
}

# FOLDER: what the data was written with is what the applications have now.
same_keys() {
  sed -n "s/^key$tab//p" "$1/manifest" | while IFS=$tab read -r key digest owned; do
    case "$kind $db" in
      'postgresql '?*) case " $owned " in *" $db "*) ;; *) continue ;; esac ;;
    esac
    now=$(keys | sed -n "s/^$key$tab\\([^$tab]*\\)$tab.*/\\1/p")
    [ "$now" = "$digest" ] || fail "$1 was made with another $key than the one that is deployed: what it encrypted could not be read. Set the former one and deploy, or say --any-key"
  done
}

lay_out() {
  from=$root/$item/$(newest_of) || return 1
  to=$root/.restore/$role
  case $kind in postgresql | redis | qdrant) ;; *) return 0 ;; esac
  mkdir -p -- "$to" || return 1
  if [ "$kind" != postgresql ]; then
    for file in "$from"/*; do [ "${file##*/}" = manifest ] || cp -- "$file" "$to/" || return 1; done
    return
  fi
  sed -n "s/^database$tab//p" "$from/manifest" | while IFS=$tab read -r n one; do
    [ -z "$db" ] || [ "$db" = "$one" ] || continue
    # Numbers are those of one backup; others may lie here already.
    cp -- "$from/$n.name" "$to/${from##*/}-$n.name" && cp -- "$from/$n.dump" "$to/${from##*/}-$n.dump" || exit 1
  done || return 1
  # Users that are there keep the passwords they have: these may have been changed since.
  docker start "$container" >/dev/null 2>&1
  i=0; until docker exec "$container" pg_isready --quiet --username=postgres --host=127.0.0.1 2>/dev/null; do i=$((i + 1)); [ $i -lt 60 ] || break; sleep 1; done
  have=$(printf '%s' 'select quote_ident(rolname) from pg_roles' | psql_in "$container" psql --username=postgres --dbname=template1 2>/dev/null) || have=
  printf '%s\n' "$have" | awk '
    NR == FNR { have[$0] = 1; next }
    $1 == "ALTER" && $2 == "ROLE" && ($3 in have) { sub(/ PASSWORD \047[^\047]*\047/, "") }
    { print }' - "$from/globals.sql" >"$to/globals.sql"
}

# Containers that use what was chosen, and the file that remembers which of them ran.
stop_users() {
  only_one -x
  # Also where nothing runs: until the end no backup is made of what is half restored.
  : >>"$root/.stopped" || exit 1
  cut -f 1 "$root/.restore/chosen" | while IFS= read -r what; do users "$what"; done | tr ' ' '\n' | sed '/^$/d' | sort -u | while IFS= read -r container; do
    [ "$(docker inspect --format '{{.State.Running}}' -- "$container" 2>/dev/null)" = true ] || continue
    printf '%s\n' "$container" >>"$root/.stopped" || exit 1
    docker stop "$container" >/dev/null || fail "$container does not stop"
    echo "$container stands still"
  done
}

# KIND: what no role restores. Folders come back while nothing uses them; a command needs its service.
put_back() {
  while IFS=$tab read -r item name <&4; do
    about "$item" && [ "$kind" = "$1" ] || continue
    from=$root/$item/$name
    case $kind in
      files) put_back_files || exit 1 ;;
      command) back_of "$item" <"$from/$output" >&2 || fail "$item could not be put back: its service ended with an error, or its service.yml does not say how" ;;
    esac
    echo "$item is back"
  done 4<"$root/.restore/chosen"
}

# Unpacked beside what there is, then exchanged.
put_back_files() {
  sed -n "s/^path$tab//p" "$from/manifest" | while IFS= read -r path; do
    mkdir -p -- "$(dirname -- "$path")" && beside=$(mktemp -d "$(dirname -- "$path")/.vpai-restore.XXXXXX") || exit 1
    tar -C "$beside" -xpf "$from/files.tar" -- "${path#/}" || { rm -rf -- "$beside"; fail "$path cannot be unpacked"; }
    [ ! -e "$path" ] || mv -T -- "$path" "$beside/.before" || exit 1
    mv -T -- "$beside/${path#/}" "$path" || { mv -T -- "$beside/.before" "$path"; exit 1; }
    rm -rf -- "$beside"
  done
}

# Containers that were stopped run again, and are healthy.
start_users() {
  only_one -x
  ill=
  if [ -f "$root/.stopped" ]; then
    sort -u "$root/.stopped" >"$root/.starting" || exit 1
    while IFS= read -r container <&4; do docker start "$container" >/dev/null || ill="$ill $container"; done 4<"$root/.starting"
    while IFS= read -r container <&4; do is_well || ill="$ill $container"; done 4<"$root/.starting"
    rm -f -- "$root/.starting"
  fi
  [ -z "$ill" ] || fail "not well after the restore:$ill"
  put_back command
  rm -rf -- "$root/.stopped" "$root/.restore"
}

is_well() {
  i=0; while :; do
    state=$(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}' -- "$container" 2>/dev/null)
    [ "$state" != 'running healthy' ] || { echo "$container runs"; return 0; }
    i=$((i + 1)); [ $i -lt "${BACKUP_HEALTH:-150}" ] || return 1
    sleep 1
  done
}

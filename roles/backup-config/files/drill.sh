# Read by backup.sh: proves that a backup can be restored. Nothing that runs is touched: each database comes up in a
# container of its own, without a network, from the image that the backup names, and is gone afterwards.

# A line for each item: drill, item, name, ok or failed, what was counted or went wrong, digest of the manifest.
drill_items() {
  require_items "$@"
  only_one -s
  drill=$root/.drill.$$ box=${project}_drill_$$ upto= db=
  trap 'docker rm --force --volumes "$box" >/dev/null 2>&1; rm -rf -- "$drill"' EXIT
  trap 'exit 1' HUP INT TERM
  for item in ${*:-$items}; do
    about "$item"
    told=$(drill_one 2>&1) && result=ok || result=failed
    docker rm --force --volumes "$box" >/dev/null 2>&1
    rm -rf -- "$drill"
    name=$(names_of "$item" | tail -n 1)
    digest=$(sha256sum 2>/dev/null <"$root/$item/${name:-none}/manifest") || digest=-
    printf 'drill\t%s\t%s\t%s\t%s\t%s\n' "$item" "${name:--}" "$result" "$(printf '%s' "$told" | tr '\n\t' '  ' | cut -c 1-600)" "${digest%% *}"
  done
}

drill_one() (
  name=$(newest_of) || exit 1
  from=$root/$item/$name
  prove "$from" || exit 1
  mkdir -p -- "$drill" || exit 1
  image=$(value image "$from/manifest")
  case $kind in
    postgresql) drill_postgresql ;;
    redis) drill_redis ;;
    qdrant) drill_qdrant ;;
    files) drill_files ;;
    command) : ;;
  esac || exit 1
  told_of "$from"
)

# Arguments before and after the image.
in_a_box() {
  docker create --name "$box" --network none --pull never --label vpai.drill=yes "$@" >/dev/null || exit 1
}

# SECONDS COMMAND…: until it is true.
wait_for() {
  tries=$1; shift
  i=0; until "$@" >/dev/null 2>&1; do
    [ "$(docker inspect --format '{{.State.Running}}' -- "$box" 2>/dev/null)" = true ] || fail "it does not come up: $(docker logs --tail 3 "$box" 2>&1)"
    i=$((i + 1)); [ $i -lt "$tries" ] || fail "it does not come up within $tries s"
    sleep 1
  done
}

drill_postgresql() {
  in_a_box --env POSTGRES_HOST_AUTH_METHOD=trust "$image"
  docker start "$box" >/dev/null || exit 1
  # While the image makes its cluster, it answers on the socket alone.
  wait_for 120 docker exec "$box" pg_isready --quiet --username=postgres --host=127.0.0.1
  # Users that the image has made already are told of.
  docker exec --interactive "$box" psql --username=postgres --dbname=template1 --no-psqlrc --quiet <"$from/globals.sql" >/dev/null 2>&1
  sed -n "s/^database$tab//p" "$from/manifest" >"$drill/databases"
  [ -s "$drill/databases" ] || fail 'there is no database in it'
  while IFS=$tab read -r n one <&4; do
    if [ "$one" = postgres ]; then set -- --dbname=postgres; else set -- --dbname=template1 --create; fi
    docker exec --interactive "$box" pg_restore --username=postgres --exit-on-error "$@" <"$from/$n.dump" || fail "the database $one cannot be restored"
    printf '%s\n' "$count_tables" | psql_in "$box" psql --username=postgres --dbname="$one" --field-separator="$tab" >"$drill/now" || exit 1
    sed -n "s/^count$tab$n$tab//p" "$from/manifest" | sort >"$drill/then"
    sed "s/^count$tab//" "$drill/now" | sort | cmp -s - "$drill/then" || fail "the tables of $one do not hold the rows that were counted when it was made"
  done 4<"$drill/databases"
  grep -q "^count$tab" "$from/manifest" || fail 'no database in it has a table'
}

drill_redis() {
  in_a_box --user 0:0 --entrypoint redis-server "$image" --dir /data --save '' --appendonly no
  docker cp "$from/dump.rdb" "$box:/data/dump.rdb" >/dev/null || exit 1
  docker start "$box" >/dev/null || exit 1
  ping() { [ "$(docker exec "$box" redis-cli ping)" = PONG ]; }
  wait_for 120 ping
  now=$(docker exec "$box" redis-cli info keyspace | tr -d '\r' | sed -n 's/^db[0-9]*:keys=\([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n + 0 }') || exit 1
  IFS=$tab read -r all brief <<LINE
$(value keys "$from/manifest")
LINE
  # Keys that live for a time may have come to its end.
  [ "$now" -le "$all" ] && [ "$now" -ge $((all - brief)) ] || fail "it holds $now keys; the backup has $all, of which $brief live for a time"
}

drill_qdrant() {
  mkdir -- "$drill/storage" && tar -C "$drill/storage" -xpf "$from/storage.tar" || fail 'the storage cannot be unpacked'
  in_a_box --user 0:0 --volume "$drill/storage:/qdrant/storage" "$image"
  docker start "$box" >/dev/null || exit 1
  wait_for 120 qdrant_counts "$box"
  qdrant_counts "$box" >"$drill/now" || exit 1
  sed -n "/^collection$tab/p" "$from/manifest" | while IFS=$tab read -r word one points; do
    now=$(sed -n "s/^$word$tab$one$tab//p" "$drill/now")
    [ -n "$now" ] || fail "the collection $one is not in it"
    [ "$points" = '?' ] || [ "$now" = "$points" ] || fail "the collection $one has $now points, and had $points"
  done
}

drill_files() {
  tar -C "$drill" -xpf "$from/files.tar" || fail 'it cannot be unpacked'
  now=$(find "$drill" -mindepth 1 | wc -l)
  sed -n "s/^path$tab//p" "$from/manifest" | while IFS= read -r path; do
    [ -e "$drill$path" ] || fail "$path is not in it"
  done
  [ "$now" -ge "$(value members "$from/manifest")" ] || fail "$now files and folders came out of it"
}

#!/bin/sh
# Starts the server as the account redis, reachable from other containers unless the command line says otherwise.
set -eu
case ${1:-redis-server} in
  -* | *.conf) set -- redis-server "$@" ;;
  redis-server) ;;
  *) exec "$@" ;;
esac
echo "real version $(redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/') under pinned name ${PINNED:-redis}"
shift
case " $* " in *' --protected-mode '*) ;; *) set -- "$@" --protected-mode no ;; esac
if [ "$(id -u)" = 0 ]; then
  # A dropped capability keeps root from handing over; the server then runs as it is.
  chown redis:redis /data 2>/dev/null || :
  if setpriv --reuid redis --regid redis --init-groups true 2>/dev/null; then
    exec setpriv --reuid redis --regid redis --init-groups redis-server "$@"
  fi
fi
exec redis-server "$@"

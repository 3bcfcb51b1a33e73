/**
 * The program that serves requests on a host, and the command line that starts it.
 *
 * The loader is all that ever shows in a process list or in sudo's log. It reads lines until one starts
 * with `vpai1:` and runs the rest of that line, which is the helper: so the helper, the nonce and
 * everything after them travel on stdin only. The loader holds no newline, backslash, exclamation mark or
 * single quote, because sh, zsh, fish and csh login shells all have to pass it on unharmed.
 *
 * Needed on the host: sh, mktemp, rm, cat, id and dd (or head). Used when there: timeout, setsid, /proc.
 */
export const LOADER = 'while IFS= read -r l;do case $l in vpai1:*)eval "${l#vpai1:}";exit;;esac;done'

/** The line that turns a waiting loader into a helper. The nonce marks every frame it sends. */
export function helperLine(nonce: string): string {
  return `vpai1:N=${nonce}; ${HELPER}\n`
}

/** Bytes; what a command reads is kept on the disk from there on. */
const IN_MEMORY = 8 * 1024 * 1024

/**
 * Kept as one line for the loader: comments and line breaks are taken out, every statement ends in `;`.
 *
 * Names: N nonce · T own directory · W/K timeout and its -k · G setsid · g own process group · u own uid · B boot id ·
 * F failed chains · k requests whose files are still there, emptied: one rm for many ·
 * per request i id, a script length, b body length, t seconds, c chain.
 * Files in T: s script · b what a command reads (S: its name) · o, e outputs · p process group · r there once the
 * command has ended · c there when it is to end, also before it began (cancel.ts) · q written to see that one can.
 */
const HELPER = oneLine(`
LC_ALL=C; export LC_ALL; unset ENV BASH_ENV CDPATH IFS; umask 022;
PATH=\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH;
cd "\${HOME:-/}" 2>/dev/null || cd /;

# A private directory, in memory for root. Not for others: systemd-logind empties /dev/shm when their last login ends.
T=; S=; F=" "; k=0; i=-; u=$(id -u);
if [ "$u" = 0 ]; then set -- /dev/shm /run /tmp /var/tmp; else set -- "\${TMPDIR:-/tmp}" /tmp /var/tmp "\${HOME:-/-}" /dev/shm; fi;
for d in "$@"; do
  [ -d "$d" ] && [ -w "$d" ] && T=$(umask 077; mktemp -d "$d/.vpai-XXXXXXXXXX" 2>/dev/null) && {
    { printf abcdefg >"$T/t" && [ -s "$T/t" ] && break; } 2>/dev/null;
    rm -rf "$T";
  };
  T=;
done; set --;
trap 'trap "" 1 2 13 15; [ -z "$T" ] || rm -rf "$T" "\${S:-$T}"' 0;
trap 'exit 129' 1; trap 'exit 130' 2; trap 'exit 141' 13; trap 'exit 143' 15;
[ -n "$T" ] || { printf '\\n%s X - notmp\\n' "$N"; exit 71; };

# rd N copies exactly N bytes. busybox head takes more than it gives, so each way is tried out first.
rd() { dd bs=65536 count="$1" iflag=fullblock,count_bytes 2>/dev/null; };
[ "$({ rd 3; printf -; cat; } <"$T/t")" = abc-defg ] || {
  rd() { head -c "$1"; };
  [ "$(cat "$T/t" | { rd 3; printf -; cat; })" = abc-defg ] || rd() { dd bs=1 count="$1" 2>/dev/null; };
};
rm -f "$T/t";
W=0; K=; if timeout -k 5 5 true 2>/dev/null; then W=1; K="-k 5"; elif timeout 5 true 2>/dev/null; then W=1; fi;
G=; setsid true 2>/dev/null && G=setsid;
g=; { read -r z z z z g z </proc/$$/stat; } 2>/dev/null;
B=-; { read -r B </proc/sys/kernel/random/boot_id; } 2>/dev/null;
die() { printf '\\n%s X %s %s\\n' "$N" "$i" "$1"; exit 70; };
printf '\\n%s H 1 %s %s %s %s %s %s\\n' "$N" "$$" "$u" "$W" "\${G:--}" "\${B:--}" "$T";

# Runs the script in a process group of its own and tells which one; only then it looks whether it is to begin at all.
# Who cancels leaves his word first and looks for the group then: so one of the two sees the other.
w='read -r z z z z g z </proc/$$/stat; echo $g >"$0.p"; [ ! -e "$1" ] || exit 143; shift; . "$0"';
if [ $W = 1 ]; then x() { $G timeout $K "$t" sh -c "$w" "$s" "$T/c$i"; }; else x() { $G sh -c "$w" "$s" "$T/c$i"; }; fi;

# What does not read all its stdin must not leave the rest in the stream.
drain() { if [ "$b" -gt 65536 ]; then cat >/dev/null; else while read -r z; do :; done; fi; };

while read -r m i a b t c; do
  case $m in
    R) ;;
    B) find "\${T%/*}" -maxdepth 1 -name '.vpai-*' -user "$u" -mtime +1 -exec rm -rf {} + 2>/dev/null; exit 0;;
    *) i=-; die badframe;;
  esac;
  k=$((k+1)); [ $k -lt 64 ] || { rm -f "$T"/[soerq][0-9]*; k=0; };
  s=$T/s$i; o=$T/o$i; e=$T/e$i;
  rd "$a" >"$s" || die io;
  # The newline after each part proves that it arrived whole: a cut-off script must never run.
  read -r z || die truncated; [ -z "$z" ] || die desync;

  case $F in *" $c "*)
    [ "$b" = 0 ] || { rd "$b" >/dev/null; read -r z || die truncated; };
    : >"$s"; printf '\\n%s K %s\\n' "$N" "$i"; continue;;
  esac;

  if [ "$t" = 0 ]; then
    if [ "$b" = 0 ]; then ( . "$s" ) </dev/null >"$o" 2>"$e"; r=$?;
    else rd "$b" | { ( . "$s" ) >"$o" 2>"$e"; r=$?; drain; exit $r; }; r=$?; fi;
  else
    # A command begins when all that it reads has arrived: it cannot tell half of a table from a whole one.
    if [ "$b" = 0 ]; then x </dev/null >"$o" 2>"$e"; r=$?;
    else
      S=$T/b$i;
      [ "$b" -lt ${IN_MEMORY} ] || S=$(umask 077; mktemp /var/tmp/.vpai-XXXXXXXXXX 2>/dev/null) || S=$T/b$i;
      rd "$b" >"$S" || die io;
      read -r z || die truncated; [ -z "$z" ] || die desync;
      # By a pipe: in a file it could go back to before its own part, where its environment stood.
      cat "$S" | { x >"$o" 2>"$e"; r=$?; drain; exit $r; }; r=$?;
      rm -f "$S"; S=; b=0;
    fi;
    : >"$T/r$i";
    # busybox timeout kills one process, so the rest of the group is ended here.
    case $r in 124|137|143)
      h=; { read -r h <"$s.p"; } 2>/dev/null;
      case $h in ''|*[!0-9]*|0|1|"$g") ;; *) [ -z "$g" ] || kill -9 -$h 2>/dev/null;; esac;;
    esac;
  fi;
  [ "$b" = 0 ] || { read -r z || die truncated; [ -z "$z" ] || die desync; };
  # Where nothing more can be written, what was written before may be cut short.
  { echo >"$T/q$i" && : >"$T/q$i"; } 2>/dev/null || die io;
  [ $r = 0 ] || [ "$c" = - ] || F="$F$c ";

  p=0; [ ! -s "$o" ] || p=$(($(wc -c <"$o")));
  q=0; [ ! -s "$e" ] || q=$(($(wc -c <"$e")));
  printf '\\n%s A %s %s %s %s\\n' "$N" "$i" "$r" "$p" "$q";
  [ "$p" = 0 ] || rd "$p" <"$o";
  [ "$q" = 0 ] || rd "$q" <"$e";
  : >"$s"; : >"$o"; : >"$e"; [ "$t" = 0 ] || { : >"$s.p"; [ ! -e "$T/c$i" ] || rm -f "$T/c$i"; };
done;
exit 0
`)

function oneLine(text: string): string {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .join(' ')
}

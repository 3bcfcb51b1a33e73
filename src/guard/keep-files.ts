/** Part of the guard's program: files and folders as they were, and how they come back. */
export const KEEP_FILES = `
is_there() { [ -e "$1" ] || [ -L "$1" ]; }

# What is at a path, as a text that is equal when nothing differs.
mark() {
  if ! is_there "$1"; then echo absent
  elif [ -d "$1" ] && [ ! -L "$1" ]; then
    ( cd -- "$1" && find . -exec stat -c '%n %F %a %u:%g %N' -- {} + | sort && find . -type f -exec cksum {} + | sort )
  elif [ -L "$1" ]; then readlink -- "$1"
  else stat -c '%F %a %u:%g' -- "$1"; cksum <"$1"
  fi
}

# The number of a path is its line in the list; an image that is not there means that nothing was there.
keep() {
  n=$(( $(wc -l <"$g/paths") + 1 ))
  if is_there "$1"; then cp -a -- "$1" "$g/pre/$n" || return 1; fi
  printf '%s\\n' "$1" >>"$g/paths"
  if [ -L "$1" ] && [ -f "$1" ]; then keep "$(readlink -f -- "$1")"; fi
}

# Written beside it, then moved there: what reads it sees the one or the other.
put_back() {
  new=$1.vpai-guard
  rm -rf -- "$new"
  if ! is_there "$2"; then rm -rf -- "$1"; return; fi
  mkdir -p -m 755 -- "\${1%/*}" && cp -a -- "$2" "$new" || return 1
  if [ -d "$1" ] && [ ! -L "$1" ]; then
    old=$1.vpai-former
    rm -rf -- "$old"
    if mv -- "$1" "$old" 2>/dev/null; then mv -- "$new" "$1"; rm -rf -- "$old"; return; fi
    # A mount point stays where it is.
    find "$1" -mindepth 1 -maxdepth 1 -exec rm -rf -- {} + ; cp -a -- "$new/." "$1/"; rm -rf -- "$new"
  else
    mv -f -- "$new" "$1"
  fi
}

put_back_files() {
  n=0
  while IFS= read -r path; do
    n=$((n + 1))
    [ "$(mark "$path")" != "$(mark "$g/pre/$n")" ] || continue
    changed="$changed $path"
    if put_back "$path" "$g/pre/$n"; then say "$path put back"; else say "$path could not be put back"; fi
  done <"$g/paths"
}

has_changed() { case "$changed" in *" $1"*) return 0;; esac; return 1; }
`

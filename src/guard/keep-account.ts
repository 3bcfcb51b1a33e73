/** Part of the guard's program: the lines of one user in the account database, and nobody else's. */
export const KEEP_ACCOUNT = `
home_of() {
  while IFS=: read -r name x x x x home x; do
    [ "$name" != "$1" ] || { printf '%s' "$home"; return; }
  done </etc/passwd
}

# Lines that begin with the name and, of groups, those with the user among the members.
lines_of() {
  while IFS= read -r line; do
    case $line in
      "$2":*) printf '%s\\n' "$line";;
      *) case $1 in *group|*gshadow) case ",\${line##*:}," in *",$2,"*) printf '%s\\n' "$line";; esac;; esac;;
    esac
  done <"$1"
}

keep_account() {
  echo "$1" >"$g/account"
  for file in passwd shadow group gshadow; do
    [ ! -e "/etc/$file" ] || lines_of "/etc/$file" "$1" >"$g/account.$file" || return 1
  done
}

# The kept lines in place of those with the same name, or behind the last.
with_kept() {
  while IFS= read -r line; do
    kept=
    while IFS= read -r one; do [ "\${one%%:*}" != "\${line%%:*}" ] || kept=$one; done <"$2"
    printf '%s\\n' "\${kept:-$line}"
  done <"$1"
  while IFS= read -r one; do
    is_new=1
    while IFS= read -r line; do [ "\${one%%:*}" != "\${line%%:*}" ] || is_new=; done <"$1"
    [ -z "$is_new" ] || printf '%s\\n' "$one"
  done <"$2"
}

put_back_account() {
  [ -e "$g/account" ] || return 0
  for file in passwd shadow group gshadow; do
    kept=$g/account.$file
    [ -e "$kept" ] && [ -e "/etc/$file" ] || continue
    with_kept "/etc/$file" "$kept" >"$g/account.new"
    ! cmp -s "$g/account.new" "/etc/$file" || continue
    cp -a "/etc/$file" "/etc/$file.vpai-guard" && cat "$g/account.new" >"/etc/$file.vpai-guard" &&
      mv -f "/etc/$file.vpai-guard" "/etc/$file" && say "the lines of $(cat "$g/account") in /etc/$file put back"
  done
}
`

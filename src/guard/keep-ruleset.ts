/**
 * Part of the guard's program: the firewall as the kernel has it. What iptables keeps in nftables can only be read and
 * written by iptables, so tables of its own stay out of what nft keeps.
 */
export const KEEP_RULESET = `
own_tables() {
  nft list tables 2>/dev/null | while read -r word family table; do
    case $family/$table in
      ip/filter|ip/nat|ip/mangle|ip/raw|ip/security|ip6/filter|ip6/nat|ip6/mangle|ip6/raw|ip6/security)
        case $(nft list table "$family" "$table" 2>&1) in *'managed by iptables'*|*' xt '*) continue;; esac;;
    esac
    echo "$family $table"
  done
}

keep_ruleset() {
  if has nft; then
    : >"$g/rules.nft"
    own_tables | while read -r family table; do nft list table "$family" "$table" >>"$g/rules.nft"; done
  fi
  for tool in iptables ip6tables; do
    ! has $tool-save || $tool-save >"$g/rules.$tool" 2>/dev/null || rm -f "$g/rules.$tool"
  done
}

# Without counters and comments.
rules() { sed -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//' -e 's/counter packets [0-9]* bytes [0-9]*/counter/'; }

put_back_ruleset() {
  if [ -e "$g/rules.nft" ]; then
    now=$(own_tables | while read -r family table; do nft list table "$family" "$table"; done | rules)
    if [ "$now" != "$(rules <"$g/rules.nft")" ]; then
      { own_tables | while read -r family table; do echo "delete table $family $table"; done; cat "$g/rules.nft"; } >"$g/rules.new"
      if nft -f "$g/rules.new" 2>/dev/null; then say 'the rules of nftables put back'; else say 'the rules of nftables could not be put back'; fi
    fi
  fi
  for tool in iptables ip6tables; do
    [ -e "$g/rules.$tool" ] || continue
    [ "$($tool-save 2>/dev/null | rules)" != "$(rules <"$g/rules.$tool")" ] || continue
    # A table that was not there yet becomes one without rules.
    $tool-save 2>/dev/null | sed -n 's/^[*]//p' | while read -r table; do
      ! grep -qx "[*]$table" "$g/rules.$tool" || continue
      $tool -t "$table" -S | while read -r flag chain policy; do
        [ "$flag" != -P ] || $tool -t "$table" -P "$chain" ACCEPT
      done
      $tool -t "$table" -F; $tool -t "$table" -X
      case $tool in ip6*) family=ip6;; *) family=ip;; esac
      ! has nft || nft delete table $family "$table"
    done 2>/dev/null
    if $tool-restore <"$g/rules.$tool" 2>/dev/null; then say "the rules of $tool put back"; else say "the rules of $tool could not be put back"; fi
  done
}
`

import { didYouMean } from '../../base/did-you-mean.ts'
import { VpaiError } from '../../base/error.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** vpai completion bash|zsh|fish: a script that asks `vpai __complete` for words, and the shell for files. */
export async function run({ args, io }: Invocation): Promise<number> {
  const [shell = ''] = args
  const script = SCRIPTS[shell]
  if (script === undefined) {
    throw new VpaiError('COMPLETION_SHELL', `there is no completion for ${shell}`, {
      hint: didYouMean(shell, Object.keys(SCRIPTS)) ?? 'There is one for bash, zsh and fish.',
    })
  }
  io.out.write(script)
  return EXIT.fine
}

/** Candidates come one a line, with a tab and a description where there is one. No line: files, if the shell has any. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion of vpai; for good: vpai completion bash > ~/.local/share/bash-completion/completions/vpai
_vpai() {
  local word
  COMPREPLY=()
  # Not compgen -W: that would run what stands in a word.
  while IFS=$'\\t' read -r word _; do
    COMPREPLY+=("$word")
  done < <(vpai __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _vpai vpai
`,
  zsh: `#compdef vpai
# zsh completion of vpai; for good: put this into a folder of $fpath as _vpai
_vpai() {
  local -a lines described
  lines=("\${(@f)$(vpai __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  lines=("\${(@)lines:#}")
  if (( $#lines == 0 )); then
    _files
    return
  fi
  local line
  for line in $lines; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${\${line#*$'\\t'}:-}")
  done
  _describe vpai described || _files
}
if [ "$funcstack[1]" = _vpai ]; then
  _vpai "$@"
else
  compdef _vpai vpai
fi
`,
  fish: `# fish completion of vpai; for good: vpai completion fish > ~/.config/fish/completions/vpai.fish
function __vpai_words
    set -l words (commandline -opc) (commandline -ct)
    vpai __complete -- $words[2..-1] 2>/dev/null
end
complete -c vpai -a '(__vpai_words)'
`,
}

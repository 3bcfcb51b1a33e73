/** -e: k=v words, a JSON or YAML mapping, or @file; later ones win. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { type Dict, isDict, looksLikeTemplate, Template } from '../../base/value.ts'
import { isVaulted, type Vault } from '../../base/vault.ts'
import { splitArguments } from '../../config/split-arguments.ts'
import { readYaml } from '../../yaml/read-yaml.ts'

export interface ExtraVarsSource {
  readonly cwd: string
  readonly vault: Vault
}

export function readExtraVars(given: readonly string[], from: ExtraVarsSource): Dict {
  return Object.assign({}, ...given.map(one => readOne(one.trim(), from)))
}

function readOne(text: string, { cwd, vault }: ExtraVarsSource): Dict {
  if (text.startsWith('@'))
    return mappingIn(fileText(path.resolve(cwd, text.slice(1)), text), text.slice(1), vault)
  if (text.startsWith('{') || text.startsWith('[')) return mappingIn(text, 'command line')
  const { pairs, rest } = splitArguments(text, () => true)
  if (rest !== '' || pairs.length === 0) {
    throw new VpaiError('EXTRA_VARS', `--extra-vars: ${text} is not k=v`, {
      hint: 'Write name=value, a JSON mapping, or @file.',
    })
  }
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, looksLikeTemplate(value) ? new Template(value) : value]),
  )
}

function fileText(file: string, given: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new VpaiError('EXTRA_VARS', `--extra-vars ${given}: the file cannot be read`, { cause })
  }
}

function mappingIn(text: string, file: string, vault?: Vault): Dict {
  const document = readYaml(text, { file, templates: true, vault })
  const problem = document.problems.find(one => one.severity !== 'warning')
  if (problem)
    throw new VpaiError('EXTRA_VARS', `--extra-vars: ${problem.message}`, { position: problem.position })
  if (isDict(document.value)) return document.value
  if (document.value === null && vault?.mayStayClosed === true && isVaulted(text)) return {}
  throw new VpaiError('EXTRA_VARS', `--extra-vars: ${file} does not hold a mapping of variables`)
}

/** Variables of a play: vars, vars_prompt over them, vars_files over both. */
import { VpaiError } from '../base/error.ts'
import { type Dict, Template, type Value } from '../base/value.ts'
import type { Play, VarsPrompt } from '../config/model.ts'
import type { Templar } from '../template/index.ts'
import type { Frame } from './frame.ts'
import { HostStates } from './host-states.ts'
import { PlayState } from './play-state.ts'
import { dictScope, lazyScope, type Scope, stack } from './scope.ts'
import { absolute, type Place, scopeOf, templarOf } from './variables.ts'
import type { World } from './world.ts'

export interface BeforeHosts {
  /** For what is decided before there are hosts: hosts, serial, max_fail_percentage. */
  readonly first: Templar
  /** vars_prompt over vars. */
  readonly own: readonly Scope[]
}

/** Asks what vars_prompt asks, once a play. Throws VARS_PROMPT_UNANSWERED where nobody can be asked. */
export async function beforeHosts(world: World, play: Play, frame: Frame): Promise<BeforeHosts> {
  const prompted: Record<string, Value> = {}
  const own = [dictScope(prompted), dictScope(play.vars ?? {})]
  const probe = new PlayState(play, [], { states: new HostStates(undefined), name: '', playbook: '' })
  const magic = lazyScope({
    groups: () => world.inventory.groups,
    playbook_dir: () => absolute(world, play.directory),
    ansible_check_mode: () => world.options.check,
  })
  const scope = stack([magic, dictScope(world.options.extraVars), ...own])
  const first = templarOf({ world, play: probe, host: probe.hostState('localhost'), frame }, scope)
  for (const one of play.varsPrompt) {
    if (Object.hasOwn(world.options.extraVars, one.name)) continue
    prompted[one.name] = encrypted(world, await answerTo(world, one, first), { prompt: one, templar: first })
  }
  return { first, own }
}

async function answerTo(world: World, prompt: VarsPrompt, templar: Templar): Promise<Value> {
  const otherwise = prompt.default === undefined ? undefined : templar.value(prompt.default)
  const text = templar.text(templar.value(prompt.prompt))
  const shown = otherwise === undefined || prompt.private ? text : `${text} [${templar.text(otherwise)}]`
  for (;;) {
    const answer = await world.prompt(shown, !prompt.private)
    if (answer === null && otherwise === undefined) {
      throw new VpaiError(
        'VARS_PROMPT_UNANSWERED',
        `the play asks for ${prompt.name}, and nobody can be asked`,
        {
          hint: `Give it on the command line: -e ${prompt.name}=…`,
          position: prompt.position,
        },
      )
    }
    if (answer === null || (answer === '' && otherwise !== undefined)) return otherwise as Value
    if (prompt.confirm && (await world.prompt(`${text} (once more)`, !prompt.private)) !== answer) continue
    // A private question is about a secret, unless it is answered with a plain yes or no.
    if (prompt.private && !/^(y|yes|n|no|true|false)$/i.test(answer)) world.secrets.add(answer)
    return answer
  }
}

function encrypted(world: World, answer: Value, { prompt, templar }: Asked): Value {
  const { encrypt, salt, saltSize } = prompt
  if (encrypt === undefined) return answer
  const given = salt ?? (saltSize === undefined ? undefined : world.token(saltSize))
  const words = [encrypt.replace(/_crypt$/, ''), ...(given === undefined ? [] : [given])]
  const args = words.map(word => JSON.stringify(word)).join(', ')
  return templar.expression(`${JSON.stringify(String(answer))} | password_hash(${args})`)
}

interface Asked {
  readonly prompt: VarsPrompt
  readonly templar: Templar
}

/** With vars_files, found per batch with the variables of its first host. */
export function withFiles(place: Place, play: Play, own: readonly Scope[]): Scope[] {
  const scopes = [...own]
  for (const file of play.varsFiles) scopes.unshift(dictScope(varsFile(place, file)))
  return scopes
}

function varsFile(place: Place, file: Value): Dict {
  const templar = templarOf(place, scopeOf(place, {}))
  const names = [templar.value(file)].flat().map(String)
  for (const name of names) {
    const found = place.world.files.find({ name: 'vars', kind: 'vars', path: name, optional: true }, [
      place.play.directory,
      `${place.play.directory}/vars`,
    ])
    if (found.kind === 'vars') return found.values
  }
  throw new VpaiError('VARS_FILE_MISSING', `vars_files: ${names.join(' and ')} was not found`, {
    hint: `Looked in ${place.play.directory} and its vars/ folder.`,
    position: file instanceof Template ? file.position : place.play.position,
  })
}

/** What an option of a container is wanted to be and what it is, in forms that can be compared. */
import type { Dict, Value } from '../../base/value.ts'
import type { ContainerArgs } from './container-arguments.ts'

/** What is known of the host when options are compared. */
export interface ContainerSight {
  /** `docker inspect` of the container; null when there is none. */
  readonly container: Dict | null
  /** The image asked for; null when it is not on the host. */
  readonly image: Dict | null
  /** The image the container was made of; null when it is gone. */
  readonly currentImage: Dict | null
  /** Ids of the containers whose namespaces are to be shared, by name. */
  readonly ids: ReadonlyMap<string, string>
  /** env and env_file together; null when neither is given. */
  readonly env: Readonly<Record<string, string>> | null
}

export type Wish =
  | {
      readonly kind: 'value'
      readonly want: string | number | boolean
      readonly have: Value
      readonly same?: (want: Value, have: Value) => boolean
    }
  | { readonly kind: 'list'; readonly want: readonly string[]; readonly have: readonly string[] }
  | {
      readonly kind: 'set'
      readonly want: readonly Value[]
      readonly have: readonly Value[]
      /** Does this entry of the container fulfil the wanted one? Default: they are equal. */
      readonly same?: (want: Value, have: Value) => boolean
      /** Shown instead of the entry, for entries that may hold a secret. */
      readonly shown?: (entry: Value) => Value
    }
  | {
      readonly kind: 'dict'
      readonly want: Readonly<Record<string, Value>>
      readonly have: Readonly<Record<string, Value>>
    }

export type OptionName = keyof ContainerArgs & string

/** One option, or a few that are one flag of docker. */
export interface ContainerOption {
  readonly name: OptionName
  /** Only asked when the option is given and the container is there. */
  readonly wish: (args: ContainerArgs, container: Dict, sight: ContainerSight) => Wish | null
  /** For `docker create`. */
  readonly flags: (args: ContainerArgs) => readonly string[]
  /** `docker update` takes the flags, too. */
  readonly updates?: boolean
}

/** Does what there is fulfil what is wanted, key by key? Nothing there counts as false, 0 and ''. */
export function covers(want: Value | undefined, have: Value | undefined): boolean {
  if (want === have) return true
  if (have === undefined || have === null) return isNothing(want)
  if (Array.isArray(want))
    return (
      Array.isArray(have) &&
      want.length === have.length &&
      want.every((one, index) => covers(one, have[index]))
    )
  if (typeof want !== 'object' || want === null || typeof have !== 'object') return false
  const there = have as Dict
  return Object.entries(want).every(([key, value]) => covers(value, there[key]))
}

function isNothing(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true
  if (typeof value !== 'object') return false
  return Array.isArray(value) ? value.length === 0 : Object.values(value).every(isNothing)
}

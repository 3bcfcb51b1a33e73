/** Every rule, in the order in which the list shows them. */
import type { Rule } from '../contract.ts'
import { certificatesUnchecked } from './certificates-unchecked.ts'
import { changedWhenMissing } from './changed-when-missing.ts'
import { commandInsteadOfModule } from './command-instead-of-module.ts'
import { handlerUnused } from './handler-unused.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { imageFloating, imageUnpinned } from './images.ts'
import { legacyWords } from './legacy-words.ts'
import { modeMissing } from './mode-missing.ts'
import { modeUnquoted } from './mode-unquoted.ts'
import { nameMissing } from './name-missing.ts'
import { packageLatest } from './package-latest.ts'
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts'
import { secretInClear } from './secret-in-clear.ts'
import { serviceHealthProvesNothing, serviceSecretInEnvironment, serviceWithoutBackup } from './services.ts'
import { shellInsteadOfCommand } from './shell-instead-of-command.ts'
import { variableUnused } from './variable-unused.ts'
import { whenBraces } from './when-braces.ts'

export const RULES: readonly Rule[] = [
  secretInClear,
  imageUnpinned,
  imageFloating,
  serviceSecretInEnvironment,
  serviceHealthProvesNothing,
  serviceWithoutBackup,
  modeUnquoted,
  modeMissing,
  commandInsteadOfModule,
  shellInsteadOfCommand,
  pipeWithoutPipefail,
  changedWhenMissing,
  ignoreErrors,
  handlerUnused,
  variableUnused,
  whenBraces,
  legacyWords,
  certificatesUnchecked,
  packageLatest,
  nameMissing,
]

/** Everything templates can name: all filters, tests, methods and globals in one Library. */
import { dataFilters } from './filters/data.ts'
import { dateFilters } from './filters/dates.ts'
import { dictFilters } from './filters/dicts.ts'
import { encodingFilters } from './filters/encoding.ts'
import { ipaddrFilters } from './filters/ipaddr.ts'
import { listFilters } from './filters/lists.ts'
import { logicFilters } from './filters/logic.ts'
import { numberFilters } from './filters/numbers.ts'
import { pathFilters } from './filters/paths.ts'
import { regexFilters } from './filters/regex.ts'
import { selectionFilters } from './filters/selection.ts'
import { setFilters } from './filters/sets.ts'
import { textFilters } from './filters/text.ts'
import { vaultFilters } from './filters/vault.ts'
import { globals } from './globals.ts'
import { dictMethods } from './methods/dict.ts'
import { listMethods } from './methods/list.ts'
import { strMethods } from './methods/str.ts'
import type { Library } from './runtime/library.ts'
import { mergeTables } from './runtime/signature.ts'
import { pathTests } from './tests/paths.ts'
import { resultTests } from './tests/results.ts'
import { textTests } from './tests/texts.ts'
import { valueTests } from './tests/values.ts'

export const standardLibrary: Library = {
  filters: mergeTables(
    textFilters,
    numberFilters,
    listFilters,
    setFilters,
    selectionFilters,
    dictFilters,
    logicFilters,
    dataFilters,
    regexFilters,
    encodingFilters,
    pathFilters,
    dateFilters,
    vaultFilters,
    ipaddrFilters,
  ),
  tests: mergeTables(valueTests, resultTests, textTests, pathTests),
  methods: { str: strMethods, list: listMethods, dict: dictMethods },
  globals,
}

export const FACTS_SCRIPT = 'echo ==end'

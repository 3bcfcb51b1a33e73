/** Set by the build from package.json; tests and unbuilt runs say dev. */
declare const VPAI_VERSION: string | undefined

export const VERSION: string = typeof VPAI_VERSION === 'string' ? VPAI_VERSION : '0.0.0-dev'

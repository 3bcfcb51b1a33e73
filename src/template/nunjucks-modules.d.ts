/** The inner files of nunjucks 3.2.4 have no types; `nunjucks-base.ts` gives them theirs. */
declare module 'nunjucks/src/parser.js' {
  const exported: { readonly Parser: unknown }
  export default exported
}

declare module 'nunjucks/src/compiler.js' {
  const exported: { readonly Compiler: unknown }
  export default exported
}

declare module 'nunjucks/src/nodes.js' {
  const exported: unknown
  export default exported
}

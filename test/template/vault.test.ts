import { describe, expect, it } from 'vitest'
import { errorOf, evaluate, PlainSecrets } from './make-templar.ts'

/** What Ansible's filter gives for 'x', 'pw' and this salt. */
const SEALED = `$ANSIBLE_VAULT;1.2;AES256;filter_default
37333631366337343733363136633734373336313663373437333631366337340a63656233316433
61393739653962336562393734376637303631316337386334323434616339366436636333313837
65616430306534633535316665643665370a36396636626230363632643964343464313764326266
37653137373139656536
`

describe('the filters vault and unvault', () => {
  it('seal what Ansible seals', () => {
    expect(evaluate("{{ 'x' | vault('pw', 'saltsaltsaltsalt') }}")).toBe(SEALED)
  })

  it('open it, and hide what came out', () => {
    const secrets = new PlainSecrets()
    expect(evaluate("{{ sealed | unvault('pw') }}", { sealed: SEALED }, { secrets })).toBe('x')
    expect(secrets.texts).toContain('x')
  })

  it('a text that is not encrypted comes as it is', () => {
    expect(evaluate("{{ 'plain' | unvault('pw') }}")).toBe('plain')
  })

  it.each([
    ['a wrong password', "{{ sealed | unvault('no') }}"],
    ['no password', '{{ sealed | unvault }}'],
    ['a damaged text', "{{ '$ANSIBLE_VAULT;1.1;AES256\\n00' | unvault('pw') }}"],
  ])('%s is an error', (_, source) => {
    expect(errorOf(() => evaluate(source, { sealed: SEALED })).code).toBe('TEMPLATE_VALUE')
  })
})

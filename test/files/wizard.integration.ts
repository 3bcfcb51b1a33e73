import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewSecrets } from '../../src/files/secrets-file.ts'
import { generateIdentity, type Keys } from '../../src/secrets/age.ts'
import { ANSWERS } from '../wizard/a-wizard.ts'
import { bundleDriver } from './bundle-driver.ts'

const hasTmux = spawnSync('tmux', ['-V']).status === 0
if (!hasTmux) console.warn('skipped: no tmux here')

const base = mkdtempSync(path.join(tmpdir(), 'vpai-tmux-'))
const project = path.join(base, 'project')
const socket = path.join(base, 'socket')
let keys: Keys

const tmux = (...args: string[]) =>
  spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' }).stdout
const screen = () => tmux('capture-pane', '-p', '-J', '-S', '-2000', '-t', 'wizard')
const type = (text: string) => tmux('send-keys', '-t', 'wizard', '-l', '--', text)
const press = (...names: string[]) => tmux('send-keys', '-t', 'wizard', ...names)

beforeAll(async () => {
  keys = { identities: [await generateIdentity()] }
  if (hasTmux) bundleDriver(path.join(import.meta.dirname, 'wizard-driver.ts'), path.join(base, 'driver.mjs'))
})
afterAll(() => {
  if (hasTmux) tmux('kill-server')
  rmSync(base, { recursive: true, force: true })
})

function start(): void {
  tmux('kill-session', '-t', 'wizard')
  const key = keys.identities?.[0]?.reveal() ?? ''
  tmux(
    'new-session',
    '-d',
    '-s',
    'wizard',
    '-x',
    '200',
    '-y',
    '50',
    `${process.execPath} ${base}/driver.mjs ${project} ${key}; sleep 600`,
  )
}

/** The question that waits: the last line that begins with the prompt's question mark. */
function waiting(): string | undefined {
  const lines = screen()
    .split('\n')
    .filter(line => line.trim() !== '')
  return lines.findLast(line => line.startsWith('? '))
}

const TITLES: Readonly<Record<string, string>> = {
  'Domain ': String(ANSWERS.domain_name),
  'E-mail for certificates': String(ANSWERS.notification_email),
  'Telegram bot token for alerts': String(ANSWERS.telegram_monitoring_bot_token),
  'Telegram chat for alerts': String(ANSWERS.telegram_monitoring_chat_id),
  'First name of': 'Ada',
  'Last name of': 'Example',
  'LiteLLM administrator ': 'ada',
  'S3 access key': 'S3-ACCESS-KEY-0001',
  'S3 secret key': 'S3-SECRET-KEY-0001',
  'Public keys that may': String((ANSWERS.ssh_authorized_keys as readonly string[])[0]),
}

/** Public addresses are asked for under a step's own words, so they go by order. */
const ADDRESSES = ['203.0.113.10', '198.51.100.7']

/** Answers until `until` is on the screen. A question is new when one more than before is ticked off. */
async function answer(until: RegExp): Promise<string> {
  const addresses = [...ADDRESSES]
  for (let answered = 0; ; answered += 1) {
    const isNext = () => until.test(screen()) || (count() === answered && waiting() !== undefined)
    await expect.poll(isNext, { timeout: 15_000 }).toBe(true)
    const shown = screen()
    if (until.test(shown)) return shown
    const question = `${waiting()} `.replace(/^\? /, '')
    const text = /^Public address +$/.test(question)
      ? addresses.shift()
      : Object.entries(TITLES).find(([title]) => question.startsWith(title))?.[1]
    if (text !== undefined) type(text)
    press('Enter')
  }
}

/** How many questions are answered. */
function count(): number {
  return screen()
    .split('\n')
    .filter(line => /^[✔✓] /.test(line)).length
}

function tree(): Record<string, string> {
  if (!existsSync(project)) return {}
  const names = readdirSync(project, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    names
      .filter(name => statSync(path.join(project, name)).isFile())
      .map(name => [name, readFileSync(path.join(project, name), 'latin1')]),
  )
}

describe.skipIf(!hasTmux)('the wizard at a terminal', () => {
  it('stopped by Ctrl-C before the end writes nothing', async () => {
    start()
    await expect.poll(waiting, { timeout: 15_000 }).toMatch(/Which systems/)
    press('Enter')
    await expect.poll(waiting, { timeout: 15_000 }).toMatch(/Project name/)
    press('C-c')
    await expect.poll(screen, { timeout: 15_000 }).toContain('ENDED WITH WIZARD_LEFT')
    expect(tree()).toEqual({})
  })

  it('leads from the first question to the written project', async () => {
    start()
    const shown = await answer(/WROTE \d+ FILES|ENDED WITH/)
    expect(shown).toContain('WROTE 10 FILES')
    expect(shown).not.toContain('S3-SECRET-KEY-0001')
    const clear = await viewSecrets(path.join(project, 'inventory/secrets.age'), keys)
    expect(clear).toContain('s3_secret_key: "S3-SECRET-KEY-0001"')
    expect(tree()['inventory/hosts.yml']).toContain('ansible_host: 203.0.113.10')
    expect(tree()['inventory/hosts.yml']).toContain('ansible_host: 198.51.100.7')
  }, 120_000)

  it('stopped by Ctrl-C in the middle of a second run leaves every file as it was', async () => {
    const before = tree()
    start()
    await answer(/\? Host name/)
    type('other-name')
    press('Enter')
    await expect.poll(waiting, { timeout: 15_000 }).toMatch(/Public address/)
    press('C-c')
    await expect.poll(screen, { timeout: 15_000 }).toContain('ENDED WITH WIZARD_LEFT')
    expect(tree()).toEqual(before)
  })
})

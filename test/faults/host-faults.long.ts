/** Hosts with something wrong: a deploy ends in a clear error or goes through, and the next one makes the host whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEPLOY, Deploys, hostTree, leftIn, type Twin } from './deploys.ts'
import { EmbeddedHost, whyNoEmbeddedHost } from './embedded-host.ts'
import { HOST_FAULTS } from './host-faults.ts'
import { keepResults } from './results.ts'

const reason = await whyNoEmbeddedHost()
if (reason !== null) console.warn(`no host has a fault: ${reason}`)

describe.skipIf(reason !== null)('a host with', () => {
  let deploys: Deploys
  let host: EmbeddedHost
  let twin: Twin
  const found: object[] = []
  beforeAll(async () => {
    deploys = new Deploys(name => host.place(name))
    host = await EmbeddedHost.start()
    twin = await deploys.undisturbed('twin', DEPLOY)
    await host.stop()
  })
  afterAll(() => {
    deploys?.remove()
    keepResults('host-faults', { faults: HOST_FAULTS.length, whole: found.length, found })
  })

  it.each(HOST_FAULTS.map(fault => [fault.name, fault] as const))('%s is whole again', async (_, fault) => {
    host = await EmbeddedHost.start()
    try {
      const place = host.place('one', fault.variables)
      const project = deploys.project(fault.name.replaceAll(/\W+/g, '-'), place)
      const where = `target=${place.target} record=${place.record}\n`
      await host.sh(`${where}${fault.make}`)
      const { status, told } = await deploys.vpai(project, DEPLOY)
      expect({ status, told }).toEqual({
        status: fault.ends?.code ?? 0,
        told: fault.ends === null ? told : expect.stringMatching(fault.ends.told),
      })
      if (fault.ends?.untouched) expect(hostTree(project)).toEqual([])
      expect(leftIn(project).filter(name => name.endsWith('.tmp'))).toEqual([])
      if (fault.mend !== undefined) await host.sh(`${where}${fault.mend}`)
      await deploys.makesWhole(project, [...DEPLOY, ...(fault.then ?? [])], twin)
      await expect.poll(() => host.ownFiles(), { timeout: 60_000 }).toEqual([])
      found.push({ fault: fault.name, code: status, whole: 1 })
    } finally {
      await host.stop()
    }
  })
})

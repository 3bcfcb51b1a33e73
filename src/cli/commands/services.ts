import path from 'node:path'
import { loadPlaybooks } from '../../config/load-playbooks.ts'
import type { Play } from '../../config/model.ts'
import { projectFiles } from '../../files/project-files.ts'
import { jsonValue } from '../../report/lines.ts'
import { bare, coloured } from '../../report/style.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { requireGroup } from '../play.ts'
import { knownNames, loadOptions } from '../project/load-options.ts'
import { openProject, type Project, throwErrors } from '../project/open.ts'
import { anySitePlaybook } from '../project/site-playbook.ts'
import { hostsOf, hostTemplar, servicesOf, shownPattern, usesOf } from '../services/play-services.ts'
import { serviceView } from '../services/service-view.ts'
import { type ServicesOf, servicesText } from '../services/services-text.ts'
import { tellWarnings } from '../warnings.ts'

/** vpai services [ENV]: the containers that the roles of the site playbook declare. Connects to nobody. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env] = args
  const project = await openProject({
    io,
    options,
    needsSecrets: false,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
  })
  throwErrors(project.problems)
  if (env !== undefined) requireGroup(project, env)
  const loading = await loadOptions(project, knownNames(project))
  const loaded = loadPlaybooks(projectFiles(project.root), [anySitePlaybook(project)], loading)
  throwErrors(loaded.problems)
  tellWarnings(io, loaded.problems)
  const plays = loaded.playbooks.flatMap(playbook => playbook.plays)
  const all = plays.flatMap(play => ofPlay(project, play, env)).filter(({ services }) => services.length > 0)
  if (options.output === 'json') {
    const document = { version: 1, env: env ?? null, hosts: all }
    io.out.write(project.registry.mask(`${JSON.stringify(document, jsonValue, 2)}\n`))
    return EXIT.fine
  }
  const isPretty =
    (options.output === 'pretty' || (options.output === undefined && io.stdoutIsTty)) && !io.env.NO_COLOR
  const text = project.registry.mask(servicesText(all, (isPretty ? coloured() : bare()).bold))
  io.out.write(all.length === 0 ? 'No role of the playbook has a service.yml.\n' : text)
  return EXIT.fine
}

function ofPlay(project: Project, play: Play, env: string | undefined): ServicesOf[] {
  const uses = usesOf(play)
  const services = servicesOf(uses)
  if (env === undefined)
    return [{ host: shownPattern(play), services: services.map(service => serviceView(service, null)) }]
  return hostsOf(project, play, env).map(host => {
    const templar = hostTemplar(project, { play, uses, host, env })
    return { host, services: services.map(service => serviceView(service, templar)) }
  })
}

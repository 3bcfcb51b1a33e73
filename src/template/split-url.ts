import type { Dict } from '../base/value.ts'

/** The parts of a URL under the names Python's urlsplit gives them. */
export function splitUrl(url: string): Dict {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(url) ?? []
  const [, userInfo, host, port] = /^(?:(.*)@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(netloc) ?? []
  const colon = userInfo?.indexOf(':') ?? -1
  return {
    fragment,
    hostname: host ? host.toLowerCase().replace(/^\[|\]$/g, '') : null,
    netloc,
    password: userInfo !== undefined && colon >= 0 ? userInfo.slice(colon + 1) : null,
    path,
    port: port ? Number(port) : null,
    query,
    scheme: scheme.toLowerCase(),
    username: userInfo === undefined ? null : colon >= 0 ? userInfo.slice(0, colon) : userInfo,
  }
}

/**
 * A stand-in for an S3 store, for Debian has no server of it and its rclone cannot serve one: buckets and objects in
 * memory, in the words of the S3 API that rclone uses (paths, not host names). It checks no signature, only that the key
 * is named; no parts, no versions, no rights.
 */
import { type ChildProcess, spawn } from 'node:child_process'

export interface S3Fake {
  readonly endpoint: string
  stop(): void
}

const SOURCE = `
const { createHash } = require('node:crypto')
const buckets = new Map()
const xml = body => '<?xml version="1.0" encoding="UTF-8"?>' + body
const missing = what => [404, {}, xml('<Error><Code>NoSuch' + what + '</Code><Message>no such ' + what + '</Message></Error>')]
const escape = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
function listing(bucket, params) {
  const prefix = params.get('prefix') ?? '', delimiter = params.get('delimiter') ?? ''
  const keys = [...bucket.keys()].filter(key => key.startsWith(prefix)).sort()
  const folders = new Set(), found = []
  for (const key of keys) {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (at < 0) found.push(key)
    else folders.add(key.slice(0, at + 1))
  }
  const contents = found.map(key => {
    const { body, time } = bucket.get(key)
    return '<Contents><Key>' + escape(key) + '</Key><LastModified>' + time.toISOString() + '</LastModified><ETag>&quot;' + sum(body)
      + '&quot;</ETag><Size>' + body.length + '</Size><StorageClass>STANDARD</StorageClass></Contents>'
  })
  const common = [...folders].map(one => '<CommonPrefixes><Prefix>' + escape(one) + '</Prefix></CommonPrefixes>')
  return xml('<ListBucketResult><IsTruncated>false</IsTruncated>' + contents.join('') + common.join('') + '</ListBucketResult>')
}
const sum = body => createHash('md5').update(body).digest('hex')
function describe({ body, time, headers }) {
  return { ...headers, 'Content-Length': body.length, ETag: '"' + sum(body) + '"', 'Last-Modified': time.toUTCString() }
}
function answer(q, body) {
  const url = new URL(q.url, 'http://x')
  const [, name, ...rest] = decodeURIComponent(url.pathname).split('/')
  const key = rest.join('/')
  const bucket = buckets.get(name)
  if (key === '') {
    if (q.method === 'PUT') { if (!bucket) buckets.set(name, new Map()); return [200, {}, ''] }
    if (!bucket) return missing('Bucket')
    if (q.method === 'DELETE') { buckets.delete(name); return [204, {}, ''] }
    return [200, { 'Content-Type': 'application/xml' }, q.method === 'HEAD' ? '' : listing(bucket, url.searchParams)]
  }
  if (!bucket) return missing('Bucket')
  if (q.method === 'PUT') {
    const from = q.headers['x-amz-copy-source']
    const [, source, ...path] = from ? decodeURIComponent('/' + from.replace(/^\\//, '')).split('/') : []
    const headers = Object.fromEntries(Object.entries(q.headers).filter(([one]) => /^(x-amz-meta-|content-type)/.test(one)))
    bucket.set(key, from ? { ...buckets.get(source).get(path.join('/')), time: new Date() } : { body, headers, time: new Date() })
    const tag = '"' + sum(bucket.get(key).body) + '"'
    return [200, { ETag: tag }, from ? xml('<CopyObjectResult><ETag>' + tag + '</ETag><LastModified>' + new Date().toISOString() + '</LastModified></CopyObjectResult>') : '']
  }
  const object = bucket.get(key)
  if (q.method === 'DELETE') { bucket.delete(key); return [204, {}, ''] }
  if (!object) return missing('Key')
  return [200, describe(object), q.method === 'HEAD' ? '' : object.body]
}
require('node:http').createServer((q, s) => {
  const parts = []
  q.on('data', part => parts.push(part)).on('end', () => {
    const known = /Credential=ada\\//.test(q.headers.authorization ?? '') || q.url.includes('Credential=ada%2F')
    const [status, headers, body] = known
      ? answer(q, Buffer.concat(parts))
      : [403, {}, xml('<Error><Code>AccessDenied</Code><Message>who is that</Message></Error>')]
    s.writeHead(status, headers)
    s.end(q.method === 'HEAD' ? undefined : body)
  })
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

export async function startS3(): Promise<S3Fake> {
  const server: ChildProcess = spawn(process.execPath, ['-e', SOURCE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise(resolve => server.stdout?.once('data', data => resolve(Number(data))))
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.kill() }
}

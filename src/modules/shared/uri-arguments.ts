import { z } from 'zod'
import type { Value } from '../../base/value.ts'
import {
  argumentsOf,
  bool,
  choice,
  int,
  listOf,
  octal,
  owner,
  path,
  text,
  textDict,
  word,
} from './arguments.ts'
import { withoutEffect } from './honoured.ts'

export const uriSchema = () =>
  argumentsOf(
    {
      url: word(),
      method: text()
        .default('GET')
        .transform(method => method.toUpperCase()),
      body: z.custom<Value>(value => value !== undefined).optional(),
      body_format: choice(['raw', 'json', 'form-urlencoded']).default('raw'),
      src: path().optional(),
      remote_src: bool().default(false),
      headers: textDict().default({}),
      url_username: text().optional(),
      url_password: text().optional(),
      force_basic_auth: withoutEffect(
        bool().default(false),
        'the login goes with the first request in any case',
      ),
      status_code: listOf(int()).default([200]),
      return_content: bool().default(false),
      dest: path().optional(),
      mode: octal().optional(),
      owner: owner().optional(),
      group: owner().optional(),
      timeout: int().default(30),
      validate_certs: bool().default(true),
      ca_path: path().optional(),
      client_cert: path().optional(),
      client_key: path().optional(),
      ciphers: listOf(text()).optional(),
      decompress: bool().default(true),
      follow_redirects: choice(['safe', 'all', 'none', 'urllib2', 'yes', 'no']).default('safe'),
      unix_socket: path().optional(),
      http_agent: text().default('ansible-httpget'),
      use_proxy: bool().default(true),
      force: bool().default(false),
      creates: path().optional(),
      removes: path().optional(),
    },
    { user: 'url_username', password: 'url_password' },
  ).refine(args => args.src === undefined || args.body === undefined, 'src and body exclude each other')

export type UriArgs = z.output<ReturnType<typeof uriSchema>>

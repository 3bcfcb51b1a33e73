/** What `docker inspect` showed of one container and its image (engine 20.10), without what no module looks at. */
import type { Answers } from './tables.ts'

export const ID = '28094724a22f55bf876f0c907ed64af7ed7d5804e1c20560afa759c44ba9df49'
export const IMAGE_ID = 'sha256:9c02e401dbed4aba426c4a8e280e1fbd682179f868ab4112dd853d6da9991571'

export const IMAGE = {
  Id: IMAGE_ID,
  RepoTags: ['app:1'],
  RepoDigests: [],
  Config: {
    ExposedPorts: { '80/tcp': {} },
    Env: ['PATH=/bin'],
    Cmd: ['sleep', 'infinity'],
    Volumes: { '/vol': {} },
    Entrypoint: null,
    Labels: { from: 'image' },
  },
  Architecture: 'amd64',
  Os: 'linux',
}

const HOST_CONFIG = {
  Binds: ['/srv:/h:ro', 'named:/n'],
  LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
  NetworkMode: 'default',
  PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '18080' }] },
  RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
  AutoRemove: false,
  CapAdd: ['CAP_NET_ADMIN'],
  CapDrop: null,
  Dns: [],
  ExtraHosts: ['a:1.2.3.4'],
  IpcMode: 'private',
  PidMode: `container:${'f'.repeat(64)}`,
  Links: ['/db:/web/store'],
  Privileged: false,
  SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}', 'no-new-privileges:true'],
  Tmpfs: { '/u': 'size=1m' },
  ShmSize: 67108864,
  Sysctls: { 'net.ipv4.ip_forward': '1' },
  Memory: 67108864,
  MemorySwap: 134217728,
  NanoCpus: 500000000,
  PidsLimit: null,
  Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/xnull', CgroupPermissions: 'r' }],
  BlkioDeviceReadBps: [{ Path: '/dev/sda', Rate: 1048576 }],
  DeviceRequests: [
    { Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['utility', 'gpu']], Options: {} },
  ],
  Ulimits: [{ Name: 'nofile', Hard: 200, Soft: 100 }],
  Mounts: [{ Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 1048576, Mode: 960 } }],
}

const CONFIG = {
  Hostname: '28094724a22f',
  User: '',
  AttachStdout: false,
  ExposedPorts: { '80/tcp': {} },
  Tty: false,
  OpenStdin: false,
  Env: ['A=1', 'PATH=/bin'],
  Cmd: ['sleep', 'infinity'],
  Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5000000000 },
  Image: 'app:1',
  Volumes: { '/vol': {} },
  WorkingDir: '',
  Entrypoint: null,
  Labels: { from: 'image', x: 'y' },
}

export const CONTAINER = {
  Id: ID,
  Path: 'sleep',
  Args: ['infinity'],
  State: { Status: 'running', Running: true, Paused: false, Health: { Status: 'starting' } },
  Image: IMAGE_ID,
  Name: '/web',
  Platform: 'linux',
  HostConfig: HOST_CONFIG,
  Config: CONFIG,
  NetworkSettings: {
    Networks: {
      bridge: { IPAMConfig: null, Links: null, Aliases: null, MacAddress: '02:42:0a:d6:07:02' },
      back: { IPAMConfig: { IPv4Address: '10.9.0.5' }, Aliases: ['web', '28094724a22f'], DriverOpts: null },
    },
  },
}

export interface Recorded {
  readonly container?: object | null
  readonly image?: object | null
  readonly file?: string
}

/** A host with this container and image; `null` for one that is not there. */
export function recorded({ container = CONTAINER, image = IMAGE, file }: Recorded = {}): Answers {
  const answer = (found: object | null, kind: string) =>
    found === null
      ? { code: 1, stdout: '[]\n', stderr: `Error: No such ${kind}: x\n` }
      : { code: 0, stdout: JSON.stringify([found]), stderr: '' }
  return key => {
    if (key.kind === 'content' && file !== undefined)
      return { state: 'present', bytes: new TextEncoder().encode(file) }
    if (key.kind !== 'read') return undefined
    return key.script.includes('image inspect') ? answer(image, 'image') : answer(container, 'container')
  }
}

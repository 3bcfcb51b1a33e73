/** The process as commands see it; tests hand in their own. */
export interface Io {
  readonly out: { write(text: string): void }
  readonly err: { write(text: string): void }
  readonly stdin: NodeJS.ReadableStream
  readonly stdinIsTty: boolean
  readonly stdoutIsTty: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** First Ctrl-C. */
  readonly signal: AbortSignal
  /** Second Ctrl-C. */
  readonly leave: AbortSignal
  /** What was typed. */
  readonly argv?: readonly string[]
  /** Goes on with the run before. */
  readonly resumes?: boolean
  /** Folders that file names in errors may be relative to; opening a project adds its own. */
  readonly sourceRoots: string[]
}

export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

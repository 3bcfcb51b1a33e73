/** Results in the words that Ansible's modules use, and the answers every module gives alike. */
import type { Output, Result, Verdict } from '../contract.ts'

/** Lines without their ends; no last empty line. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
}

/** rc, stdout, stderr and their lines. `strip`: without line ends at the end, as command does. */
export function outputResult(output: Output, strip = true): Result {
  const stdout = strip ? output.stdout.replace(/[\r\n]+$/, '') : output.stdout
  const stderr = strip ? output.stderr.replace(/[\r\n]+$/, '') : output.stderr
  return {
    rc: output.code,
    stdout,
    stderr,
    stdout_lines: linesOf(stdout),
    stderr_lines: linesOf(stderr),
  }
}

/** A finished apply that did not work: the engine turns `failed` into the failure of the task. */
export function failedResult(msg: string, more: Result = {}): Result {
  return { ...more, failed: true, msg }
}

export function fail(message: string, result?: Result): Verdict {
  return result === undefined ? { kind: 'fail', message } : { kind: 'fail', message, result }
}

export function settled(result: Result = {}): Verdict {
  return { kind: 'ok', result }
}

/** What a program said about its failure: stderr, else stdout, one paragraph, without line ends at the end. */
export function complaint(output: { readonly stdout: string; readonly stderr: string }): string {
  return (output.stderr.trim() === '' ? output.stdout : output.stderr).trim()
}

/** "2026-01-31 10:00:00.000123", as Ansible prints start and end; UTC, as the clock is handed in. */
export function stamp(date: Date): string {
  return `${date.toISOString().slice(0, 23).replace('T', ' ')}000`
}

/** Seconds as "0:00:01.500000". */
export function duration(seconds: number): string {
  const micro = Math.round(seconds * 1e6)
  const whole = Math.floor(micro / 1e6)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${String(micro % 1e6).padStart(6, '0')}`
}

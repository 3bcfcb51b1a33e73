/** The text that a command, shell or raw task runs; templates stand in it as they are written. */
import { Template, type Value } from '../base/value.ts'
import type { Task } from '../config/model.ts'

export function commandLine({ freeText, args }: Task): string {
  const text = freeText ?? args.cmd ?? args._raw_params ?? args.argv
  return Array.isArray(text) ? text.map(sourceText).join(' ') : sourceText(text ?? '')
}

export function sourceText(value: Value): string {
  return value instanceof Template ? value.source : typeof value === 'object' ? '' : String(value)
}

/** Runs whatever it is told, each time. */
export function isLoose({ module }: Task): boolean {
  return module === 'command' || module === 'shell' || module === 'raw'
}

/** Looks before it runs, or says what counts as a change. */
export function saysWhenItChanges({ args, changedWhen }: Task): boolean {
  return changedWhen !== undefined || args.creates !== undefined || args.removes !== undefined
}

/** Without what stands between {{ }} or {% %}. */
export function withoutTemplates(text: string): string {
  return text.replaceAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g, '…')
}

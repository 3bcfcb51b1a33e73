import { main } from '../src/cli/main.ts'

export async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2))
}

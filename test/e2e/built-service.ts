import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '../../src/core/records.ts';
import { type Finished, RunningProcess, run } from '../support/process.ts';
import { WebSocketClient } from '../support/web-socket.ts';

/** The built command: what a person installs. `npm test` builds it beforehand where a source is newer. */
const COMMAND = join(import.meta.dirname, '../../dist/src/main.js');

/** What these tests measure is written here, for the closing note of a release. */
export const OUTPUT = join(import.meta.dirname, '../output');

export function bandwarden(...args: string[]): Promise<Finished> {
  if (!existsSync(COMMAND)) throw new Error('dist/ is missing: run `npm run build` first');
  return run(process.execPath, [COMMAND, ...args]);
}

/** Runs a command that must succeed. */
export async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await bandwarden(...args);
  if (code !== 0) throw new Error(`bandwarden ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

export interface BuiltService {
  readonly url: string;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

/** Starts `bandwarden serve` as a process of its own and waits until it says where it is. */
export async function startBuiltService(...args: string[]): Promise<BuiltService> {
  if (!existsSync(COMMAND)) throw new Error('dist/ is missing: run `npm run build` first');
  const service = new RunningProcess(process.execPath, [COMMAND, 'serve', ...args]);
  const [, url] = await service.line(/Bandwarden is at (http:\S+)/, 60_000);
  return {
    url,
    process: service,
    stop: async () => {
      await service.stop();
    },
  };
}

export function writeFileIn(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/** Logs in as a person does; the headers for what follows. */
export async function logIn(url: string, name: string, password: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ name, password }),
  });
  if (!answer.ok) throw new Error(`login: ${answer.status} ${await answer.text()}`);
  return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0], origin: url };
}

export function openLive(url: string, headers: Record<string, string>): Promise<WebSocketClient> {
  return WebSocketClient.connect(`${url.replace('http', 'ws')}/ws`, headers);
}

export function alertOf(message: unknown): Alert | null {
  const { type, alert } = message as { type: string; alert?: Alert };
  return type === 'alert' && alert !== undefined ? alert : null;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MemoryReport } from './measure.ts';

export interface FuzzReport extends MemoryReport {
  readonly cases: number;
  readonly unmutated: Record<string, string | number>;
  readonly outcomes: Record<string, number>;
  readonly faults: readonly string[];
}

/** Runs a program beside this file in a process of its own: a crash, or the JSON that it prints. */
export async function runChild<T>(program: string, ...args: (string | number)[]): Promise<T> {
  const script = new URL(program, import.meta.url).pathname;
  const options = ['--expose-gc', '--import', 'tsx', script, ...args.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, options, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout) as T;
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';

/** One line of a bench, as docs/contracts.md has it. */
export interface BenchLine {
  readonly bench: string;
  readonly case: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly unit: string;
  readonly against: string | null;
  readonly ratio: number | null;
  readonly goal: number | null;
  /** null: no goal, or too short a run to judge. */
  readonly ok: boolean | null;
}

/** Three digits are more than a run of this kind can promise. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Adds lines to a file of results in place of those of the same benches. */
export function saveLines(file: string, lines: readonly BenchLine[]): void {
  const benches = new Set(lines.map(({ bench }) => bench));
  const others = savedLines(file).filter(({ bench }) => !benches.has(bench));
  mkdirSync(dirname(file), { recursive: true });
  const machine = `${cpus().length} × ${cpus()[0].model}, Node ${process.versions.node}`;
  writeFileSync(file, `${JSON.stringify({ machine, lines: [...others, ...lines] }, null, 2)}\n`);
}

/** Of the last runs on this machine; none where there is no such file. */
export function savedLines(file: string): BenchLine[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { lines: BenchLine[] }).lines;
  } catch {
    return [];
  }
}

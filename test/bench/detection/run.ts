import { availableParallelism } from 'node:os';
import { type BenchLine, rounded, saveLines } from '../report.ts';
import { BENCHES } from './benches.ts';
import { MODES, type Mode } from './detection-bench.ts';
import { Pool } from './pool.ts';
import { plotSensitivity } from './sensitivity-plot.ts';

/**
 * `npm run bench:detection -- [--quick] [--output=FILE] [false-alarms] [sensitivity] [bursts] [truth-set] [modulation]`:
 * one JSON object a line, all of them also in FILE (test/output/detection.json); exit 1 where the work done was wrong, not where a goal is missed.
 */
const mode: Mode = MODES.find((name) => process.argv.includes(`--${name}`)) ?? 'full';
const output = process.argv.find((word) => word.startsWith('--output='))?.slice('--output='.length);
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`no such bench: ${unknown.join(', ')}; expected ${Object.keys(BENCHES).join(' or ')}\n`);
  process.exit(2);
}

const lines: BenchLine[] = [];
const pool = new Pool(availableParallelism());
for (const name of named.length > 0 ? named : Object.keys(BENCHES)) {
  const parts = BENCHES[name].parts(mode);
  const started = performance.now();
  let done = 0;
  const progress = () => {
    if (process.stderr.isTTY) process.stderr.write(`\r${name} ${++done}/${parts.length} `);
  };
  try {
    const results = await pool.work(name, parts, progress);
    for (const { bench, case: of, value, unit, against, ratio, goal, ok } of BENCHES[name].lines(results, mode)) {
      const line = { bench, case: of, value: rounded(value), unit, against, ratio, goal, ok };
      lines.push(line);
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
    if (process.stderr.isTTY) process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
pool.close();
const curve = lines.filter(({ bench }) => bench === 'sensitivity');
if (mode === 'full' && curve.length > 0) {
  plotSensitivity(curve, new URL('../../../docs/detection-sensitivity.svg', import.meta.url).pathname);
}
saveLines(output ?? new URL('../../output/detection.json', import.meta.url).pathname, lines);

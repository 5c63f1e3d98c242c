import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BandwardenError } from '../../src/core/errors.ts';
import { openRecording } from '../../src/ingest/recordings/open-recording.ts';
import type { RecordingFormat } from '../../src/ingest/recordings/recording.ts';
import { MemoryMeter } from './measure.ts';
import { mutated, seeded } from './mutate.ts';
import { fileSeeds } from './seeds.ts';
import { iqFault, sweepFault } from './soundness.ts';

/** Opens and reads mutated files and prints how each format ended, as JSON. */
const [folder, cases, seed] = process.argv.slice(2).map((text, i) => (i === 0 ? text : Number(text))) as [
  string,
  number,
  number,
];
const outcomes: Record<string, number> = {};
const faults: string[] = [];
const random = seeded(seed);
const seeds = await fileSeeds();
const dataset = Buffer.alloc(2048, 3);

/** How reading ended: `whole`, `damaged` (read, with something counted) or `unreadable`. */
async function read(path: string, format: RecordingFormat): Promise<string> {
  const recording = await openRecording(path, { format, timezone: 'Europe/Berlin' }).catch((error: unknown) => {
    if (!(error instanceof BandwardenError) || error.code !== 'unreadable') throw error;
    // A dataset that is empty is named itself, not the metadata beside it.
    const named = error.message.includes(path.replace(/-meta$/, ''));
    if (!named || error.message.includes('\n')) faults.push(`message: ${error.message}`);
    return null;
  });
  if (recording === null) return 'unreadable';
  for (const capture of recording.captures) {
    if (capture.kind === 'iq') {
      let pairs = 0;
      for await (const block of capture.blocks(300)) {
        pairs += block.pairs;
        faults.push(...[iqFault(block)].filter((fault) => fault !== null));
      }
      if (pairs !== capture.pairs) faults.push(`${pairs} pairs of ${capture.pairs}`);
    } else {
      let count = 0;
      for await (const sweep of capture.sweeps()) {
        count += 1;
        faults.push(...[sweepFault(sweep)].filter((fault) => fault !== null));
      }
      if (count !== capture.count) faults.push(`${count} sweeps of ${capture.count}`);
    }
  }
  if (recording.rejected > 0 && recording.complaint === null) faults.push('damage without a word');
  if (recording.complaint?.includes('\n')) faults.push('a complaint of several lines');
  await recording.close();
  return recording.rejected > 0 ? 'damaged' : 'whole';
}

async function run(name: string, format: RecordingFormat, bytes: Buffer, data: Buffer): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  if (name.endsWith('-meta')) writeFileSync(path.replace('-meta', '-data'), data);
  return read(path, format);
}

const unmutated: Record<string, string> = {};
for (const { name, bytes } of seeds) unmutated[name] = await run(name, 'auto', bytes, dataset);

const meter = new MemoryMeter();
for (let i = 0; i < cases; i += 1) {
  const { name, format, bytes } = seeds[i % seeds.length]!;
  const changed = mutated(bytes, random);
  const asked = random() < 0.3 ? (format as RecordingFormat) : 'auto';
  const data = random() < 0.5 ? dataset : mutated(dataset, random);
  await meter.measure(changed.length, async () => {
    const outcome = await run(name, asked, changed, data);
    outcomes[`${format} ${outcome}`] = (outcomes[`${format} ${outcome}`] ?? 0) + 1;
  });
  rmSync(join(folder, name));
}
console.log(JSON.stringify({ cases, unmutated, outcomes, faults: faults.slice(0, 5), ...meter.report() }));

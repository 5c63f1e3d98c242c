import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BandwardenError } from '../../src/core/errors.ts';
import { openRecording } from '../../src/ingest/recordings/open-recording.ts';

/** Reads the files of a folder one after another and prints what each cost, as JSON. */
const folder = process.argv[2]!;
const costs: Record<string, { readonly bytes: number; readonly growthBytes: number; readonly outcome: string }> = {};

const used = () => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

async function read(path: string, look: () => void): Promise<string> {
  try {
    const recording = await openRecording(path, { format: 'auto', timezone: 'UTC', onProgress: look });
    for (const capture of recording.captures) {
      for await (const _ of capture.kind === 'iq' ? capture.blocks(65_536) : capture.sweeps()) look();
    }
    await recording.close();
    return recording.rejected > 0 ? 'damaged' : 'whole';
  } catch (error) {
    if (error instanceof BandwardenError && error.code === 'unreadable') return 'unreadable';
    throw error;
  }
}

for (const name of readdirSync(folder)) {
  const path = join(folder, name);
  globalThis.gc?.();
  const before = used();
  let highest = 0;
  const look = () => {
    // What is held counts; garbage stays until the engine feels like it, so it is swept out first, every 8 MiB.
    if (used() > Math.max(before, highest) + 8 * 2 ** 20) globalThis.gc?.();
    highest = Math.max(highest, used());
  };
  const outcome = await read(path, look);
  look();
  costs[name] = { bytes: statSync(path).size, growthBytes: highest - before, outcome };
}
console.log(JSON.stringify(costs));

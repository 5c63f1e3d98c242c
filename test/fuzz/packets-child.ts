import type { IqBlock, Parsed, Sweep } from '../../src/core/frames.ts';
import { crc32 } from '../../src/formats/crc32.ts';
import { parseIqPacket } from '../../src/formats/iq-packet.ts';
import { SweepCsvReader } from '../../src/formats/sweep-csv.ts';
import { parseSweepJson } from '../../src/formats/sweep-json.ts';
import { parseSweepPacket } from '../../src/formats/sweep-packet.ts';
import { MemoryMeter } from './measure.ts';
import { mutated, seeded } from './mutate.ts';
import { type PacketKind, packetSeeds } from './seeds.ts';
import { iqFault, sweepFault } from './soundness.ts';

/** Reads mutated packets and prints how each kind ended, as JSON. */
const [cases, seed] = process.argv.slice(2).map(Number) as [number, number];
const outcomes: Record<string, number> = {};
const faults: string[] = [];
const random = seeded(seed);
const seeds = packetSeeds();

const count = (kind: PacketKind, outcome: string, times = 1) => {
  outcomes[`${kind} ${outcome}`] = (outcomes[`${kind} ${outcome}`] ?? 0) + times;
};

/** Half of the packets get a right check sum again, so that what lies behind it is reached. */
function repaired(bytes: Buffer): Buffer {
  if (bytes.length < 48 || random() < 0.5) return bytes;
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 44)), 44);
  return bytes;
}

function note<T>(kind: PacketKind, parsed: Parsed<T>, fault: (value: T) => string | null): void {
  count(kind, parsed.ok ? 'taken' : parsed.reject.reason);
  const found = parsed.ok ? fault(parsed.value) : null;
  if (found !== null) faults.push(`${kind}: ${found}`);
}

function read(kind: PacketKind, bytes: Buffer): void {
  if (kind === 'iq') note<IqBlock>(kind, parseIqPacket(bytes, 'rx'), iqFault);
  else if (kind === 'sweep') note<Sweep>(kind, parseSweepPacket(bytes, 'rx'), sweepFault);
  else if (kind === 'json') note<Sweep>(kind, parseSweepJson(bytes, 'rx'), sweepFault);
  else {
    const reader = new SweepCsvReader({ receiver: 'rx', timezone: 'UTC' });
    const batches = [reader.push(bytes), reader.finish()];
    const sweeps = batches.flatMap((batch) => batch.sweeps);
    const rejects = batches.flatMap((batch) => batch.rejects);
    for (const reject of rejects) count(kind, reject.reason, reject.count);
    count(kind, sweeps.length > 0 ? 'taken' : 'nothing');
    faults.push(...sweeps.map(sweepFault).filter((fault) => fault !== null));
  }
}

for (const { kind, bytes } of seeds) read(kind, Buffer.from(bytes));
const unmutated = { ...outcomes };
for (const key of Object.keys(outcomes)) delete outcomes[key];

const meter = new MemoryMeter();
for (let i = 0; i < cases; i += 1) {
  const { kind, bytes } = seeds[i % seeds.length]!;
  const changed = mutated(bytes, random);
  const packet = kind === 'iq' || kind === 'sweep' ? repaired(changed) : changed;
  await meter.measure(packet.length, () => read(kind, packet));
}
console.log(JSON.stringify({ cases, unmutated, outcomes, faults: faults.slice(0, 5), ...meter.report() }));

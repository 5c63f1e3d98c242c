import { describe, expect, it } from 'vitest';
import { RegisterIndex } from '../../src/analysis/register-match.ts';
import type { Emission } from '../../src/core/emission.ts';
import type { PowerSpectrum } from '../../src/core/spectrum.ts';
import type { EmissionChange } from '../../src/detection/emission-detector.ts';
import { EmissionLedger, type RecordChange } from '../../src/pipeline/emission-ledger.ts';

const T0_MS = 1_790_000_000_000;

function emission(change: Partial<Emission>): Emission {
  return {
    id: 1,
    startSeconds: 0,
    stopSeconds: 1,
    activeSeconds: 1,
    bursts: 1,
    onAir: true,
    centerHz: 150e6,
    peakHz: 150e6,
    lowHz: 150e6 - 5_000,
    highHz: 150e6 + 5_000,
    occupiedBandwidthHz: 9_000,
    snrDb: 20,
    level: -50,
    unit: 'dBFS',
    kind: 'intermittent',
    artefact: null,
    method: null,
    rbwHz: 750,
    ...change,
  };
}

/** A ledger, told of one look after the other: the tuning by its first frequency, the time, what the detector says. */
function newLedger() {
  const ledger = new EmissionLedger('rx');
  const look = (startHz: number, seconds: number, changes: EmissionChange[]): RecordChange[] =>
    ledger.apply(changes, {
      look: { startHz, stepHz: 500, bins: 2_048, method: {} } as unknown as PowerSpectrum,
      scale: { unit: 'dBFS', offsetsDb: null, at: () => ({ offsetDb: 0, use: null }) },
      epochMs: T0_MS,
      startMs: T0_MS + seconds * 1_000,
      endMs: T0_MS + (seconds + 0.1) * 1_000,
      register: new RegisterIndex([]),
      location: null,
    });
  return { ledger, look };
}

const A_HZ = 149.2e6;
const B_HZ = 149.8e6;

describe('the records of a receiver that scans', () => {
  it('are of all tunings together, closed when the last one is, with the latest activity of any', () => {
    const { look } = newLedger();
    const [opened] = look(A_HZ, 0, [{ change: 'opened', emission: emission({}) }]);
    const again = emission({ id: 2, startSeconds: 5, stopSeconds: 7, activeSeconds: 2 });
    const [other] = look(B_HZ, 5, [{ change: 'opened', emission: again }]);
    expect(other.record).toMatchObject({ id: opened.record.id, activeSeconds: 3, bursts: 1 });
    expect(look(B_HZ, 608, [{ change: 'closed', emission: { ...again, onAir: false } }])).toMatchObject([
      { change: 'updated', record: { onAir: false } },
    ]);
    const closed = look(A_HZ, 609, [{ change: 'closed', emission: emission({ onAir: false }) }]);
    expect(closed).toMatchObject([{ change: 'closed', record: { id: opened.record.id, activeSeconds: 3 } }]);
    expect(closed[0].record.lastSeenMs).toBe(T0_MS + 7_000);
  });

  it('are two where two of one tuning share a band, and where a spike or a rise lies in the band of a station', () => {
    const { look } = newLedger();
    const ids = [
      ...look(A_HZ, 0, [
        { change: 'opened', emission: emission({}) },
        { change: 'opened', emission: emission({ id: 2, centerHz: 150.001e6 }) },
      ]),
      ...look(B_HZ, 5, [
        { change: 'opened', emission: emission({ id: 3, artefact: 'dc-spike' }) },
        { change: 'opened', emission: emission({ id: 4, kind: 'noise', occupiedBandwidthHz: 400e3 }) },
      ]),
    ].map(({ record }) => record.id);
    expect(new Set(ids).size).toBe(4);
  });
});

describe('a clock that is set back', () => {
  it('tells of what is not heard again that it went off the air, and later that it is over', () => {
    const { ledger, look } = newLedger();
    const [opened] = look(A_HZ, 10_000, [
      { change: 'opened', emission: emission({ startSeconds: 9_999, stopSeconds: 10_000 }) },
    ]);
    ledger.beginAnew(T0_MS);
    const told = [0, 1, 2, 601, 602].flatMap((seconds) => look(A_HZ, seconds, []));
    expect(told.map(({ change, record }) => [record.id, change, record.onAir])).toEqual([
      [opened.record.id, 'updated', false],
      [opened.record.id, 'closed', false],
    ]);
    expect(ledger.onAir()).toEqual([]);
  });
});

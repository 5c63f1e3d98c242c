import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DialectReceiver, DialectTable, matchesFilter } from '../../../hardware/mqtt/dialect.ts';
import { announceTopic, dataTopic, heartbeat, periodogram } from '../../../hardware/mqtt/radiohound/emulator.ts';
import { spectrogram, spectrogramTopic } from '../../../hardware/mqtt/sdr-hub/emulator.ts';
import { Notebook } from '../link/device-bench.ts';
import { hostileReads } from '../link/hostile-bytes.ts';
import '../../support/properties.ts';

const MAC = '98f07b24025a';
const T0_MS = Date.UTC(2026, 5, 15, 22, 0, 0, 250);
const bytes = (text: string) => Buffer.from(text);

afterEach(() => {
  vi.useRealTimers();
});

/** What the receivers of a table make of messages. */
function heard(receivers: readonly DialectReceiver[], messages: ReadonlyArray<readonly [string, Uint8Array]>) {
  const notebook = new Notebook();
  const table = new DialectTable(receivers);
  for (const [topic, payload] of messages) {
    for (const { dialect } of table.of(topic)) dialect.take(topic, payload, notebook);
  }
  return { notebook, table };
}

describe('a topic filter', () => {
  it.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/b/c', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a/b/c', false],
    ['a/+/c', 'a//c', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['#', 'a/b', true],
    ['a/+/#', 'a', false],
  ])('%s of %s: %s (MQTT 5, 4.7)', (filter, topic, matches) => {
    expect(matchesFilter(filter, topic)).toBe(matches);
  });
});

describe('a RadioHound node', () => {
  const node = { receiver: 'nd-016', dialect: 'radiohound', topic: `radiohound/clients/+/${MAC}/#` } as const;
  const levelsDbm = [-90, -72.5, -40, -91];
  const scan = { macAddress: MAC, timeMs: T0_MS, startHz: 1_988e6, stopHz: 2_012e6, levelsDbm };

  it('gives sweeps in dBm at the times and frequencies of its periodograms', () => {
    const { notebook } = heard([node], [[dataTopic(MAC), bytes(periodogram(scan))]]);
    const [sweep] = notebook.sweeps;
    expect(sweep).toMatchObject({ receiver: 'nd-016', startHz: 1_988e6, stepHz: 6e6, unit: 'dBm', sequence: null });
    expect(sweep.timeNs).toBe(BigInt(T0_MS) * 1_000_000n);
    for (const [i, level] of levelsDbm.entries()) expect(sweep.powers[i]).toBeCloseTo(level, 3);
  });

  it('answers to a request in a topic below, and those of others are not its own', () => {
    const payload = bytes(periodogram(scan));
    const { notebook } = heard(
      [node],
      [
        [`${dataTopic(MAC)}/46ec5f20-403e-42d1-a189-489951dd5370`, payload],
        [dataTopic('000000000000'), payload],
        [`radiohound/clients/command/${MAC}`, bytes('{"task_name":"tasks.admin.reboot"}')],
      ],
    );
    expect(notebook.frames).toHaveLength(1);
    expect(notebook.rejects).toEqual([]);
  });

  it('is online for 20 s after each heartbeat, and says where it stands', () => {
    vi.useFakeTimers();
    const { notebook, table } = heard([node], []);
    const announce = () => {
      for (const { dialect } of table.of(announceTopic(MAC))) {
        dialect.take(announceTopic(MAC), bytes(heartbeat(MAC, 41.69, -86.23)), notebook);
      }
    };
    for (let i = 0; i < 4; i++) {
      announce();
      vi.advanceTimersByTime(10_000);
    }
    expect(notebook.states).toEqual(['online']);
    expect(notebook.lastInfo).toMatchObject({
      model: 'RadioHound 3.4',
      serial: MAC,
      location: { lat: 41.69, lon: -86.23, altitudeM: 12.5 },
    });
    vi.advanceTimersByTime(10_001);
    expect(notebook).toMatchObject({ states: ['online', 'offline'], detail: 'no heartbeat came for 20 s' });
    announce();
    expect(notebook.states.at(-1)).toBe('online');
    table.stop();
    vi.advanceTimersByTime(60_000);
    expect(notebook.states.at(-1)).toBe('online');
  });

  it('whose message is broken is refused with what is wrong', () => {
    const raw = bytes(periodogram(scan).replace('"periodogram"', '"raw"'));
    const { notebook } = heard(
      [node],
      [
        [dataTopic(MAC), raw],
        [announceTopic(MAC), bytes('{"message":"HEARTBEAT"}')],
      ],
    );
    expect(notebook.rejects).toEqual([
      { reason: 'schema', detail: 'metadata.data_type: expected "periodogram"' },
      { reason: 'schema', detail: 'announce: expected an object with a payload' },
    ]);
  });
});

describe('an sdr-hub device', () => {
  const hub = { receiver: 'hub', dialect: 'sdr-hub', topic: 'sdr/+/spectrogram' } as const;

  it('gives sweeps in dB as its bytes hold them', () => {
    // 88 to 88.003 MHz in steps of 1 kHz, −12, −80, 3 and −128 dB.
    const picture = Buffer.from(
      ['fad9a1ceb9010000', '00c63e05', 'b8d13e05', 'e8030000', '04000000', 'f4b00380'].join(''),
      'hex',
    );
    const { notebook } = heard([hub], [['sdr/rtl-1/spectrogram', picture]]);
    expect(notebook.sweeps[0]).toMatchObject({ startHz: 88e6, stepHz: 1_000, unit: 'dB', receiver: 'hub' });
    expect(notebook.sweeps[0].timeNs).toBe(0x01b9cea1d9fan * 1_000_000n);
    expect([...notebook.sweeps[0].powers]).toEqual([-12, -80, 3, -128]);
    expect(notebook.rejects).toEqual([]);
  });

  it('whose transmissions are beside them is not asked for those', () => {
    const every = { ...hub, topic: 'sdr/#' } as const;
    const { notebook } = heard(
      [every],
      [
        ['sdr/rtl-1/transmission/uint8', Buffer.alloc(100)],
        ['sdr/list', bytes('{}')],
        [spectrogramTopic('rtl-1'), spectrogram(T0_MS, 433e6, 1_000, [-90, -91, -92])],
      ],
    );
    expect(notebook.frames).toHaveLength(1);
    expect(notebook.rejects).toEqual([]);
  });

  it.each([
    ['length', (whole: Buffer) => whole.subarray(0, 20)],
    ['length', (whole: Buffer) => whole.subarray(0, -1)],
    ['size', (whole: Buffer) => Buffer.from(whole).fill(0xff, 20, 24)],
    ['value', (whole: Buffer) => Buffer.from(whole).fill(0, 16, 20)],
  ])('whose %s is wrong is refused', (reason, bend) => {
    const whole = spectrogram(T0_MS, 433e6, 1_000, [-90, -91, -92]);
    const { notebook } = heard([hub], [[spectrogramTopic('a'), bend(whole)]]);
    expect(notebook.rejects.map((reject) => reject.reason)).toEqual([reason]);
  });

  it('any spectrum comes back as it was', () => {
    const level = fc.integer({ min: -128, max: 127 });
    const levels = fc.array(level, { minLength: 2, maxLength: 500 });
    const start = fc.integer({ min: 0, max: 2_000_000_000 });
    const step = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(levels, start, step, (levelsDb, startHz, stepHz) => {
        const { notebook } = heard([hub], [[spectrogramTopic('a'), spectrogram(T0_MS, startHz, stepHz, levelsDb)]]);
        expect(notebook.sweeps[0]).toMatchObject({ startHz, stepHz });
        expect([...notebook.sweeps[0].powers]).toEqual(levelsDb);
      }),
    );
  });
});

it('5,000 hostile streams break no dialect', () => {
  const receivers = [
    { receiver: 'a', dialect: 'radiohound', topic: 'radiohound/#' },
    { receiver: 'b', dialect: 'sdr-hub', topic: 'sdr/#' },
  ] as const;
  const scan = { macAddress: MAC, timeMs: T0_MS, startHz: 88e6, stopHz: 108e6, levelsDbm: [-90, -50, -91] };
  const real = [
    [dataTopic(MAC), bytes(periodogram(scan))],
    [announceTopic(MAC), bytes(heartbeat(MAC, 1, 2))],
    [spectrogramTopic('a'), spectrogram(T0_MS, 433e6, 1_000, [-90, -91, -92])],
  ] as const;
  const { notebook, table } = heard(receivers, []);
  for (let seed = 1; seed <= 5_000; seed++) {
    for (const [topic, payload] of real) {
      for (const bent of hostileReads([payload], seed).slice(0, 3)) {
        for (const { dialect } of table.of(topic)) dialect.take(topic, bent, notebook);
      }
    }
  }
  expect(notebook.rejects.length).toBeGreaterThan(5_000);
  table.stop();
});

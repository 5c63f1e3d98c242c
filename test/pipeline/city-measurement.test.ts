import { expect, it } from 'vitest';
import type { EmissionRecord } from '../../src/core/records.ts';
import { createInThreadEstimation } from '../../src/pipeline/estimation.ts';
import { LiveHub } from '../../src/pipeline/live-hub.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { createCity } from '../../src/simulation/city/city.ts';
import { TRAFFIC } from '../../src/simulation/city/traffic.ts';

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const OPTIONS = { queueBlocks: 1_000, falseAlarmProbability: 1e-7, window: 'hann', overlap: 0.5 } as const;

it('the broadcasters of the city are wide FM and name themselves by RDS as they were made', async () => {
  const records = new Map<string, EmissionRecord>();
  const put = async (rows: readonly EmissionRecord[]) => {
    for (const row of rows) records.set(row.id, row);
  };
  const nothing = () => undefined;
  const pipeline = new Pipeline({
    options: OPTIONS,
    estimation: createInThreadEstimation(),
    store: { emissions: { put }, spectra: { put: async () => undefined } } as never,
    hub: new LiveHub({ receivers: () => [], emissions: () => [], counters: () => ({}) as never }, QUIET_LOG),
    log: QUIET_LOG,
    infoOf: () => null,
    observe: nothing,
    acknowledge: nothing,
    dropped: nothing,
    looked: nothing,
  });
  const mast = createCity(5).find(({ id }) => id === 'north-mast')!;
  for (let i = 0; i * mast.frameSeconds < 2.6; i++) pipeline.take(mast.frame(i, 1_790_000_000n * 1_000_000_000n));
  await pipeline.stop();
  const stations = TRAFFIC.flatMap(({ signal, centerHz, levels }) =>
    signal.kind === 'wfm' && signal.rds && levels['north-mast'] !== undefined ? [{ centerHz, ...signal.rds }] : [],
  );
  const heard = stations.flatMap(({ centerHz, pi, name }) => {
    const record = [...records.values()].find((each) => Math.abs(each.centerHz - centerHz) < 20_000);
    return record === undefined ? [] : [{ pi, name, measurement: record.measurement }];
  });
  expect(heard.length).toBeGreaterThanOrEqual(2);
  for (const { pi, name, measurement } of heard) {
    expect(measurement).toMatchObject({ modulation: 'wfm', rds: { pi, name: name.padEnd(8) } });
    expect(measurement?.designator).toMatch(/F8E$/);
  }
});

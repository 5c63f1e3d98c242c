import { expect, it } from 'vitest';
import { emission } from '../store/records.ts';
import { LITTLE_MEASURED, MEASUREMENT } from '../support/measurement.ts';
import { testGateway } from './support.ts';

it('a measurement is kept with its emission and told field by field, nulls as nulls', async () => {
  const gateway = await testGateway();
  const records = [
    emission('full', 98e6, 98.2e6, { measurement: MEASUREMENT }),
    emission('little', 97e6, 97.2e6, { measurement: LITTLE_MEASURED }),
    emission('none', 96e6, 96.2e6),
    emission('anonymous', 95e6, 95.2e6, {
      measurement: { ...MEASUREMENT, rds: { pi: 1, name: null, blocks: 4, goodBlocks: 3 } },
    }),
  ];
  await gateway.store.emissions.put(records);
  for (const record of records) expect(await gateway.store.emissions.get(record.id)).toEqual(record);
  const cookie = await gateway.login('operator');
  for (const record of records) {
    const answer = await gateway.app.inject({ url: `/api/v1/emissions/${record.id}`, headers: { cookie } });
    expect(answer.json()).toEqual({ emission: record });
  }
});

it('a measurement that comes later takes the place of the one before', async () => {
  const { store } = await testGateway();
  await store.emissions.put([emission('e', 98e6, 98.2e6, { measurement: LITTLE_MEASURED })]);
  await store.emissions.put([emission('e', 98e6, 98.2e6, { measurement: MEASUREMENT })]);
  expect((await store.emissions.get('e'))?.measurement).toEqual(MEASUREMENT);
});

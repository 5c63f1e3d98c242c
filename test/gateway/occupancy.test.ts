import { expect, it } from 'vitest';
import type { OccupancyReading } from '../../src/core/occupancy.ts';
import { testGateway } from './support.ts';

const READING: OccupancyReading = {
  receiver: 'roof',
  hourMs: Date.UTC(2026, 5, 15, 22),
  kind: 'channel',
  name: '=LM "1",x',
  lowHz: 409_987_500,
  highHz: 410_012_500,
  seconds: 3_599.96,
  samples: 56_250,
  occupied: 5_625,
  rises: 20,
  falls: 21,
  occupancyPct: 10,
  lowPct: 7.5,
  highPct: 13.1,
  effectiveSamples: 402.3,
};

const desk = {
  find: async () => [
    READING,
    { ...READING, kind: 'band' as const, name: '', lowPct: null, highPct: null, effectiveSamples: null },
  ],
};

it('occupancy is told to who is logged in, as JSON and as CSV that no spreadsheet takes for a formula', async () => {
  const gateway = await testGateway({ deps: { occupancy: desk } });
  const cookie = await gateway.login('operator');
  const url = '/api/v1/occupancy?receiver=roof';
  expect((await gateway.app.inject({ url })).statusCode).toBe(401);
  const json = await gateway.app.inject({ url, headers: { cookie } });
  expect(json.json()).toEqual({ occupancy: await desk.find() });
  const csv = await gateway.app.inject({ url: `${url}&format=csv`, headers: { cookie } });
  expect(csv.headers['content-type']).toContain('text/csv');
  expect(csv.body.split('\r\n').slice(1, 3)).toEqual([
    `2026-06-15T22:00:00.000Z,roof,channel,"'=LM ""1"",x",409987500,410012500,3600.0,56250,10.00,7.50,13.10,402`,
    '2026-06-15T22:00:00.000Z,roof,band,,409987500,410012500,3600.0,56250,10.00,,,',
  ]);
});

it('a period that ends before it begins, or of more than 92 days, is refused', async () => {
  const gateway = await testGateway({ deps: { occupancy: desk } });
  const cookie = await gateway.login('auditor');
  for (const period of ['fromMs=2&toMs=1', `fromMs=0&toMs=${100 * 86_400_000}`]) {
    const answer = await gateway.app.inject({ url: `/api/v1/occupancy?receiver=roof&${period}`, headers: { cookie } });
    expect(answer.statusCode).toBe(400);
  }
});

import { describe, expect, it } from 'vitest';
import { summariseCoverage } from '../../src/analysis/coverage/coverage-summary.ts';
import type { CoverageQuery } from '../../src/core/coverage.ts';
import type { CalibrationDesk, CoverageDesk } from '../../src/core/ports.ts';
import { own, type TestGateway, testGateway } from './support.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, which the expectations check
type Answer = any;

const asked: CoverageQuery[] = [];
const coverage: CoverageDesk = {
  async summary(query) {
    asked.push(query);
    return summariseCoverage([], query);
  },
};

async function gateway(): Promise<
  TestGateway & {
    send: (
      role: 'supervisor' | 'operator',
      method: 'GET' | 'POST',
      url: string,
      payload?: unknown,
      type?: string,
    ) => Promise<{ status: number; body: string; json: Answer }>;
  }
> {
  let made: TestGateway | null = null;
  const calibrations: CalibrationDesk = {
    current: () => null,
    async add(calibration) {
      const version = (await made!.store.calibrations.list(calibration.receiver)).length + 1;
      const whole = { ...calibration, version, id: `${calibration.receiver}/${version}` };
      await made!.store.calibrations.add(whole);
      return whole;
    },
    measure: () => Promise.reject(new Error('not asked here')),
    proposeLevel: () => {
      throw new Error('not asked here');
    },
  };
  made = await testGateway({ deps: { coverage, calibrations } });
  const { app, login } = made;
  return {
    ...made,
    async send(role, method, url, payload, type = 'application/json') {
      const headers = { cookie: await login(role), ...own, ...(payload === undefined ? {} : { 'content-type': type }) };
      const answer = await app.inject({
        method,
        url: `/api/v1${url}`,
        headers,
        ...(payload === undefined ? {} : { payload: payload as string }),
      });
      const isJson = answer.headers['content-type']?.toString().includes('json');
      return { status: answer.statusCode, body: answer.body, json: isJson ? answer.json() : null };
    },
  };
}

const TABLE = 'frequency_hz,gain_db,level_offset_db\n88000000,22.9,-24.5\n108000000,22.9,-25.5\n';

describe('calibrations over REST', () => {
  it('are made as versions, of which none changes, and each is audited', async () => {
    const { send, store } = await gateway();
    const first = await send('supervisor', 'POST', '/receivers/roof/calibrations', {
      frequencyCorrectionPpm: 3.2,
      points: [{ frequencyHz: 98e6, levelOffsetDb: -25 }],
      method: 'broadcasters',
    });
    expect(first.status).toBe(200);
    expect(first.json.calibration).toMatchObject({
      id: 'roof/1',
      by: 'supervisor',
      frequencyCorrectionPpm: 3.2,
      validUntilMs: null,
    });
    const second = await send(
      'supervisor',
      'POST',
      '/receivers/roof/calibrations/import?method=generator',
      TABLE,
      'text/csv',
    );
    expect(second.json.calibration).toMatchObject({ id: 'roof/2', frequencyCorrectionPpm: null });
    const { json } = await send('operator', 'GET', '/receivers/roof/calibrations');
    expect(json.calibrations.map(({ id }: { id: string }) => id)).toEqual(['roof/2', 'roof/1']);
    const back = await send('operator', 'GET', '/receivers/roof/calibrations/2/table.csv');
    expect(back.body).toContain('88000000,22.9,-24.5');
    const actions = (await store.audit.list(10)).filter(({ action }) => action === 'calibration.make');
    expect(actions.map(({ subject }) => subject)).toEqual(['roof/2', 'roof/1']);
  });

  it('are made by supervisors and administrators alone', async () => {
    const { send } = await gateway();
    const body = { points: [], method: 'x', frequencyCorrectionPpm: 1 };
    expect((await send('operator', 'POST', '/receivers/roof/calibrations', body)).status).toBe(403);
    expect((await send('supervisor', 'POST', '/receivers/nowhere/calibrations', body)).status).toBe(404);
  });

  it('name what is wrong with a table', async () => {
    const { send } = await gateway();
    const answer = await send(
      'supervisor',
      'POST',
      '/receivers/roof/calibrations/import?method=x',
      'frequency_hz\nloud\n',
      'text/csv',
    );
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain('line 2: frequency_hz');
    const late = { points: [], method: 'x', calibratedMs: 5000, validUntilMs: 4000 };
    expect((await send('supervisor', 'POST', '/receivers/roof/calibrations', late)).json.error.message).toContain(
      'validUntilMs',
    );
  });
});

describe('coverage over REST', () => {
  it('is of the band that the receiver looks at and the last day, where nothing is said', async () => {
    const { send, now } = await gateway();
    const { status, json } = await send('operator', 'GET', '/coverage?receiver=roof');
    expect(status).toBe(200);
    expect(json).toMatchObject({ fromHz: 96.9e6, toHz: 99.3e6, observedPct: 0, revisitSeconds: null });
    expect(Math.abs(asked.at(-1)!.toMs - now())).toBeLessThan(5000);
    expect(asked.at(-1)!.toMs - asked.at(-1)!.fromMs).toBe(86_400_000);
  });

  it.each([
    'receiver=nowhere',
    'receiver=roof&fromMs=5&toMs=4',
    'receiver=roof&fromHz=2&toHz=1',
    'receiver=roof&fromMs=0',
  ])('is refused for %s', async (query) => {
    const { send } = await gateway();
    expect((await send('operator', 'GET', `/coverage?${query}`)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('bearings over REST', () => {
  it('are taken in by hand, at the place of the receiver', async () => {
    const { send } = await gateway();
    const made = await send('operator', 'POST', '/bearings', {
      receiver: 'roof',
      frequencyHz: 98.1e6,
      bearingDegrees: 45.5,
      uncertaintyDegrees: 3,
    });
    expect(made.json.bearing).toMatchObject({
      lat: 22.3027,
      lon: 114.1772,
      bearingDegrees: 45.5,
      source: 'manual',
      by: 'operator',
    });
    const found = await send('operator', 'GET', '/bearings?fromHz=98000000&toHz=98200000');
    expect(found.json.bearings).toHaveLength(1);
    expect((await send('operator', 'GET', '/bearings?fromHz=99000000')).json.bearings).toEqual([]);
  });

  it('come from a log of KrakenSDR, once each', async () => {
    const { send } = await gateway();
    const line = '1790000000500, 045, 62, -31.5, 446031250, UCA, 500, van-1, 22.30, 114.18, 90, 90, GPS, R, R, R, R';
    const first = await send(
      'operator',
      'POST',
      '/bearings/import?format=krakensdr&uncertaintyDegrees=5',
      `${line}\nbroken\n`,
      'text/plain',
    );
    expect(first.json).toMatchObject({ imported: 1, rejected: 1, rejects: [{ line: 2 }] });
    const again = await send(
      'operator',
      'POST',
      '/bearings/import?format=krakensdr&uncertaintyDegrees=5',
      line,
      'text/plain',
    );
    expect(again.json).toMatchObject({ imported: 0, rejected: 0 });
    const [bearing] = (await send('operator', 'GET', '/bearings?receiver=van-1')).json.bearings;
    expect(bearing).toMatchObject({ bearingDegrees: 135, timeMs: 1_790_000_000_000, uncertaintyDegrees: 5 });
  });

  it('are refused where true north, the frequency or the place is unknown', async () => {
    const { send } = await gateway();
    for (const [query, text] of [
      ['format=nmea&receiver=roof&frequencyHz=98100000', '%045/7'],
      ['format=nmea&receiver=elsewhere', '$PBWDF,120000,010626,98100000,10,T,,,'],
    ]) {
      const answer = await send('operator', 'POST', `/bearings/import?${query}`, text, 'text/plain');
      expect([answer.status, answer.json.error.code]).toEqual([400, 'bad-input']);
    }
  });
});

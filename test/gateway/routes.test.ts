import { describe, expect, it } from 'vitest';
import { alert, assignment, emission, spectrumRow } from '../store/records.ts';
import { own, receiverStatus, testGateway } from './support.ts';

async function signedIn(role: 'operator' | 'officer' | 'auditor' = 'officer') {
  const gateway = await testGateway();
  const headers = { cookie: await gateway.login(role), ...own };
  return {
    ...gateway,
    headers,
    get: async (url: string) => await gateway.app.inject({ url: `/api/v1${url}`, headers }),
    post: async (url: string, payload: object) => {
      return await gateway.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload });
    },
  };
}

describe('REST', () => {
  it('gives receivers with every field of their state', async () => {
    const { get, service } = await signedIn();
    service.known = [receiverStatus('roof'), receiverStatus('harbour', { lowHz: null, unit: null, noiseFloor: null })];
    expect((await get('/receivers')).json()).toEqual({ receivers: service.known });
    expect((await get('/receivers/harbour')).json()).toEqual({ receiver: service.known[1] });
    expect((await get('/receivers/none')).json()).toEqual({
      error: { code: 'not-found', message: 'there is no receiver none' },
    });
  });

  it('gives emissions with every field, filtered as asked', async () => {
    const { get, store } = await signedIn();
    const heard = emission('e1', 98e6, 98.2e6, { lastSeenMs: 5000 });
    const artefact = emission('e2', 409e6, 409.1e6, {
      artefact: 'spur',
      method: null,
      verdict: 'artefact',
      lastSeenMs: 6000,
    });
    await store.emissions.put([heard, artefact]);
    expect((await get('/emissions')).json()).toEqual({ emissions: [artefact, heard] });
    expect((await get('/emissions?fromHz=98000000&toHz=99e6&receiver=roof&sinceMs=5000')).json()).toEqual({
      emissions: [heard],
    });
    expect((await get('/emissions?verdict=artefact&limit=1')).json()).toEqual({ emissions: [artefact] });
    expect((await get('/emissions/e1')).json()).toEqual({ emission: heard });
    for (const bad of ['limit=0', 'limit=1e9', 'verdict=guilty', 'fromHz=low', 'colour=red']) {
      expect((await get(`/emissions?${bad}`)).statusCode, bad).toBe(400);
    }
  });

  it('gives alerts with every field, and takes what people do to them', async () => {
    const { get, post, store } = await signedIn();
    const raised = alert('a1', 1);
    await store.alerts.put(raised);
    await store.alerts.put(alert('a2', 2, { state: 'closed' }));
    expect((await get('/alerts?state=raised')).json()).toEqual({ alerts: [raised] });
    expect((await get('/alerts?afterRevision=1')).json().alerts.map(({ id }: { id: string }) => id)).toEqual(['a2']);
    expect((await get('/alerts/a1')).json()).toEqual({ alert: raised });
    const acknowledged = await post('/alerts/a1/acknowledge', { note: '已派員' });
    expect(acknowledged.json().alert).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'officer', revision: 3 });
    expect((await post('/alerts/a1/acknowledge', {})).statusCode).toBe(409);
    expect((await post('/alerts/a1/close', { note: 'found' })).json().alert.state).toBe('closed');
    expect((await post('/alerts/a9/close', {})).statusCode).toBe(404);
    expect((await post('/alerts/a1/close', { note: 'x'.repeat(4001) })).statusCode).toBe(400);
    const [close, acknowledge] = await store.audit.list(2);
    expect(close).toMatchObject({ by: 'officer', action: 'alert.close', subject: 'a1', detail: 'found' });
    expect(acknowledge).toMatchObject({ by: 'officer', action: 'alert.acknowledge', subject: 'a1', detail: '已派員' });
  });

  it('gives assignments by band, counts them, and replaces a register by a CSV file', async () => {
    const { app, get, headers, store } = await signedIn();
    const row = assignment('A1', 98.7e6);
    await store.assignments.replace('other', [row]);
    expect((await get('/assignments?fromHz=98.6e6&toHz=98.8e6')).json()).toEqual({ assignments: [row] });
    expect((await get('/assignments?fromHz=200e6')).json()).toEqual({ assignments: [] });
    const load = (payload: string, query = '') => {
      const csv = { ...headers, 'content-type': 'text/csv; charset=utf-8' };
      return app.inject({ method: 'POST', url: `/api/v1/assignments/import${query}`, headers: csv, payload });
    };
    const answer = await load('\uFEFFid,center_hz,bandwidth_hz,licensee\nB1,1e8,1e5,香港電台\nB2,,1,\n');
    expect(answer.json()).toEqual({ imported: 1, rejected: 1, rejects: [{ line: 3, reason: 'center_hz is empty' }] });
    expect((await get('/assignments/count')).json()).toEqual({ count: 2 });
    const useless = await load('name,frequency\nx,1\n');
    expect([useless.statusCode, useless.json().error.code]).toEqual([400, 'bad-input']);
    expect((await load('id,center_hz,bandwidth_hz\nA1,1,1\n')).statusCode).toBe(409);
    expect((await load('id,center_hz,bandwidth_hz\nC1,1,1\n', '?source=Bad%20Name')).statusCode).toBe(400);
    expect((await store.audit.list(1))[0]).toMatchObject({ action: 'register.import', detail: '1 rows, 1 rejected' });
  });

  it('gives stored spectra as JSON and as rtl_power writes them', async () => {
    const { get, store } = await signedIn();
    const timeMs = Date.UTC(2026, 2, 1, 12, 30, 15);
    await store.spectra.put([spectrumRow(timeMs, { levels: Uint8Array.of(0, 10, 255), stepHz: 1000 })]);
    const query = `/spectra?receiver=roof&fromMs=${timeMs}&toMs=${timeMs + 1}`;
    const { receiver, spectra } = (await get(query)).json();
    expect(receiver).toBe('roof');
    expect(spectra).toEqual([
      { timeMs, startHz: 96_900_000, stepHz: 1000, unit: 'dBFS', minLevel: -127.5, levelStepDb: 0.5, levels: 'AAr/' },
    ]);
    const csv = await get(`${query}&format=csv`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body).toBe('2026-03-01, 12:30:15, 96900000, 96903000, 1000.00, 1, -127.50, -122.50, 0.00, 0.00\n');
  });

  it('gives the audit to its readers', async () => {
    const { get } = await signedIn('auditor');
    const { entries } = (await get('/audit?limit=1')).json();
    expect(entries).toEqual([
      {
        id: 1,
        timeMs: expect.any(Number),
        by: 'auditor',
        action: 'session.open',
        subject: 'auditor',
        detail: '127.0.0.1',
      },
    ]);
  });

  it('tells version, uptime and counters', async () => {
    const { get } = await signedIn();
    expect((await get('/service')).json()).toEqual({
      service: 'main',
      version: '0.1.0',
      startedMs: 1000,
      uptimeSeconds: expect.any(Number),
      counters: {
        samples: 7,
        frames: 6,
        blocksDropped: 5,
        alertsRaised: 4,
        rejected: { crc: 3 },
        liveClients: 0,
        spectraSkipped: 0,
      },
    });
  });

  it('is described by OpenAPI: every route of it, with its answers', async () => {
    const { app } = await testGateway();
    const description = (await app.inject('/api/docs/json')).json();
    expect(description.openapi).toBe('3.1.0');
    const described = Object.entries(description.paths).flatMap(([path, methods]) => {
      return Object.keys(methods as object).map(
        (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      );
    });
    const routes = app.routeList().filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/v1'));
    expect(described.sort()).toEqual(routes.map(({ method, url }) => `${method} ${url}`).sort());
    const page = await app.inject('/api/docs');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(page.body).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });
});

describe('metrics', () => {
  it('count what the service counts, under names of ours alone', async () => {
    const { app } = await testGateway();
    const { body, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    const names = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(names.every((line) => line.startsWith('bandwarden_'))).toBe(true);
    expect(names).toEqual(
      expect.arrayContaining([
        'bandwarden_alerts_raised_total 4',
        'bandwarden_samples_total 7',
        'bandwarden_blocks_dropped_total 5',
        'bandwarden_packets_rejected_total{reason="crc"} 3',
        'bandwarden_packets_rejected_total{reason="magic"} 0',
        'bandwarden_receivers{state="online"} 1',
      ]),
    );
    expect(body).toMatch(/bandwarden_process_resident_memory_bytes \d/);
  });
});

describe('readiness', () => {
  it('is lost with the store, and health is not', async () => {
    const { app, store } = await testGateway();
    await store.close();
    const ready = await app.inject('/readyz');
    expect([ready.statusCode, ready.json().error]).toEqual([
      503,
      { code: 'store-failed', message: 'the database failed; see the log' },
    ]);
    expect((await app.inject('/healthz')).json()).toEqual({ alive: true });
  });
});

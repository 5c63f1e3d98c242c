import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { openConfiguredStore } from '../../src/app/open-store.ts';
import type { RunningApp } from '../../src/app.ts';
import { temporaryFolder } from '../support/folder.ts';
import { alertOf, carrierSource, configIn, emulate, prepare, QUIET_LOG, start, watch } from './running-app.ts';

const folders = Array.from({ length: 5 }, () => temporaryFolder());
const running: RunningApp[] = [];
const runningApp = async (...args: Parameters<typeof start>) => {
  const app = await start(...args);
  running.push(app);
  return app;
};
afterEach(() => Promise.all(running.splice(0).map((app) => app.stop())));

const RATE_HZ = 2_400_000;
const CENTER_HZ = 99_000_000;

describe('the service', () => {
  it('tells a page of every unassigned carrier at 2.4 MS/s, each once, and drops nothing', async () => {
    const config = configIn(folders[0]);
    await prepare(config);
    const app = await runningApp(config);
    const { ws } = await watch(app);
    const arrivals: Array<{ centerHz: number; latencyMs: number }> = [];
    ws.socket.on('message', (data, isBinary) => {
      const alert = isBinary ? null : alertOf(JSON.parse(String(data)));
      if (alert?.state !== 'raised' || arrivals.some(({ centerHz }) => centerHz === alert.centerHz)) return;
      if (alert.raisedMs === alert.updatedMs) {
        arrivals.push({ centerHz: alert.centerHz, latencyMs: Date.now() - alert.evidenceMs });
      }
    });
    const carriers = Array.from({ length: 8 }, (_, i) => ({
      offsetHz: -900e3 + i * 230e3,
      fromSeconds: 1 + i * 0.3,
    }));
    const source = carrierSource(RATE_HZ, CENTER_HZ, carriers, 4);
    const receiver = await emulate(app);
    await receiver.run(source, BigInt(Date.now()) * 1_000_000n);
    await wait(500);
    expect(receiver.counters).toMatchObject({ framesLost: 0, ack: { iq: receiver.counters.framesSent - 1 } });
    await receiver.stop();
    for (const { offsetHz } of carriers) {
      expect(arrivals.some(({ centerHz }) => Math.abs(centerHz - CENTER_HZ - offsetHz) < 1_000)).toBe(true);
    }
    expect(arrivals).toHaveLength(carriers.length);
    // What it takes is measured on the built service (test/e2e); here only that evidence comes before the telling.
    for (const { latencyMs } of arrivals) expect(latencyMs).toBeGreaterThan(0);
    await ws.close();
  }, 60_000);

  it('lets a person acknowledge an alert, keeps it over a restart, and goes on counting revisions', async () => {
    const config = configIn(folders[1]);
    await prepare(config);
    const first = await start(config);
    const { ws, headers } = await watch(first);
    const source = carrierSource(250_000, CENTER_HZ, [{ offsetHz: 40e3, fromSeconds: 0 }], 1.6);
    const receiver = await emulate(first);
    await receiver.run(source, BigInt(Date.now()) * 1_000_000n);
    const alert = alertOf(await ws.text((message) => alertOf(message) !== null));
    const answer = await fetch(`${first.url}/api/v1/alerts/${alert?.id}/acknowledge`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ note: 'on it' }),
    });
    expect(answer.status).toBe(200);
    await receiver.stop();
    await ws.close();
    await first.stop();

    const second = await runningApp(config);
    const again = await watch(second);
    again.ws.send({ type: 'resume', revision: 0 });
    const kept = alertOf(await again.ws.text((message) => alertOf(message) !== null));
    expect(kept).toMatchObject({ id: alert?.id, state: 'acknowledged', acknowledgedBy: 'li', onAir: false });
    expect(kept?.revision).toBeGreaterThan(alert?.revision ?? 0);
    await again.ws.close();
    const store = await openConfiguredStore(config, QUIET_LOG);
    const emissions = await store.emissions.find({ limit: 10 });
    expect(emissions.map(({ id }) => id)).toEqual(expect.arrayContaining([...(alert?.emissions ?? ['none'])]));
    await store.close();
  }, 60_000);

  it('publishes alerts to the account of the office, and lets no receiver in that has no credentials', async () => {
    writeFileSync(join(folders[4], 'password'), 'office-secret\n');
    const config = configIn(folders[4], ', username: office, passwordFile: password');
    await prepare(config);
    const app = await runningApp(config);
    const login = (username: string, password: string) =>
      mqtt.connectAsync(app.brokerUrl, { username, password, protocolVersion: 4, reconnectPeriod: 0 });
    await expect(login('rx-1', 'wrong')).rejects.toMatchObject({ code: 4 });
    await expect(login('rx-2', 'rx-password')).rejects.toMatchObject({ code: 4 });
    await expect(login('office', 'wrong')).rejects.toMatchObject({ code: 4 });
    const office = await login('office', 'office-secret');
    const heard: Array<{ topic: string; body: Record<string, unknown> }> = [];
    office.on('message', (topic, payload) => heard.push({ topic, body: JSON.parse(payload.toString()) }));
    await office.subscribeAsync('bandwarden/v1/alerts/main/#', { qos: 1 });
    const receiver = await emulate(app);
    const source = carrierSource(250_000, CENTER_HZ, [{ offsetHz: 40e3, fromSeconds: 0 }], 1.6);
    await receiver.run(source, BigInt(Date.now()) * 1_000_000n);
    for (let tries = 0; heard.length === 0 && tries < 100; tries++) await wait(50);
    const [{ topic, body }] = heard;
    expect(topic).toBe(`bandwarden/v1/alerts/main/${body.id}`);
    expect(body).toMatchObject({ state: 'raised', rule: 'unassigned-emission', receivers: ['rx-1'] });
    await receiver.stop();
    await office.endAsync(true);
  }, 30_000);

  it('gives a one-time link where nobody has an account, and none where somebody has', async () => {
    const config = configIn(folders[2]);
    const first = await start(config);
    expect(first.setupUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]{43}$/);
    const token = new URL(first.setupUrl ?? '').searchParams.get('token');
    const made = await fetch(`${first.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: first.url },
      body: JSON.stringify({ token, name: 'li', password: 'correct horse battery' }),
    });
    expect(made.status).toBe(201);
    await first.stop();
    expect((await runningApp(config)).setupUrl).toBeNull();
  }, 30_000);

  it('says which port is in use, and leaves nothing running behind', async () => {
    const config = configIn(folders[3]);
    const first = await runningApp(config);
    const port = Number(new URL(first.url).port);
    const taken = { ...configIn(folders[2]), http: { ...config.http, port } };
    await expect(start(taken)).rejects.toMatchObject({
      code: 'unavailable',
      message: `http.port: port ${port} on 127.0.0.1 is in use; choose another`,
    });
    const broker = { ...configIn(folders[2]), mqtt: { ...config.mqtt, port: Number(new URL(first.brokerUrl).port) } };
    await expect(start(broker)).rejects.toMatchObject({ code: 'unavailable' });
    // Both failed starts let go of the data: a third one with it works.
    await (await start(configIn(folders[2]))).stop();
  }, 30_000);
});

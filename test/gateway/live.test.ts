import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { LiveSpectrum } from '../../src/core/ports.ts';
import { decodeSpectrum, type LiveSpectrumMessage, type ServerMessage } from '../../src/gateway/messages.ts';
import { alert, emission } from '../store/records.ts';
import { receiverStatus, type TestGateway, type TestGatewayOptions, testGateway } from './support.ts';

const FAST = { tickMs: 50, recheckMs: 100, heartBeatMs: 60_000 };

async function listening(options: TestGatewayOptions = { times: FAST }): Promise<TestGateway & { port: number }> {
  const gateway = await testGateway(options);
  await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  return { ...gateway, port: (gateway.app.server.address() as AddressInfo).port };
}

/** A client that keeps what it is told. */
class Client {
  readonly socket: WebSocket;
  readonly texts: ServerMessage[] = [];
  readonly spectra: LiveSpectrumMessage[] = [];
  keepsLevels = true;

  constructor(port: number, options: ClientOptions) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, options);
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      if (!binary) this.texts.push(JSON.parse(String(data)));
      else {
        const row = decodeSpectrum(data) as LiveSpectrumMessage;
        this.spectra.push(this.keepsLevels ? row : { ...row, levels: new Uint8Array() });
      }
    });
    this.socket.on('error', () => {});
    onTestFinished(() => this.socket.terminate());
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async until<T extends ServerMessage['type']>(type: T, count = 1): Promise<Extract<ServerMessage, { type: T }>[]> {
    const of = () => this.texts.filter((text) => text.type === type) as Extract<ServerMessage, { type: T }>[];
    await expect.poll(() => of().length, { timeout: 5000, interval: 5 }).toBeGreaterThanOrEqual(count);
    return of();
  }

  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) return -1;
    const [code] = await once(this.socket, 'close');
    return code as number;
  }

  revisions(): number[] {
    return this.texts.flatMap((text) => (text.type === 'alert' ? text.alert.revision : []));
  }
}

async function signedIn(gateway: TestGateway & { port: number }): Promise<Client> {
  const headers = { cookie: await gateway.login('operator') };
  const client = new Client(gateway.port, { headers, origin: `http://127.0.0.1:${gateway.port}` });
  await client.until('hello');
  return client;
}

function spectrum(receiver: string, bins = 8, timeMs = Date.now()): LiveSpectrum {
  const levels = Float32Array.from({ length: bins }, (_, bin) => -100 + (bin % 64) / 2);
  return { receiver, timeMs, startHz: 96.9e6, stepHz: 300e3, unit: 'dBFS', levels };
}

describe('/ws', () => {
  it('opens for a login from our own page and for a token, and for nothing else', async () => {
    const gateway = await listening();
    const { port } = gateway;
    const cookie = await gateway.login('operator');
    const authorization = await gateway.token('reviewer');
    const own = `http://127.0.0.1:${port}`;
    const attempt = async (headers: Record<string, string>) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers });
      onTestFinished(() => socket.terminate());
      return await new Promise<number>((resolve) => {
        socket.on('open', () => resolve(101));
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('error', () => resolve(0));
      });
    };
    expect(await attempt({ cookie, origin: own })).toBe(101);
    expect(await attempt({ authorization })).toBe(101);
    expect(await attempt({ authorization, origin: own })).toBe(101);
    expect(await attempt({ origin: own })).toBe(401);
    expect(await attempt({ cookie: 'bandwarden_session=guess', origin: own })).toBe(401);
    expect(await attempt({ authorization: 'Bearer bw_guess' })).toBe(401);
    for (const origin of ['http://evil.example', 'null', `http://localhost:${port}`, `https://127.0.0.1:${port}`]) {
      expect(await attempt({ cookie, origin }), origin).toBe(403);
      expect(await attempt({ authorization, origin }), origin).toBe(403);
    }
    expect(await attempt({ cookie }), 'a cookie without an origin').toBe(403);
    expect(await attempt({ cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
  });

  it('asked for plainly, or at another path, answers plainly', async () => {
    const gateway = await listening();
    const cookie = await gateway.login('operator');
    const plain = await fetch(`http://127.0.0.1:${gateway.port}/ws`, { headers: { cookie } });
    expect(plain.status).toBe(400);
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/other`, { headers: { cookie } });
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(404);
    socket.on('error', () => {});
    socket.terminate();
  });

  it('says hello with the state of the service, and tells what happens then', async () => {
    const gateway = await listening();
    const { service, store } = gateway;
    await store.alerts.put(alert('a1', 41));
    service.known = [receiverStatus('roof'), receiverStatus('harbour')];
    service.onAir = [emission('e1', 98e6, 98.2e6)];
    const client = await signedIn(gateway);
    expect(client.texts[0]).toEqual({
      type: 'hello',
      service: 'main',
      version: '0.1.0',
      nowMs: expect.any(Number),
      revision: 41,
      receivers: service.known,
      emissions: service.onAir,
      channels: { roof: 0, harbour: 1 },
    });
    const island = receiverStatus('island');
    service.emit('receiver', island);
    service.emit('emission', emission('e2', 409e6, 409.1e6));
    await service.raise(alert('a2', 42));
    await client.until('alert');
    expect(client.texts.slice(1)).toEqual([
      { type: 'receiver', receiver: island, channel: 2 },
      { type: 'emission', emission: emission('e2', 409e6, 409.1e6) },
      { type: 'alert', alert: alert('a2', 42) },
    ]);
  });

  it('sends spectra of the receivers asked for, a byte a bin within half a step', async () => {
    const gateway = await listening();
    const client = await signedIn(gateway);
    gateway.service.emit('spectrum', spectrum('roof'));
    client.send({ type: 'subscribe', receivers: ['roof'], rowsPerSecond: 60 });
    await wait(100);
    const sent = spectrum('roof', 64, 1_790_000_000_000.5);
    gateway.service.emit('spectrum', spectrum('harbour'));
    gateway.service.emit('spectrum', sent);
    await expect.poll(() => client.spectra.length).toBe(1);
    const [row] = client.spectra;
    expect(row).toMatchObject({ channel: 0, unit: 'dBFS', timeMs: sent.timeMs, startHz: 96.9e6, stepHz: 300e3 });
    for (const [bin, byte] of row.levels.entries()) {
      expect(Math.abs(row.minLevel + byte * row.levelStepDb - sent.levels[bin])).toBeLessThanOrEqual(0.25);
    }
  });

  it('keeps to the rows a second that were asked for, and counts none of the rest as behind', async () => {
    const gateway = await listening();
    const client = await signedIn(gateway);
    client.send({ type: 'subscribe', receivers: ['roof', 'harbour'], rowsPerSecond: 10 });
    await wait(50);
    const started = performance.now();
    while (performance.now() - started < 1500) {
      gateway.service.emit('spectrum', spectrum('roof'));
      gateway.service.emit('spectrum', spectrum('harbour'));
      await wait(10);
    }
    await wait(50);
    const seconds = (performance.now() - started) / 1000;
    for (const channel of [0, 1]) {
      const rows = client.spectra.filter((row) => row.channel === channel).length;
      expect(rows / seconds).toBeGreaterThan(7.5);
      expect(rows / seconds).toBeLessThan(11.5);
    }
    expect(client.texts.filter(({ type }) => type === 'behind')).toEqual([]);
  });

  it('answers what it does not understand with an error, and goes on', async () => {
    const gateway = await listening();
    const client = await signedIn(gateway);
    const nonsense = [
      'hello',
      '[]',
      'null',
      '{"type":"shutdown"}',
      '{"type":"subscribe","receivers":"roof","rowsPerSecond":5}',
      '{"type":"subscribe","receivers":["roof"],"rowsPerSecond":0}',
      '{"type":"subscribe","receivers":["roof"],"rowsPerSecond":1e9}',
      '{"type":"resume","revision":-1}',
      '{"type":"resume","revision":1.5}',
      '{"type":"resume","__proto__":{"revision":1}}',
    ];
    for (const text of nonsense) client.send(text);
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.until('error', nonsense.length + 1)).toHaveLength(nonsense.length + 1);
    client.send({ type: 'resume', revision: 0 });
    await client.until('resumed');
  });

  it('closes on a message over 64 KiB and on a flood of messages', async () => {
    const gateway = await listening({});
    const large = await signedIn(gateway);
    large.send(`{"type":"resume","x":"${'x'.repeat(65_536)}"}`);
    expect(await large.closed()).toBe(1009);
    const flood = await signedIn(gateway);
    for (let i = 0; i < 100; i++) flood.send({ type: 'resume', revision: 0 });
    expect(await flood.closed()).toBe(1008);
  });

  it('closes within 5 s of a logout, of an expiry, and of a disabled account', async () => {
    const gateway = await listening({});
    const { app, login, port, store, advance } = gateway;
    const cookie = await login('operator');
    const origin = `http://127.0.0.1:${port}`;
    const loggedOut = new Client(port, { headers: { cookie }, origin });
    const disabled = new Client(port, { headers: { authorization: await gateway.token('officer') } });
    await Promise.all([loggedOut.until('hello'), disabled.until('hello')]);
    const started = performance.now();
    await app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie, origin: 'http://localhost:80' } });
    const officer = await store.accounts.byName('officer');
    if (officer !== null) await store.accounts.update({ ...officer, disabled: true });
    expect(await Promise.all([loggedOut.closed(), disabled.closed()])).toEqual([4401, 4401]);
    expect(performance.now() - started).toBeLessThan(5000);

    const expiring = await signedIn(gateway);
    advance(12 * 3_600_000);
    expect(await expiring.closed()).toBe(4401);
  });

  it('drops a client that answers no ping', async () => {
    const gateway = await listening({ times: { ...FAST, heartBeatMs: 100 } });
    const headers = { authorization: await gateway.token('operator') };
    const dead = new Client(gateway.port, { headers, autoPong: false } as ClientOptions);
    const alive = new Client(gateway.port, { headers });
    await Promise.all([dead.until('hello'), alive.until('hello')]);
    expect(await dead.closed()).toBe(1006);
    await wait(300);
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('lets go of everything when the gateway closes', async () => {
    const gateway = await listening();
    const client = await signedIn(gateway);
    const closed = client.closed();
    await gateway.app.close();
    expect(await closed).toBe(1001);
    expect(gateway.service.subscribers()).toBe(0);
  });
});

describe('a client that comes back', () => {
  it('gets exactly the alerts that it missed, in order, while new ones come in', async () => {
    const gateway = await listening();
    const { service, store } = gateway;
    for (let i = 1; i <= 450; i++) await store.alerts.put(alert(`a${i}`, i));
    await store.alerts.put(alert('a10', 451));
    const client = await signedIn(gateway);
    client.send({ type: 'resume', revision: 100 });
    for (let revision = 452; revision <= 480; revision++) {
      await service.raise(alert(`a${revision}`, revision));
      await new Promise((resume) => setImmediate(resume));
    }
    await client.until('resumed');
    await expect.poll(() => client.revisions().at(-1)).toBe(480);
    const missed = Array.from({ length: 380 }, (_, i) => 101 + i);
    // What came before the service saw the question was new; it comes again in its place.
    // Each alert stands in the store at its last revision: a10 was changed at 451 and not before 101.
    const seen = client.revisions();
    expect(seen.slice(seen.indexOf(101))).toEqual(missed);
    expect(Math.min(...seen.slice(0, seen.indexOf(101)), 452)).toBe(452);
  });

  it('and asks at once, before it was greeted, misses and repeats nothing', async () => {
    const gateway = await listening();
    const { service, store } = gateway;
    for (let i = 1; i <= 20; i++) await store.alerts.put(alert(`a${i}`, i));
    const headers = { authorization: await gateway.token('operator') };
    const client = new Client(gateway.port, { headers });
    client.socket.on('open', () => {
      client.send({ type: 'resume', revision: 5 });
      client.send({ type: 'resume', revision: 18 });
    });
    for (let revision = 21; revision <= 40; revision++) {
      await service.raise(alert(`a${revision}`, revision));
      await wait(2);
    }
    await client.until('resumed', 2);
    await expect.poll(() => client.revisions().at(-1)).toBe(40);
    const [hello] = client.texts;
    expect(hello.type).toBe('hello');
    const first = client.texts.findIndex(({ type }) => type === 'resumed');
    const one = client.texts.slice(0, first).flatMap((text) => (text.type === 'alert' ? text.alert.revision : []));
    const answer = one.slice(one.indexOf(6));
    expect(answer).toEqual(Array.from({ length: answer.length }, (_, i) => 6 + i));
    expect(client.revisions().slice(-5)).toEqual([36, 37, 38, 39, 40]);
  });

  it('with a revision that the service never had still gets what is new', async () => {
    const gateway = await listening();
    await gateway.store.alerts.put(alert('a1', 1));
    const client = await signedIn(gateway);
    client.send({ type: 'resume', revision: 999 });
    expect((await client.until('resumed'))[0].revision).toBe(1);
    await gateway.service.raise(alert('a2', 2));
    await client.until('alert');
    expect(client.revisions()).toEqual([2]);
  });
});

describe('a client that reads too slowly', () => {
  /** A client below the WebSocket library: shakes hands and then never reads again. */
  async function deafClient(port: number, authorization: string): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port });
    onTestFinished(() => {
      socket.destroy();
    });
    socket.on('error', () => {});
    const subscribe = Buffer.from(JSON.stringify({ type: 'subscribe', receivers: ['roof'], rowsPerSecond: 60 }));
    const lines = [
      'GET /ws HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Authorization: ${authorization}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await once(socket, 'readable');
    // A masked text frame under a mask of zeros.
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | subscribe.length, 0, 0, 0, 0]), subscribe]));
  }

  it('is sent fewer spectra, is told so, and gets the newest and every alert', async () => {
    const gateway = await listening();
    const { service } = gateway;
    const client = await signedIn(gateway);
    client.send({ type: 'subscribe', receivers: ['roof'], rowsPerSecond: 60 });
    await wait(50);
    client.socket.pause();
    for (let i = 1; i <= 150; i++) {
      service.emit('spectrum', spectrum('roof', 262_144, i));
      if (i % 30 === 0) await service.raise(alert(`a${i}`, i));
      gateway.advance(17);
      await wait(1);
    }
    await wait(100);
    client.socket.resume();
    await expect.poll(() => client.spectra.at(-1)?.timeMs, { timeout: 10_000 }).toBe(150);
    await client.until('alert', 5);
    expect(client.revisions()).toEqual([30, 60, 90, 120, 150]);
    const behind = await client.until('behind');
    await expect
      .poll(() => client.texts.findLast((text) => text.type === 'behind'))
      .toEqual({
        type: 'behind',
        skipped: 150 - client.spectra.length,
      });
    expect(behind.length).toBeGreaterThan(0);
  });

  it('and never reads again is cut off; meanwhile what is held for it stays bounded and others lose nothing', async () => {
    const gateway = await listening();
    const { service, port, app } = gateway;
    const authorization = await gateway.token('operator');
    const good = new Client(port, { headers: { authorization } });
    good.keepsLevels = false;
    await good.until('hello');
    good.send({ type: 'subscribe', receivers: ['roof'], rowsPerSecond: 60 });
    await Promise.all(Array.from({ length: 10 }, () => deafClient(port, authorization)));
    await wait(100);
    const row = spectrum('roof', 65_536);
    const metrics = async () => (await app.inject('/metrics')).body;
    let peakBytes = 0;
    // 600 rows of 64 KiB for ten clients: 375 MiB if nothing limited what waits for them.
    for (let i = 1; i <= 600; i++) {
      service.emit('spectrum', { ...row, timeMs: i });
      if (i % 20 === 0) {
        await service.raise(alert(`a${i}`, i));
        const [, waiting] = /^bandwarden_live_waiting_bytes (\S+)$/m.exec(await metrics()) ?? [];
        peakBytes = Math.max(peakBytes, Number(waiting));
      }
      gateway.advance(17);
      await wait(1);
    }
    gateway.advance(15_000);
    await expect.poll(metrics, { timeout: 8000 }).toContain('bandwarden_live_clients_evicted_total 10');
    await expect.poll(metrics, { timeout: 8000 }).toMatch(/bandwarden_live_clients 1\n/);
    // For each: the socket's 512 KiB and the row that filled it, one row that waits, and some alerts.
    expect(peakBytes).toBeGreaterThan(10 * 512 * 1024);
    expect(peakBytes).toBeLessThan(11 * (512 + 3 * 64) * 1024);
    await expect.poll(() => good.revisions().length).toBe(30);
    expect(good.spectra.length).toBeGreaterThan(500);
  });
});

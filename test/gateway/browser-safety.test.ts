import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { own, testGateway } from './support.ts';

describe('a request that changes something', () => {
  it('by cookie is taken from our own pages alone', async () => {
    const { app, login } = await testGateway({ config: { publicUrl: 'https://spectrum.example.org' } });
    const cookie = await login('administrator');
    const routes = app
      .routeList()
      .filter(({ method, url }) => !['GET', 'HEAD'].includes(method) && url.startsWith('/api/v1'));
    expect(routes.length).toBeGreaterThan(10);
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:81' },
      { origin: 'https://localhost:80' },
      { origin: 'http://spectrum.example.org' },
      { origin: 'https://spectrum.example.org.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      {},
    ];
    for (const { method, url } of routes) {
      for (const headers of foreign) {
        const answer = await app.inject({
          method: method as 'POST',
          url: url.replace(':id', 'x'),
          headers: { cookie, ...headers },
        });
        expect([answer.statusCode, answer.json().error.message], url).toEqual([
          403,
          expect.stringMatching(/another site/),
        ]);
      }
    }
    for (const headers of [own, { origin: 'https://spectrum.example.org' }, { 'sec-fetch-site': 'same-origin' }]) {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/receivers/x/approve',
        headers: { cookie, ...headers },
        payload: { approved: true },
      });
      expect(answer.statusCode).toBe(404);
    }
  });

  it('by token needs no origin', async () => {
    const { app, token } = await testGateway();
    const headers = { authorization: await token('operator') };
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/receivers/roof/approve',
      headers,
      payload: { approved: false },
    });
    expect(answer.json().receiver).toMatchObject({ id: 'roof', approved: false });
  });

  it('to log in or set up is refused from another site too', async () => {
    const { app, setupToken } = await testGateway();
    const headers = { origin: 'https://evil.example' };
    const payload = { token: setupToken.value, name: 'li', password: 'a long enough password' };
    expect((await app.inject({ method: 'POST', url: '/api/v1/setup', headers, payload })).statusCode).toBe(403);
    const login = { name: 'li', password: 'a long enough password' };
    expect((await app.inject({ method: 'POST', url: '/api/v1/session', headers, payload: login })).statusCode).toBe(
      403,
    );
  });
});

describe('a Host header', () => {
  const status = async (config: object, host: string) => {
    const { app } = await testGateway({ config });
    return (await app.inject({ url: '/api/v1/setup', headers: { host } })).statusCode;
  };

  it('must be ours: a name rebound to this machine is refused', async () => {
    for (const host of ['localhost', 'LOCALHOST:8073', '127.0.0.1:8073', '[::1]:8073'])
      expect(await status({}, host)).toBe(200);
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '192.168.1.5',
      'a b',
      'localhost:80:80',
      'user@localhost',
    ]) {
      expect(await status({}, host), host).toBe(403);
    }
  });

  it('may be the public one, and any bare address where we listen on all', async () => {
    const config = { host: '0.0.0.0', publicUrl: 'https://spectrum.example.org' };
    for (const host of ['spectrum.example.org', '192.168.1.5:8073', '[fd00::5]:8073'])
      expect(await status(config, host)).toBe(200);
    expect(await status(config, 'evil.example')).toBe(403);
  });
});

describe('what is sent', () => {
  it('with __proto__, broken JSON, unknown fields or a wrong type is refused, and pollutes nothing', async () => {
    const { app } = await testGateway();
    const post = (payload: string, type = 'application/json') => {
      return app.inject({ method: 'POST', url: '/api/v1/session', headers: { 'content-type': type }, payload });
    };
    const bodies = [
      '{"__proto__":{"admin":true},"name":"li","password":"x"}',
      '{"constructor":{"prototype":{"admin":true}},"name":"li","password":"x"}',
      '{"name":"li","password":"x","admin":true}',
      '{"name":["li"],"password":"x"}',
      '{"name":"li"',
      'null',
      '',
    ];
    for (const body of bodies) {
      const answer = await post(body);
      expect([answer.statusCode, answer.json()], body).toEqual([
        400,
        { error: { code: 'bad-argument', message: expect.any(String) } },
      ]);
    }
    for (const type of ['text/plain', 'application/json\t; charset=utf-8x', ' text/html', 'application/xml']) {
      expect((await post('{"name":"li","password":"x"}', type)).statusCode, type).toBeGreaterThanOrEqual(400);
    }
    expect((Object.prototype as { admin?: unknown }).admin).toBeUndefined();
  });

  it('may not be large, but for the register', async () => {
    const { app, login } = await testGateway();
    const payload = { name: 'li', password: 'x'.repeat(70_000) };
    const answer = await app.inject({ method: 'POST', url: '/api/v1/session', payload });
    expect([answer.statusCode, answer.json().error.code]).toEqual([413, 'limited']);
    const headers = { cookie: await login('officer'), ...own, 'content-type': 'text/csv' };
    const rows = Array.from({ length: 5000 }, (_, i) => `A${i},${1e8 + i},200000`).join('\n');
    const csv = `id,center_hz,bandwidth_hz\n${rows}`;
    expect(csv.length).toBeGreaterThan(70_000);
    const imported = await app.inject({ method: 'POST', url: '/api/v1/assignments/import', headers, payload: csv });
    expect(imported.json()).toEqual({ imported: 5000, rejected: 0, rejects: [] });
  });
});

describe('an answer', () => {
  it('forbids inline scripts, frames, other sites and guessing of types', async () => {
    const { app } = await testGateway();
    for (const url of ['/api/v1/setup', '/api/docs', '/nowhere']) {
      const { headers } = await app.inject({ url, headers: { host: 'localhost:8073' } });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self' ws://localhost:8073 wss://localhost:8073");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  it('of the API is kept by no cache', async () => {
    const { app } = await testGateway();
    expect((await app.inject('/api/v1/setup')).headers['cache-control']).toBe('no-store');
  });
});

describe('the dashboard', () => {
  const prepare = (folder: string) => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Bandwarden</title>');
    writeFileSync(join(folder, 'assets/app-1a2b3c.js'), 'export {};');
  };
  const page = { accept: 'text/html,application/xhtml+xml' };

  it('is served for its own pages without a login; hashed files for good, the page itself never from a cache', async () => {
    const { app } = await testGateway({ prepare });
    for (const url of ['/', '/live', '/alerts', '/alerts/a1?x=1', '/login', '/setup?token=abc', '/receivers/roof']) {
      const answer = await app.inject({ url, headers: page });
      expect([answer.statusCode, answer.headers['cache-control']], url).toEqual([200, 'no-cache']);
      expect(answer.body).toContain('Bandwarden');
    }
    const asset = await app.inject('/assets/app-1a2b3c.js');
    expect([asset.statusCode, asset.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it('is no answer to what is missing: files, API and paths out of its folder', async () => {
    const { app } = await testGateway({ prepare });
    const missing = [
      '/assets/app-other.js',
      '/api/v1/nowhere',
      '/api',
      '/ws/x',
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%5cpackage.json',
      '/.env',
    ];
    for (const url of missing) {
      const answer = await app.inject({ url, headers: page });
      expect([answer.statusCode, url]).toEqual([expect.toSatisfy((code: number) => code === 404 || code === 403), url]);
      expect(answer.body).not.toContain('Bandwarden</title>');
    }
    expect((await app.inject({ method: 'POST', url: '/live', headers: page })).statusCode).toBe(404);
  });

  it('that is not built says how to build it', async () => {
    const { app } = await testGateway();
    const answer = await app.inject({ url: '/live', headers: page });
    expect([answer.statusCode, answer.json().error.message]).toEqual([503, expect.stringContaining('npm run build')]);
  });
});

import { describe, expect, it } from 'vitest';
import { own, PASSWORD, testGateway } from './support.ts';

const name = 'li';
const password = 'a long enough password';

describe('the first account', () => {
  it('is made by the one-time link, is an administrator, and is logged in', async () => {
    const { app, setupToken, store } = await testGateway();
    expect((await app.inject('/api/v1/setup')).json()).toEqual({ needed: true, open: true });
    const token = setupToken.value;
    const made = await app.inject({ method: 'POST', url: '/api/v1/setup', payload: { token, name, password } });
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({
      permissions: expect.arrayContaining(['accounts.manage', 'receivers.plan']),
      account: expect.objectContaining({ name: 'li', role: 'administrator', disabled: false }),
    });
    expect(made.body).not.toContain('argon2');
    const cookie = `bandwarden_session=${made.cookies[0].value}`;
    expect((await app.inject({ url: '/api/v1/session', headers: { cookie } })).json().account.name).toBe('li');
    expect((await app.inject('/api/v1/setup')).json()).toEqual({ needed: false, open: false });
    expect(setupToken.value).toBeNull();
    const again = await app.inject({ method: 'POST', url: '/api/v1/setup', payload: { token, name: 'x', password } });
    expect(again.statusCode).toBe(403);
    expect((await store.audit.list(5)).map(({ action }) => action)).toEqual(['setup.refused', 'setup.done']);
  });

  it('is made once by two that hold the link at once', async () => {
    const { app, setupToken, store } = await testGateway();
    const token = setupToken.value;
    const attempts = ['a', 'b'].map((name) => {
      return app.inject({ method: 'POST', url: '/api/v1/setup', payload: { token, name, password } });
    });
    const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode);
    expect(statuses.sort()).toEqual([201, 403]);
    expect(await store.accounts.count()).toBe(1);
  });

  it('needs the right link and 12 characters; a mistake does not spend the link', async () => {
    const { app, setupToken } = await testGateway();
    const attempt = (token: string | null, password: string, name = 'li') => {
      return app.inject({ method: 'POST', url: '/api/v1/setup', payload: { token, name, password } });
    };
    const token = setupToken.value;
    expect((await attempt('wrong', password)).statusCode).toBe(403);
    const short = await attempt(token, 'elevenchars');
    expect([short.statusCode, short.json().error.message]).toEqual([
      400,
      expect.stringMatching(/11 characters; expected 12/),
    ]);
    for (const bad of ['service', ' ', 'a\u0000b', '<b>', 'a  b']) {
      expect((await attempt(token, password, bad)).statusCode).toBe(400);
    }
    expect((await attempt(token, password, '陳 大文')).statusCode).toBe(201);
  });
});

describe('a session', () => {
  it('cookie is out of reach of scripts and of other sites, and secure where the public address is', async () => {
    for (const [publicUrl, secure] of [
      [null, undefined],
      ['https://spectrum.example.org', true],
    ] as const) {
      const { app, login } = await testGateway({ config: { publicUrl } });
      await login('operator');
      const payload = { name: 'operator', password: PASSWORD };
      const { cookies } = await app.inject({ method: 'POST', url: '/api/v1/session', payload });
      expect(cookies).toHaveLength(1);
      expect(cookies[0]).toMatchObject({ name: 'bandwarden_session', httpOnly: true, sameSite: 'Strict', path: '/' });
      expect(cookies[0].secure).toBe(secure);
      expect(cookies[0].value).toMatch(/^[\w-]{43}$/);
    }
  });

  it('value is nowhere in the store, only its hash', async () => {
    const { login, store } = await testGateway();
    const value = (await login('operator')).split('=')[1];
    expect(await store.sessions.get(value)).toBeNull();
  });

  it('ends with the logout, and the one beside it stays', async () => {
    const { app, login } = await testGateway();
    const [first, second] = [await login('operator'), await login('operator')];
    const out = await app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie: first, ...own } });
    expect(out.statusCode).toBe(204);
    const status = async (cookie: string) =>
      (await app.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode;
    expect([await status(first), await status(second)]).toEqual([401, 200]);
  });

  it('ends some hours after its last use, not after its beginning', async () => {
    const { app, login, advance } = await testGateway({ config: { sessionHours: 2 } });
    const cookie = await login('operator');
    const status = async () => (await app.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode;
    for (let i = 0; i < 3; i++) {
      advance(1.5 * 3_600_000);
      expect(await status()).toBe(200);
    }
    advance(2 * 3_600_000);
    expect(await status()).toBe(401);
  });

  it('is refused alike for a wrong name, a wrong password and a disabled account, and written down', async () => {
    const { app, login, store } = await testGateway();
    await login('operator');
    await login('officer');
    const officer = await store.accounts.byName('officer');
    if (officer !== null) await store.accounts.update({ ...officer, disabled: true });
    const attempts = [
      ['nobody', PASSWORD],
      ['operator', 'wrong password'],
      ['officer', PASSWORD],
    ];
    const bodies = new Set<string>();
    for (const [name, password] of attempts) {
      const answer = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { name, password } });
      expect(answer.statusCode).toBe(401);
      expect(answer.cookies).toEqual([]);
      bodies.add(answer.body);
    }
    expect(bodies.size).toBe(1);
    const refusals = (await store.audit.list(10)).filter(({ action }) => action === 'session.refused');
    expect(refusals.map(({ subject }) => subject)).toEqual(['officer', 'operator', 'nobody']);
  });

  it('takes as long to refuse for a name that is not there as for one that is', async () => {
    const { app, login } = await testGateway();
    await login('operator');
    const timed = async (name: string, remoteAddress: string) => {
      const started = performance.now();
      const payload = { name, password: 'wrong password' };
      await app.inject({ method: 'POST', url: '/api/v1/session', payload, remoteAddress });
      return performance.now() - started;
    };
    await timed('warm', '192.0.2.200');
    const median = async (name: string) => {
      const times: number[] = [];
      for (let i = 0; i < 9; i++) times.push(await timed(name, `192.0.2.${i}`));
      return times.sort((a, b) => a - b)[4];
    };
    const ratio = (await median('nobody')) / (await median('operator'));
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('may be tried five times a minute for a name from an address', async () => {
    const { app } = await testGateway();
    const attempt = async (name: string, remoteAddress: string) => {
      const payload = { name, password: 'wrong password' };
      return (await app.inject({ method: 'POST', url: '/api/v1/session', payload, remoteAddress })).statusCode;
    };
    for (let i = 0; i < 5; i++) expect(await attempt('li', '192.0.2.1')).toBe(401);
    expect(await attempt('li', '192.0.2.1')).toBe(429);
    expect(await attempt(' LI ', '192.0.2.1')).toBe(429);
    expect(await attempt('wang', '192.0.2.1')).toBe(401);
    expect(await attempt('li', '192.0.2.2')).toBe(401);
  });

  it('password is changed by its owner who knows it, and all other sessions end', async () => {
    const { app, login } = await testGateway();
    const [cookie, other] = [await login('operator'), await login('operator')];
    const change = (current: string, next: string) => {
      const headers = { cookie, ...own };
      return app.inject({ method: 'POST', url: '/api/v1/session/password', headers, payload: { current, next } });
    };
    expect((await change('wrong password', password)).statusCode).toBe(401);
    expect((await change(PASSWORD, 'short')).statusCode).toBe(400);
    const changed = await change(PASSWORD, password);
    expect(changed.statusCode).toBe(200);
    const status = async (cookie: string) =>
      (await app.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode;
    expect(await status(other)).toBe(401);
    expect(await status(`bandwarden_session=${changed.cookies[0].value}`)).toBe(200);
    const back = { name: 'operator', password };
    expect((await app.inject({ method: 'POST', url: '/api/v1/session', payload: back })).statusCode).toBe(200);
  });
});

describe('an account', () => {
  it('is made, changed and disabled by an administrator, and a change ends its sessions', async () => {
    const { app, login, store } = await testGateway();
    const headers = { cookie: await login('administrator'), ...own };
    const payload = { name: 'wang', role: 'operator', password };
    const made = await app.inject({ method: 'POST', url: '/api/v1/accounts', headers, payload });
    expect(made.statusCode).toBe(201);
    const { id } = made.json().account;
    const taken = await app.inject({
      method: 'POST',
      url: '/api/v1/accounts',
      headers,
      payload: { ...payload, name: 'WANG' },
    });
    expect([taken.statusCode, taken.json().error.code]).toEqual([409, 'conflict']);

    const opened = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { name: 'wang', password } });
    const cookie = `bandwarden_session=${opened.cookies[0].value}`;
    const change = (payload: object) =>
      app.inject({ method: 'PATCH', url: `/api/v1/accounts/${id}`, headers, payload });
    expect((await change({ role: 'officer' })).json().account.role).toBe('officer');
    expect((await app.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode).toBe(401);
    expect((await change({ disabled: true })).json().account.disabled).toBe(true);
    const refused = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { name: 'wang', password } });
    expect(refused.statusCode).toBe(401);
    expect((await change({})).statusCode).toBe(400);
    expect((await change({ name: 'x' })).statusCode).toBe(400);
    const list = await app.inject({ url: '/api/v1/accounts', headers });
    expect(list.body).not.toMatch(/argon2|passwordHash/);
    expect((await store.audit.list(3)).map(({ action, detail }) => [action, detail])).toEqual([
      ['session.refused', '127.0.0.1'],
      ['account.change', 'disabled true'],
      ['account.change', 'role officer'],
    ]);
  });

  it('that is the last administrator stays one', async () => {
    const { app, login, store } = await testGateway();
    const headers = { cookie: await login('administrator'), ...own };
    const id = (await store.accounts.byName('administrator'))?.id;
    for (const payload of [{ disabled: true }, { role: 'auditor' }]) {
      const answer = await app.inject({ method: 'PATCH', url: `/api/v1/accounts/${id}`, headers, payload });
      expect([answer.statusCode, answer.json().error.message]).toEqual([
        409,
        expect.stringMatching(/last administrator/),
      ]);
    }
  });
});

describe('a token', () => {
  it('speaks for its account without a cookie, and its secret is told once', async () => {
    const { app, login, store } = await testGateway();
    const headers = { cookie: await login('operator'), ...own };
    const made = (
      await app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload: { label: '報表', days: 1 } })
    ).json();
    expect(made.secret).toMatch(/^bw_[\w-]{43}$/);
    const bearer = { authorization: `Bearer ${made.secret}` };
    expect((await app.inject({ url: '/api/v1/receivers', headers: bearer })).statusCode).toBe(200);
    const list = await app.inject({ url: '/api/v1/tokens', headers });
    expect(list.json().tokens).toEqual([{ ...made.token, lastUsedMs: expect.any(Number) }]);
    expect(list.body).not.toContain(made.secret);
    expect(await store.tokens.byHash(made.secret)).toBeNull();
  });

  it('ends when it is deleted, when its days are over, and when its account is disabled', async () => {
    const { app, login, advance, store } = await testGateway();
    const headers = { cookie: await login('operator'), ...own };
    const make = async (payload: object) =>
      (await app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload })).json();
    const status = async (secret: string) => {
      return (await app.inject({ url: '/api/v1/receivers', headers: { authorization: `Bearer ${secret}` } }))
        .statusCode;
    };
    const [deleted, short, long] = [
      await make({ label: 'a' }),
      await make({ label: 'b', days: 1 }),
      await make({ label: 'c' }),
    ];
    const url = `/api/v1/tokens/${deleted.token.id}`;
    expect((await app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(204);
    expect((await app.inject({ method: 'DELETE', url, headers })).statusCode).toBe(404);
    expect([await status(deleted.secret), await status(short.secret), await status(long.secret)]).toEqual([
      401, 200, 200,
    ]);
    advance(86_400_000);
    expect([await status(short.secret), await status(long.secret)]).toEqual([401, 200]);
    const account = await store.accounts.byName('operator');
    if (account !== null) await store.accounts.update({ ...account, disabled: true });
    expect(await status(long.secret)).toBe(401);
  });

  it('cannot make itself last: no tokens, accounts or passwords by a token', async () => {
    const { app, token } = await testGateway();
    const headers = { authorization: await token('administrator') };
    const attempts = [
      { method: 'POST', url: '/api/v1/tokens', payload: { label: 'x' } },
      { method: 'POST', url: '/api/v1/accounts', payload: { name: 'x', role: 'administrator', password } },
      { method: 'POST', url: '/api/v1/session/password', payload: { current: PASSWORD, next: password } },
    ] as const;
    for (const attempt of attempts)
      expect((await app.inject({ ...attempt, headers })).statusCode, attempt.url).toBe(403);
  });

  it('that is wrong is not helped by a good cookie', async () => {
    const { app, login } = await testGateway();
    const cookie = await login('operator');
    for (const authorization of ['Bearer bw_wrong', 'Basic eDp5', 'Bearer ', 'bearer', `Bearer ${'x'.repeat(5000)}`]) {
      expect((await app.inject({ url: '/api/v1/session', headers: { cookie, authorization } })).statusCode).toBe(401);
    }
  });
});

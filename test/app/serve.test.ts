import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { RunningProcess, run } from '../support/process.ts';

const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();
const demoFolder = temporaryFolder();
const started: RunningProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.stop('SIGKILL')));
});

function configFile(at: string): string {
  const file = join(at, 'bandwarden.yaml');
  writeFileSync(file, 'http: { port: 0 }\nmqtt: { port: 0 }\n');
  return file;
}

function serve(...args: string[]): RunningProcess {
  const service = new RunningProcess(process.execPath, ['--import', 'tsx', 'src/main.ts', 'serve', ...args], {
    cwd: root,
  });
  started.push(service);
  return service;
}

interface ReceiverLine {
  readonly id: string;
  readonly state: string;
  readonly frames: number;
}

describe('bandwarden serve', () => {
  it('prints where it is and the one-time link, answers, and ends with 0 within five seconds of SIGTERM', async () => {
    const service = serve('--config', configFile(folder));
    const [, url] = await service.line(/^Bandwarden is at (http:\/\/127\.0\.0\.1:\d+)$/, 30_000);
    await service.line(new RegExp(`^Make the first account.*${url}/setup\\?token=[\\w-]{43}$`));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const askedMs = Date.now();
    expect(await service.stop('SIGTERM')).toBe(0);
    expect(Date.now() - askedMs).toBeLessThan(5_000);
  }, 60_000);

  it('brings up the demonstration: an account for each role, seven receivers that stream, and no city left behind', async () => {
    const service = serve('--config', configFile(demoFolder), '--demo');
    const [, url] = await service.line(/^Bandwarden is at (\S+)$/, 30_000);
    const [, password] = await service.line(/^ {2}operator +(\S+)$/);
    for (const role of ['officer', 'reviewer', 'supervisor', 'administrator', 'auditor']) {
      await service.line(new RegExp(`^ {2}${role} +\\S{16}$`));
    }
    const login = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ name: 'operator', password }),
    });
    const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0];
    const receivers = async () => {
      const answer = await fetch(`${url}/api/v1/receivers`, { headers: { cookie } });
      const body = (await answer.json()) as { receivers: ReceiverLine[] };
      return body.receivers;
    };
    const streams = async () => (await receivers()).filter(({ state, frames }) => state === 'online' && frames > 0);
    for (let tries = 0; (await streams()).length < 7; tries++) {
      if (tries > 200) throw new Error(JSON.stringify(await receivers()));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { stdout } = await run('ps', ['-o', 'pid=,args=', '--ppid', String(service.child.pid)]);
    const city = Number(
      stdout
        .split('\n')
        .find((line) => /city-process/.test(line))
        ?.trim()
        .split(' ')[0],
    );
    expect(city).toBeGreaterThan(0);
    expect(await service.stop('SIGTERM')).toBe(0);
    expect(() => process.kill(city, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }));
  }, 90_000);

  it('ends with 2 and one line where the configuration is wrong', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'http:\n  prot: 80\n');
    const { code, stderr } = await run(
      process.execPath,
      ['--import', 'tsx', 'src/main.ts', 'serve', '--config', file],
      {
        cwd: root,
      },
    );
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('wrong.yaml:2');
  }, 30_000);
});

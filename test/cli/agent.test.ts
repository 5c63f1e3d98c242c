import { lstatSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAgentConfig } from '../../src/cli/agent-config.ts';
import { configErrorLine } from '../../src/config/document.ts';
import type { ReceiverStatus } from '../../src/core/records.ts';
import { alertOf, configIn, prepare, start, watch } from '../app/running-app.ts';
import { FakePrograms } from '../hardware/agent/fake-programs.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { RunningProcess, run } from '../support/process.ts';
import { describeWith, findCommand } from '../support/services.ts';

const folder = temporaryFolder();
const command = ['--import', 'tsx', 'src/main.ts'];
const ends: Array<() => unknown> = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** Lines from 1: receiver, mqtt, broker, source, type, centerHz. */
function text(more: string): string {
  return `receiver: rx-1\nmqtt:\n  broker: mqtts://b:8883\nsource:\n  type: rtl_sdr\n  centerHz: 433.92e6\n${more}`;
}

describe('the configuration of the agent', () => {
  it.each([
    ['  gain: 3\n', '7: source.gain: unknown key; did you mean "gainDb"?'],
    ['  gainDb: high\n', '7: source.gainDb: expected a number from -50 to 120, or null, found "high"'],
    ['plan:\n  - { dwellSeconds: 1 }\n', '8: plan[0]: expected centerHz, or startHz and stopHz'],
    [
      'plan:\n  - startHz: 2e6\n    stopHz: 1e6\n    dwellSeconds: 1\n',
      '9: plan[0].stopHz: expected above startHz, 2000000; found 1000000',
    ],
    [
      'station:\n  location: { lat: 91, lon: 0 }\n',
      '8: station.location.lat: expected a number from -90 to 90, found 91',
    ],
  ])('%j is named with its line', (more, expected) => {
    const checked = checkAgentConfig(text(more), '/');
    expect(checked.ok ? [] : checked.errors.map((error) => configErrorLine('a.yaml', error))).toEqual([
      `a.yaml:${expected}`,
    ]);
  });

  it('a source that sweeps is not tuned, and a password is not part of a URL', () => {
    const sweeping =
      'receiver: r\nmqtt:\n  broker: mqtt://u:p@b\nsource: { type: rtl_power, startHz: 1e8, stopHz: 9e7 }\nplan:\n  - { centerHz: 1, dwellSeconds: 1 }\n';
    const checked = checkAgentConfig(sweeping, '/');
    expect(checked.ok ? [] : checked.errors.map(({ line, key }) => [line, key])).toEqual([
      [3, 'mqtt.broker'],
      [4, 'source.stopHz'],
      [6, 'plan[0].centerHz'],
    ]);
  });

  it('names of files start at its folder; that of the buffer at the state folder of the service', () => {
    const more = 'buffer: { folder: spool }\n';
    const here = checkAgentConfig(text(more), '/etc/bandwarden');
    const there = checkAgentConfig(text(more), '/etc/bandwarden', {
      STATE_DIRECTORY: '/var/lib/bandwarden-agent-rx-1',
    });
    expect(here.ok && here.value.buffer.folder).toBe('/etc/bandwarden/spool');
    expect(there.ok && there.value.buffer.folder).toBe('/var/lib/bandwarden-agent-rx-1/spool');
  });
});

describe('bandwarden agent', () => {
  it('--check names every error and ends with 2; --install writes a unit that systemd understands, and enables it', async () => {
    const wrong = file('wrong.yaml', text('  gain: 3\nbuffer: { memoryMiB: none }\n'));
    const checked = await run(process.execPath, [...command, 'agent', '--config', wrong, '--check']);
    expect([checked.code, checked.stderr.trim().split('\n')]).toEqual([
      2,
      [
        `${wrong}:7: source.gain: unknown key; did you mean "gainDb"?`,
        `${wrong}:8: buffer.memoryMiB: expected a number from 1 to 65536, found "none"`,
      ],
    ]);
    const good = file('good.yaml', text('').replace('mqtt:\n', 'mqtt:\n  passwordFile: secret\n'));
    const root = join(folder, 'root');
    const installed = await run(process.execPath, [...command, 'agent', '--config', good, '--install', '--root', root]);
    expect([installed.code, installed.stderr]).toEqual([0, '']);
    const unit = join(root, 'etc/systemd/system/bandwarden-agent-rx-1.service');
    expect(readFileSync(unit, 'utf8')).toContain(`LoadCredential=mqtt-password:${join(folder, 'secret')}\n`);
    const wanted = join(root, 'etc/systemd/system/multi-user.target.wants/bandwarden-agent-rx-1.service');
    expect(lstatSync(wanted).isSymbolicLink()).toBe(true);
    const analyze = findCommand('systemd-analyze');
    if (analyze === null) return;
    const { stderr } = await run(analyze, ['verify', unit]);
    // Back-off in steps is known from systemd 254 on, and older ones say that they leave it out.
    expect(
      stderr.split('\n').filter((line) => line.includes(unit) && !/RestartSteps|RestartMaxDelaySec/.test(line)),
    ).toEqual([]);
  });
});

describeWith(['mosquitto'], 'the agent, a broker and the service', () => {
  function startAgent(config: string, fakes: FakePrograms, more: Record<string, string> = {}): RunningProcess {
    const env = { ...process.env, ...fakes.environment(1), ...more };
    const agent = new RunningProcess(process.execPath, [...command, 'agent', '--config', config], { env });
    ends.push(() => agent.stop('SIGKILL'));
    return agent;
  }

  async function gone(pid: number): Promise<boolean> {
    for (let tries = 0; tries < 100; tries++) {
      try {
        process.kill(pid, 0);
      } catch {
        return true;
      }
      await wait(30);
    }
    return false;
  }

  it('what `receiver add` prints is what the agent needs: its frames come in, unasked', async () => {
    const config = configIn(mkdtempSync(join(folder, 'service-')));
    await prepare(config);
    const app = await start(config);
    ends.push(() => app.stop());
    const service = file(
      'service.yaml',
      `dataDir: ${config.dataDir}\nmqtt: { port: ${new URL(app.brokerUrl).port} }\n`,
    );
    const added = await run(process.execPath, [...command, 'receiver', 'add', 'roof', '--config', service]);
    const [, password] = /^password {2}(\S+)$/m.exec(added.stdout) ?? [];
    const printed = added.stdout.slice(added.stdout.indexOf('receiver: roof')).split('\n\n')[0];
    const agentFile = file(
      'agent.yaml',
      printed.replace('/etc/bandwarden/mqtt-password', file('password', `${password}\n`)),
    );
    const fakes = new FakePrograms(mkdtempSync(join(folder, 'fakes-')));
    const agent = startAgent(agentFile, fakes);
    await agent.line(/connected to the broker/);
    const { headers, ws } = await watch(app);
    ends.push(() => ws.close());
    const seen = async (wanted: (receiver: ReceiverStatus) => boolean): Promise<ReceiverStatus> => {
      for (let tries = 0; ; tries++) {
        const answer = await fetch(`${app.url}/api/v1/receivers/roof`, { headers });
        const { receiver } = (await answer.json()) as { receiver?: ReceiverStatus };
        if (receiver !== undefined && wanted(receiver)) return receiver;
        if (tries > 200) throw new Error(`not seen: ${JSON.stringify(receiver)}\n${agent.lines.join('\n')}`);
        await wait(50);
      }
    };
    const receiver = await seen(({ frames, info }) => frames > 10 && info.health?.trouble === null);
    expect(receiver).toMatchObject({
      approved: true,
      state: 'online',
      sampleRateHz: 1_024_000,
      info: { model: 'RTL-SDR' },
    });
    expect(receiver.info.clock?.source).toBeDefined();
    fakes.say('absent');
    fakes.say('unplug');
    expect(await seen(({ stateDetail }) => stateDetail === 'no RTL-SDR is there')).toMatchObject({ state: 'offline' });
    // In order: nothing is left running, and the end is 0.
    expect(await agent.stop('SIGTERM')).toBe(0);
    for (const { pid } of fakes.starts) expect(await gone(pid)).toBe(true);
  });

  it('a carrier at the antenna becomes an alert, over Mosquitto; a killed agent leaves no program behind', async () => {
    const accounts = { service: 'service-password', 'rx-1': 'rx-password' };
    const broker = await startMosquitto({ folder, accounts, acl: readFileSync('hardware/mqtt/mosquitto/acl', 'utf8') });
    ends.push(() => broker.stop());
    const secret = file('service-password', accounts.service);
    const config = configIn(
      mkdtempSync(join(folder, 'service-')),
      `, broker: "${broker.url}", username: service, passwordFile: ${secret}`,
    );
    await prepare(config);
    const app = await start(config);
    ends.push(() => app.stop());
    const { ws } = await watch(app);
    ends.push(() => ws.close());
    const source = 'source: { type: rtl_sdr, centerHz: 433.92e6, sampleRateHz: 256000, gainDb: 20 }';
    const mqtt = `mqtt: { broker: "${broker.url}", passwordFile: ${file('rx-password', accounts['rx-1'])} }`;
    const fakes = new FakePrograms(mkdtempSync(join(folder, 'fakes-')));
    // An eighth of 256 kHz above the centre.
    const agent = startAgent(file('rx-1.yaml', `receiver: rx-1\n${mqtt}\n${source}\n`), fakes, {
      FAKE_CARRIER: '0.125',
    });
    const isHeard = (message: unknown) => Math.abs((alertOf(message)?.centerHz ?? 0) - 433.952e6) < 1_000;
    const alert = alertOf(await ws.text(isHeard, 30_000));
    expect(alert).toMatchObject({ receivers: ['rx-1'], rule: 'unassigned-emission' });
    expect(fakes.starts).toHaveLength(1);
    await agent.stop('SIGKILL');
    expect(await gone(fakes.starts[0].pid)).toBe(true);
  });
});

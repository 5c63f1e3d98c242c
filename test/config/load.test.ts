import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { PORT_OPTIONS } from '../../hardware/options.ts';
import { configErrorLine } from '../../src/config/document.ts';
import { overridesFrom, variableOf } from '../../src/config/environment.ts';
import { exampleConfig } from '../../src/config/example.ts';
import { type CheckedConfig, checkConfig, loadConfig } from '../../src/config/load.ts';
import { type Config, ConfigSchema } from '../../src/config/schema.ts';
import { mqttPassword } from '../../src/config/secrets.ts';
import type { Shape } from '../../src/config/shape.ts';
import type { BandwardenError } from '../../src/core/errors.ts';
import type { WindowName } from '../../src/core/spectrum.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bandwarden-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

function errorsOf(checked: CheckedConfig): string[] {
  return checked.ok ? [] : checked.errors.map((error) => configErrorLine('f.yaml', error));
}

function configOf(checked: CheckedConfig): Config {
  if (!checked.ok) throw new Error(errorsOf(checked).join('\n'));
  return checked.config;
}

describe('loading a configuration', () => {
  it('without a file and with an empty one gives the same defaults, on loopback', async () => {
    const config = await loadConfig(null, {});
    expect(config).toEqual(configOf(checkConfig('', process.cwd())));
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8073, publicUrl: null });
    expect(config.mqtt).toMatchObject({ broker: null, port: 1883, prefix: 'bandwarden/v1' });
    expect(config.dataDir).toBe(join(process.cwd(), 'data'));
  });

  it('takes every value off its default', () => {
    const text = `
service: { name: north }
dataDir: /var/lib/bandwarden
http: { host: 0.0.0.0, port: 443, publicUrl: 'https://spectrum.example.org', trustedProxies: [10.0.0.0/8], sessionHours: 1.5 }
mqtt: { broker: 'mqtts://broker:8883', port: 1884, prefix: office/rf, username: u, passwordFile: /p, caFile: /ca }
receivers: [{ id: roof, name: Roof, approved: false, location: { lat: 22.3, lon: 114.2 }, dialect: radiohound, topic: a/#, vrtByteOrder: little }]
detection: { falseAlarmProbability: 1e-5 }
spectrum: { window: flat-top, overlap: 0.25, backend: fft.js }
pipeline: { workers: 3, queueBlocks: 8 }
alerts: { minimumOnAirSeconds: 2, quietMinutes: 5 }
store: { spectraHours: 1 }
log: { level: debug }`;
    expect(configOf(checkConfig(text, '/'))).toEqual({
      service: { name: 'north' },
      dataDir: '/var/lib/bandwarden',
      http: {
        host: '0.0.0.0',
        port: 443,
        publicUrl: 'https://spectrum.example.org',
        trustedProxies: ['10.0.0.0/8'],
        sessionHours: 1.5,
      },
      mqtt: {
        broker: 'mqtts://broker:8883',
        port: 1884,
        prefix: 'office/rf',
        username: 'u',
        passwordFile: '/p',
        caFile: '/ca',
      },
      receivers: [
        {
          id: 'roof',
          name: 'Roof',
          approved: false,
          location: { lat: 22.3, lon: 114.2, altitudeM: null },
          type: 'mqtt',
          dialect: 'radiohound',
          topic: 'a/#',
          vrtByteOrder: 'little',
        },
      ],
      detection: { falseAlarmProbability: 1e-5 },
      spectrum: { window: 'flat-top', overlap: 0.25, backend: 'fft.js' },
      pipeline: { workers: 3, queueBlocks: 8 },
      alerts: { minimumOnAirSeconds: 2, quietMinutes: 5 },
      store: { spectraHours: 1 },
      log: { level: 'debug' },
    });
  });

  it('resolves relative names from the folder of the file', async () => {
    const file = join(folder, 'relative.yaml');
    await writeFile(file, 'dataDir: d\nmqtt: { username: u, passwordFile: secret }\n');
    const config = await loadConfig(file, {});
    expect(config.dataDir).toBe(join(folder, 'd'));
    expect(config.mqtt.passwordFile).toBe(join(folder, 'secret'));
  });

  it('reads a section whose keys are all commented out as its defaults', () => {
    expect(configOf(checkConfig('http:\n  # port: 1\nreceivers:\n', process.cwd()))).toEqual(
      configOf(checkConfig('', process.cwd())),
    );
  });

  it('has the types of the vocabulary', () => {
    expectTypeOf<Config['spectrum']['window']>().toEqualTypeOf<WindowName>();
    expectTypeOf<Config['mqtt']['broker']>().toEqualTypeOf<string | null>();
  });
});

describe('errors in a configuration', () => {
  it('are all listed, each with its line', () => {
    const text = `http:
  prot: 1
  port: x
spectrum:
  window: haming
receivers:
  - id: Alerts
  - name: x
    loc: 1
    location: {lat: 91, lon: 0}
nonsense: 1
`;
    const lines = errorsOf(checkConfig(text, '/')).map((line) =>
      line.replace(/(unknown key;|expected) .*(mean|found) /, '$1 '),
    );
    expect(lines).toEqual([
      'f.yaml:2: http.prot: unknown key; "port"?',
      'f.yaml:3: http.port: expected "x"',
      'f.yaml:5: spectrum.window: expected "haming"',
      'f.yaml:7: receivers[0].id: expected "Alerts"',
      'f.yaml:8: receivers[1]: "id" is missing',
      'f.yaml:9: receivers[1].loc: unknown key; "location"?',
      'f.yaml:10: receivers[1].location.lat: expected 91',
      `f.yaml:11: nonsense: unknown key; known here: ${Object.keys(ConfigSchema.properties).join(', ')}`,
    ]);
  });

  it.each([
    ['http: { host: 0.0.0.0 }', /http\.host: listening on 0\.0\.0\.0 needs an https publicUrl or trustedProxies/],
    ['http: { host: 0.0.0.0, publicUrl: "http://a.example" }', /http\.host/],
    ['http: { host: 127.0.0.1.example.org }', /http\.host/],
    ['http: { publicUrl: "https://a.example/path" }', /http\.publicUrl: expected http\(s\):\/\/HOST/],
    ['http: { trustedProxies: [10.0.0.0/33] }', /trustedProxies\[0\]/],
    ['mqtt: { broker: "mqtt://u:secret@broker" }', /mqtt\.broker: a password does not belong in the URL/],
    ['mqtt: { broker: "http://broker" }', /mqtt\.broker: expected a URL such as mqtts/],
    ['mqtt: { prefix: "a/#" }', /mqtt\.prefix/],
    ['mqtt: { prefix: "/a" }', /mqtt\.prefix/],
    ['mqtt: { passwordFile: p }', /mqtt\.passwordFile: a password without mqtt\.username/],
    ['mqtt: { password: p }', /mqtt\.password: unknown key/],
    ['receivers: [{ id: a }, { id: a }]', /receivers\[1\]\.id: "a" is already the id of receivers\[0\]/],
    ['receivers: [{ id: service }]', /receivers\[0\]\.id/],
    ['receivers: [{ id: a, type: radio }]', /receivers\[0\]\.type: expected one of mqtt, tinysa, .*found "radio"/],
    ['receivers: [{ id: a, port: /dev/ttyACM0 }]', /receivers\[0\]\.port: unknown key/],
    ['receivers: [{ id: a, type: tinysa, startHz: 1, stopHz: 2 }]', /receivers\[0\]: "port" is missing/],
    [
      'receivers: [{ id: a, type: tinysa, port: ttyACM0, startHz: 1, stopHz: 2 }]',
      /receivers\[0\]\.port: expected a device/,
    ],
    ['receivers: [{ id: a, type: tinysa, port: /a, startHz: 2, stopHz: 2 }]', /receivers\[0\]\.stopHz: expected above/],
    [
      'receivers: [{ id: a, type: tinysa, port: /a, startHz: 1, stopHz: 2 }, { id: b, type: rf-explorer, port: /a, startHz: 1, stopHz: 2 }]',
      /receivers\[1\]\.port: "\/a" is already the port of receivers\[0\]/,
    ],
    ['http: { port: 65536 }', /a whole number from 0 to 65535, found 65536/],
    ['http: { port: 80.5 }', /a whole number/],
    ['http: { sessionHours: 0 }', /a number above 0/],
    ['spectrum: { overlap: .nan }', /spectrum\.overlap/],
    ['pipeline: { workers: 0 }', /a whole number from 1 to 256, or null/],
    ['__proto__: { a: 1 }', /__proto__: unknown key/],
    ['- a', /expected keys such as http: and mqtt:/],
    ['http: [', /^f\.yaml:1: /],
    ['http: {}\nhttp: {}', /^f\.yaml:2: .*unique/],
  ])('%s', (text, expected) => {
    const errors = errorsOf(checkConfig(text, '/'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(expected);
  });

  it('stop the start with the first line and the number of the others', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(file, 'http:\n  port: x\nlog:\n  level: loud\nzz: 1\n');
    const error = (await loadConfig(file, {}).catch((thrown: unknown) => thrown)) as BandwardenError;
    expect(error.code).toBe('bad-config');
    expect(error.message).toMatch(
      /bad\.yaml:2: http\.port: .*found "x" \(and 2 more; bandwarden check-config lists them\)$/,
    );
  });

  it('name a file that is not there', async () => {
    await expect(loadConfig(join(folder, 'none.yaml'), {})).rejects.toThrow(/none\.yaml: there is no such file/);
  });

  it('do not let aliases grow without bound', () => {
    const bomb = [
      'a0: &a0 [x]',
      ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
    ];
    expect(errorsOf(checkConfig(bomb.join('\n'), '/'))).toHaveLength(1);
  });
});

describe('the environment', () => {
  it('names a variable for each key', () => {
    expect(variableOf(['http', 'publicUrl'])).toBe('BANDWARDEN_HTTP_PUBLIC_URL');
    expect(variableOf(['dataDir'])).toBe('BANDWARDEN_DATA_DIR');
  });

  it('overrides the file, in the type of the key', () => {
    const environment = {
      BANDWARDEN_HTTP_PORT: '9000',
      BANDWARDEN_MQTT_USERNAME: '123',
      BANDWARDEN_HTTP_TRUSTED_PROXIES: '[172.16.0.0/12]',
      BANDWARDEN_LOG_LEVEL: '',
    };
    const config = configOf(checkConfig('http: { port: 1 }\nlog: { level: warn }', '/', environment));
    expect(config.http).toMatchObject({ port: 9000, trustedProxies: ['172.16.0.0/12'] });
    expect(config.mqtt.username).toBe('123');
    expect(config.log.level).toBe('warn');
  });

  it('is named in an error that it causes', () => {
    const errors = errorsOf(checkConfig('', '/', { BANDWARDEN_HTTP_PORT: 'eighty' }));
    expect(errors).toEqual([
      'environment: BANDWARDEN_HTTP_PORT: expected a whole number from 0 to 65535, found "eighty"',
    ]);
  });

  it('has a different variable for every key', () => {
    const everything = new Proxy({}, { get: () => '1' }) as NodeJS.ProcessEnv;
    const variables = overridesFrom(everything, ConfigSchema as Shape).map(({ variable }) => variable);
    expect(variables.length).toBeGreaterThan(15);
    expect(new Set(variables).size).toBe(variables.length);
  });
});

describe('the password at the broker', () => {
  it('comes from its file without the line end, else from the environment, else there is none', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'pass word \n');
    const withFile = configOf(checkConfig(`mqtt: { username: u, passwordFile: ${file} }`, '/'));
    const without = configOf(checkConfig('', '/'));
    expect(await mqttPassword(withFile, { BANDWARDEN_MQTT_PASSWORD: 'other' })).toBe('pass word ');
    expect(await mqttPassword(without, { BANDWARDEN_MQTT_PASSWORD: 'other' })).toBe('other');
    expect(await mqttPassword(without, {})).toBeNull();
  });

  it('is asked for by name when its file cannot be read', async () => {
    const config = configOf(checkConfig('mqtt: { username: u, passwordFile: /nowhere/secret }', '/'));
    await expect(mqttPassword(config, {})).rejects.toThrow(/mqtt\.passwordFile: cannot read \/nowhere\/secret/);
  });
});

describe('docs/bandwarden.example.yaml', () => {
  it('is what the schema says now (npm run docs:config writes it)', async () => {
    await expect(exampleConfig()).toMatchFileSnapshot('../../docs/bandwarden.example.yaml');
  });

  it('means exactly the defaults', () => {
    expect(configOf(checkConfig(exampleConfig(), '/x'))).toEqual(configOf(checkConfig('', '/x')));
  });

  it('still holds with its example receivers uncommented', () => {
    const text = exampleConfig()
      .replace('receivers: []', 'receivers:')
      .replace(/^# ([- ] \w+:)/gm, '$1');
    const [first, ...others] = configOf(checkConfig(text, '/x')).receivers;
    expect(first).toEqual({
      id: 'roof-north',
      name: 'Roof, north side',
      approved: true,
      location: { lat: 22.3027, lon: 114.1772, altitudeM: 85 },
      type: 'mqtt',
      dialect: 'bandwarden',
      topic: null,
      vrtByteOrder: 'big',
    });
    expect(others.map(({ type }) => type)).toEqual(Object.keys(PORT_OPTIONS));
  });
});

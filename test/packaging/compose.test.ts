import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { overridesFrom } from '../../src/config/environment.ts';
import { checkConfig } from '../../src/config/load.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import type { Shape } from '../../src/config/shape.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort } from '../support/ports.ts';
import { RunningProcess } from '../support/process.ts';
import { describeWith, findCommand } from '../support/services.ts';

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly secrets: readonly string[];
}

const text = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(text) as { services: Record<string, Service>; secrets: Record<string, { file: string }> };
const dockerfile = readFileSync('Dockerfile', 'utf8');
const folder = temporaryFolder();

describe('docker-compose.yml', () => {
  it('runs the service, Mosquitto 2, InfluxDB 2.7 and Grafana, each image pinned to a release', () => {
    const images = Object.fromEntries(Object.entries(compose.services).map(([name, { image }]) => [name, image]));
    expect(images).toEqual({
      bandwarden: expect.stringMatching(/^bandwarden:\d+\.\d+\.\d+$/),
      mosquitto: expect.stringMatching(/^eclipse-mosquitto:2\.\d+\.\d+$/),
      influxdb: expect.stringMatching(/^influxdb:2\.7\.\d+$/),
      grafana: expect.stringMatching(/^grafana\/grafana:\d+\.\d+\.\d+$/),
    });
  });

  it('builds the version of package.json', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(compose.services.bandwarden.image).toBe(`bandwarden:${version}`);
  });

  it('checks the health of everything', () => {
    const { bandwarden, ...others } = compose.services;
    expect(bandwarden.healthcheck).toBeUndefined();
    expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*\/healthz/m);
    for (const { healthcheck } of Object.values(others)) expect(healthcheck).toHaveProperty('test');
  });

  it('publishes the front door alone, on loopback', () => {
    const ports = Object.entries(compose.services).flatMap(
      ([name, service]) => service.ports?.map((port) => [name, port]) ?? [],
    );
    expect(ports).toEqual([['bandwarden', '127.0.0.1:8073:8073']]);
  });

  it('has no password in it: every secret is a file of the folder that must be named', () => {
    expect(text).toContain('${BANDWARDEN_SECRETS:?');
    for (const [name, { file }] of Object.entries(compose.secrets))
      expect(file).toMatch(new RegExp(`^\\$\\{BANDWARDEN_SECRETS.*\\}/${name}$`));
    for (const { environment = {} } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|TOKEN|SECRET/.test(name)) expect(value).toMatch(/^\/run\/secrets\/\w+$/);
      }
    }
  });

  it('gives each service only secrets that exist and that it names', () => {
    for (const service of Object.values(compose.services)) {
      for (const secret of service.secrets) {
        expect(compose.secrets).toHaveProperty(secret);
      }
    }
  });

  it('mounts only files of the repository that exist', () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes }) =>
      volumes.map((volume) => volume.split(':')[0]),
    );
    const files = mounts.filter((source) => source.startsWith('.'));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(existsSync(file)).toBe(true);
  });

  it('configures the service without errors, and each of its variables is a key of the configuration', () => {
    const given = compose.services.bandwarden.environment ?? {};
    const environment = { ...given, BANDWARDEN_HTTP_PUBLIC_URL: 'https://spectrum.example.org' };
    const checked = checkConfig('', '/', environment);
    expect(checked).toMatchObject({
      ok: true,
      config: {
        dataDir: '/var/lib/bandwarden',
        http: { host: '0.0.0.0', trustedProxies: ['172.31.73.1'] },
        mqtt: { broker: 'mqtt://mosquitto:1883', username: 'service', passwordFile: '/run/secrets/mqtt_password' },
      },
    });
    expect(
      overridesFrom(environment, ConfigSchema as Shape)
        .map(({ variable }) => variable)
        .sort(),
    ).toEqual(Object.keys(given).sort());
    expect(given.BANDWARDEN_HTTP_PUBLIC_URL).toMatch(/^\$\{BANDWARDEN_PUBLIC_URL:\?/);
  });
});

describe('the data source of Grafana', () => {
  it('asks the InfluxDB of the compose file in InfluxQL, with the token from its secret', () => {
    const file = readFileSync('dashboards/grafana/provisioning/datasources/influxdb.yaml', 'utf8');
    const { datasources } = parse(file) as { datasources: object[] };
    expect(datasources).toEqual([
      expect.objectContaining({
        type: 'influxdb',
        url: 'http://influxdb:8086',
        jsonData: expect.objectContaining({
          dbName: compose.services.influxdb.environment?.DOCKER_INFLUXDB_INIT_BUCKET,
          httpHeaderName1: 'Authorization',
        }),
        secureJsonData: { httpHeaderValue1: 'Token $GF_INFLUXDB_TOKEN' },
      }),
    ]);
    expect(compose.services.grafana.environment).toHaveProperty(
      'GF_INFLUXDB_TOKEN__FILE',
      '/run/secrets/influxdb_token',
    );
  });
});

describe('Dockerfile', () => {
  it('pins its image, runs without root and leaves secrets and data out of the build', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:24\.\d+\.\d+-\w+-slim$/);
    expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('FROM'));
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', 'data', 'secrets']));
  });
});

describeWith(['mosquitto'], 'the start script of the Mosquitto container', () => {
  it("makes the service's account from the secret, also over an older file, and keeps the receivers'", async () => {
    const port = await freePort();
    mkdirSync(join(folder, 'data'));
    const config = join(folder, 'mosquitto.conf');
    const root = process.getuid?.() === 0 ? 'user root\n' : '';
    writeFileSync(
      config,
      `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${folder}/data/passwords\n${root}`,
    );
    const passwords = join(folder, 'data/passwords');
    writeFileSync(passwords, 'roof-1:$7$101$c2FsdA==$aGFzaA==\n');
    const secret = join(folder, 'secret');
    const folders = new Set(
      ['mosquitto', 'mosquitto_passwd'].map((name) => join(findCommand(name) ?? '/usr/bin/x', '..')),
    );
    const env = {
      PATH: `${process.env.PATH}:${[...folders].join(':')}`,
      MOSQUITTO_DATA: join(folder, 'data'),
      MQTT_PASSWORD_FILE: secret,
      MOSQUITTO_CONFIG: config,
    };
    for (const password of ['first secret', 'second secret']) {
      writeFileSync(secret, `${password}\n`);
      const broker = new RunningProcess('sh', ['hardware/mqtt/mosquitto/start'], { env });
      await broker.line(/mosquitto version .* running/);
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
        username: 'service',
        password,
        reconnectPeriod: 0,
      });
      await client.endAsync();
      await broker.stop();
    }
    expect(readFileSync(passwords, 'utf8').match(/^[\w-]+:/gm)).toEqual(['roof-1:', 'service:']);
  });
});

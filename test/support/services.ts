import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** Real programs that tests drive: their commands, the first found is taken, and their Debian package. */
export const SERVICES = {
  cc: { commands: ['cc', 'gcc', 'clang'], package: 'build-essential' },
  chromium: { commands: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
  influxd: { commands: ['influxd'], package: 'influxdb' },
  mosquitto: { commands: ['mosquitto'], package: 'mosquitto' },
  openssl: { commands: ['openssl'], package: 'openssl' },
  pdftoppm: { commands: ['pdftoppm'], package: 'poppler-utils' },
  python3: { commands: ['python3'], package: 'python3' },
  socat: { commands: ['socat'], package: 'socat' },
  'victoria-metrics': { commands: ['victoria-metrics'], package: 'victoria-metrics' },
} as const;

export type ServiceName = keyof typeof SERVICES;

/** Skipped tests with this at the start of their note are named at the end of the run (reporter.ts). */
export const LEFT_OUT = 'left out without ';

/** Debian keeps daemons where a person's PATH does not look. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

export function findCommand(command: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  for (const folder of folders) {
    const file = join(folder, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next folder.
    }
  }
  return null;
}

export function findService(name: ServiceName): string | null {
  for (const command of SERVICES[name].commands) {
    const file = findCommand(command);
    if (file !== null) return file;
  }
  return null;
}

/** Where the program stands. For use inside `describeWith`, which has made sure that it is there. */
export function requireService(name: ServiceName): string {
  const file = findService(name);
  if (file === null) throw new Error(`${name} is missing: apt-get install ${SERVICES[name].package}`);
  return file;
}

/**
 * `describe`, for tests that need real services. Where one is missing the group becomes one test that says so:
 * skipped and named at the end of the run, or failed where CI=true.
 */
export function describeWith(services: readonly ServiceName[], title: string, body: () => void): void {
  const missing = services.filter((name) => findService(name) === null);
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const packages = missing.map((name) => SERVICES[name].package).join(' ');
  const note = `${LEFT_OUT}${missing.join(', ')} (apt-get install ${packages})`;
  describe(title, () => {
    it(`has ${missing.join(' and ')} to run against`, ({ skip }) => {
      if (process.env.CI === 'true') throw new Error(note);
      skip(note);
    });
  });
}

/** The folder with manifest.json of the real recordings, which do not travel with the project; null where unset. */
export function recordingsFolder(): string | null {
  const folder = process.env.BANDWARDEN_RECORDINGS;
  if (folder === undefined || folder === '') return null;
  const holder = [folder, join(folder, 'public')].find((candidate) => existsSync(join(candidate, 'manifest.json')));
  if (holder === undefined) throw new Error(`BANDWARDEN_RECORDINGS: no manifest.json in ${folder}`);
  return holder;
}

/** `describe`, for tests on the real recordings: left out by name where BANDWARDEN_RECORDINGS is unset. */
export function describeWithRecordings(title: string, body: (folder: string) => void): void {
  const folder = recordingsFolder();
  if (folder !== null) {
    describe(title, () => body(folder));
    return;
  }
  describe(title, () => {
    it('has the real recordings', ({ skip }) =>
      skip(`${LEFT_OUT}the real recordings (BANDWARDEN_RECORDINGS is not set)`));
  });
}

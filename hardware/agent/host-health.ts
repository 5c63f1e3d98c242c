import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReceiverClock } from '../../src/core/records.ts';

/** What the computer says of its clock. */
export type HostClockQuality = Omit<ReceiverClock, 'sampleClockPpm'>;

const CHRONY_MS = 2_000;
const SYNCHRONIZED_FILE = '/run/systemd/timesync/synchronized';
const THERMAL_FOLDER = '/sys/class/thermal';
const UNKNOWN: HostClockQuality = { source: 'none', offsetSeconds: null, uncertaintySeconds: null };

/**
 * `chronyc -n tracking` (chrony, client.c):
 *
 *     Reference ID    : 50505300 (PPS)
 *     Stratum         : 1
 *     System time     : 0.000001501 seconds slow of NTP time
 *     Root delay      : 0.000000001 seconds
 *     Root dispersion : 0.000012345 seconds
 *     Leap status     : Normal
 *
 * The clock is off by at most |offset| + root delay / 2 + root dispersion. A reference of stratum 0 named after a
 * receiver of navigation satellites makes it GNSS.
 */
export function parseChronyTracking(text: string): HostClockQuality {
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(text)?.[1] ?? '';
  const leap = field('Leap status');
  if (leap === '' || /not synchronised/i.test(leap)) return UNKNOWN;
  const seconds = Number.parseFloat(field('System time'));
  const delay = Number.parseFloat(field('Root delay'));
  const dispersion = Number.parseFloat(field('Root dispersion'));
  if (![seconds, delay, dispersion].every(Number.isFinite)) return UNKNOWN;
  const isGnss =
    field('Stratum') === '1' && /\((?:GPS|PPS|GNSS|NMEA|GNS|GAL|BDS|GLO|SHM\d?)\)/i.test(field('Reference ID'));
  const offsetSeconds = field('System time').includes('slow') ? -seconds : seconds;
  const uncertaintySeconds = seconds + delay / 2 + dispersion;
  return { source: isGnss ? 'gnss' : 'ntp', offsetSeconds, uncertaintySeconds };
}

/** By chrony where it runs, else whether systemd-timesyncd has set the clock; it does not say how well. */
export async function readClockQuality(): Promise<HostClockQuality> {
  try {
    const { stdout } = await promisify(execFile)('chronyc', ['-n', 'tracking'], {
      timeout: CHRONY_MS,
      env: { ...process.env, LC_ALL: 'C' },
    });
    return parseChronyTracking(stdout);
  } catch {
    // No chrony, or it does not run.
  }
  const isSet = await stat(SYNCHRONIZED_FILE).then(
    () => true,
    () => false,
  );
  return isSet ? { ...UNKNOWN, source: 'ntp' } : UNKNOWN;
}

/** The hottest of the computer's thermal zones, °C; null where it has none. */
export async function readTemperatureC(folder: string = THERMAL_FOLDER): Promise<number | null> {
  try {
    const zones = (await readdir(folder)).filter((name) => name.startsWith('thermal_zone'));
    const texts = await Promise.all(zones.map((zone) => readFile(join(folder, zone, 'temp'), 'utf8').catch(() => '')));
    const degrees = texts.map((text) => Number.parseInt(text, 10) / 1_000).filter(Number.isFinite);
    return degrees.length === 0 ? null : Math.max(...degrees);
  } catch {
    return null;
  }
}

import { execFile } from 'node:child_process';
import { mkdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { AgentConfig } from '../../hardware/agent/options.ts';
import { systemdUnit, unitName } from '../../hardware/agent/systemd-unit.ts';
import { BandwardenError } from '../core/errors.ts';

const UNITS = 'etc/systemd/system';

/** Where the buffer may be without being asked for: the state folder that systemd makes. */
function stateFolder(receiver: string): string {
  return `/var/lib/bandwarden-agent-${receiver}`;
}

/** Writes the unit below `root` and enables it; on the running system (`/`) it is started too. Returns what was done. */
export async function installAgent(configFile: string, config: AgentConfig, root: string): Promise<string> {
  const { receiver, mqtt, buffer } = config;
  const name = unitName(receiver);
  const folder = join(root, UNITS);
  const state = stateFolder(receiver);
  const unit = systemdUnit({
    receiver,
    program: [process.execPath, resolve(process.argv[1])],
    configFile: resolve(configFile),
    passwordFile: mqtt.passwordFile,
    caFile: mqtt.caFile,
    writableFolder: buffer.folder?.startsWith(`${state}/`) === false ? buffer.folder : null,
  });
  try {
    await mkdir(join(folder, 'multi-user.target.wants'), { recursive: true });
    await writeFile(join(folder, name), unit, { mode: 0o644 });
    if (resolve(root) !== '/') return await enableBelow(folder, name);
  } catch (cause) {
    const message = `${join(folder, name)}: ${(cause as Error).message}; --install is for root, or with --root DIR`;
    throw new BandwardenError('unavailable', message, { cause });
  }
  await enable(name);
  return `${name} is installed, enabled and started; its log: journalctl -u ${name}\n`;
}

/** As `systemctl --root` enables: the system below may be an image that does not run. */
async function enableBelow(folder: string, name: string): Promise<string> {
  const wanted = join(folder, 'multi-user.target.wants', name);
  await unlink(wanted).catch(() => undefined);
  await symlink(`/${UNITS}/${name}`, wanted);
  return `${join(folder, name)} is written and enabled\n`;
}

async function enable(name: string): Promise<void> {
  try {
    await promisify(execFile)('systemctl', ['daemon-reload']);
    await promisify(execFile)('systemctl', ['enable', name]);
    await promisify(execFile)('systemctl', ['restart', name]);
  } catch (cause) {
    const wanted = `systemctl daemon-reload && systemctl enable --now ${name}`;
    throw new BandwardenError('unavailable', `the unit is written but not started; by hand: ${wanted}`, { cause });
  }
}

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSerial } from '../../../hardware/link/serial.ts';
import { RunningProcess } from '../../support/process.ts';
import { requireService } from '../../support/services.ts';

/** Two pseudo-terminals joined by socat, as a device's USB port and the device; `cut` pulls the plug. */
export class PtyCable {
  readonly hostPath: string;
  readonly devicePath: string;
  private process: RunningProcess | null = null;

  constructor(folder: string, name = 'cable') {
    this.hostPath = join(folder, `${name}-host`);
    this.devicePath = join(folder, `${name}-device`);
  }

  async plug(): Promise<void> {
    const paths = [this.hostPath, this.devicePath];
    const ends = paths.map((path) => `pty,raw,echo=0,link=${path}.new`);
    this.process = new RunningProcess(requireService('socat'), ['-d', '-d', ...ends]);
    await this.process.line(/starting data transfer loop/);
    // Before, a terminal is there that still echoes; a driver that waits for its port would find it.
    for (const path of paths) renameSync(`${path}.new`, path);
  }

  /** The device's side of the wire. */
  device() {
    return openSerial(this.devicePath, 115_200);
  }

  async cut(): Promise<void> {
    for (const path of [this.hostPath, this.devicePath]) rmSync(path, { force: true });
    await this.process?.stop('SIGKILL');
    this.process = null;
  }
}

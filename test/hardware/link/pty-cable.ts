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
    const ends = [this.hostPath, this.devicePath].map((path) => `pty,raw,echo=0,link=${path}`);
    this.process = new RunningProcess(requireService('socat'), ['-d', '-d', ...ends]);
    await this.process.line(/starting data transfer loop/);
  }

  /** The device's side of the wire. */
  device() {
    return openSerial(this.devicePath, 115_200);
  }

  async cut(): Promise<void> {
    await this.process?.stop('SIGKILL');
    this.process = null;
  }
}

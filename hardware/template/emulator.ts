import { type ByteLink, LinkLost } from '../link/byte-link.ts';

/** What goes wrong with the emulated device; sweeps are counted from 0. */
export interface TemplateBehaviour {
  readonly hangs?: (sweep: number) => boolean;
}

const POINTS = 201;

/** The device's side of the wire, written from its documents and not from the driver. `run` is one connection. */
export class TemplateEmulator {
  sweepsSent = 0;
  private readonly behaviour: TemplateBehaviour;

  constructor(behaviour: TemplateBehaviour = {}) {
    this.behaviour = behaviour;
  }

  async run(link: ByteLink): Promise<void> {
    try {
      let typed = '';
      while (!typed.includes('\n')) typed += Buffer.from((await link.read(60_000)) ?? []).toString('latin1');
      const [, startHz, stopHz] = typed.trim().split(' ').map(Number);
      await link.write(Buffer.from(`OK ${startHz} ${(stopHz - startHz) / (POINTS - 1)}\n`));
      while (this.behaviour.hangs?.(this.sweepsSent) !== true) {
        const levels = Array.from({ length: POINTS }, (_, i) => -100 - ((i + this.sweepsSent) % 8) / 4);
        await link.write(Buffer.from(`S ${levels.join(' ')}\n`));
        this.sweepsSent++;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      // It says nothing more until its port is opened anew.
      for (;;) await link.read(60_000);
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    }
  }
}

import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { COMMAND_BYTES, COMMANDS, encodeHeader } from './protocol.ts';

/** What goes wrong with the emulated server. */
export interface RtlTcpBehaviour {
  /** Times as fast as the samples would come (1). */
  readonly pace?: number;
  /** Whether it falls silent after so many samples of a connection. */
  readonly hangs?: (pairs: number) => boolean;
  /** What it says first; a server of another kind. */
  readonly header?: Uint8Array;
}

const PIECE_MS = 10;

/** An RTL-SDR behind rtl_tcp, as the protocol has it: noise of 8 bits, and a carrier of its own frequency. `run` is one connection. */
export class RtlTcpEmulator {
  /** As commanded last. */
  readonly state = { centerHz: 100e6, sampleRateHz: 2_048_000, gainMode: 0, gainTenthsDb: 0, ppm: 0, biasTee: 0 };
  readonly commands: Array<readonly [number, number]> = [];
  readonly carrierHz: number;
  connections = 0;
  private readonly behaviour: RtlTcpBehaviour;

  constructor(carrierHz: number, behaviour: RtlTcpBehaviour = {}) {
    this.carrierHz = carrierHz;
    this.behaviour = behaviour;
  }

  async run(link: ByteLink): Promise<void> {
    this.connections++;
    try {
      await link.write(this.behaviour.header ?? encodeHeader('R820T', 29));
      await Promise.all([this.listen(link), this.stream(link)]);
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    }
  }

  private async listen(link: ByteLink): Promise<never> {
    let waiting = Buffer.alloc(0);
    for (;;) {
      waiting = Buffer.concat([waiting, (await link.read(60_000)) ?? new Uint8Array(0)]);
      for (; waiting.length >= COMMAND_BYTES; waiting = waiting.subarray(COMMAND_BYTES)) {
        this.obey(waiting[0], waiting.readUInt32BE(1));
      }
    }
  }

  private obey(command: number, parameter: number): void {
    this.commands.push([command, parameter]);
    if (command === COMMANDS.centerHz) this.state.centerHz = parameter;
    else if (command === COMMANDS.sampleRateHz) this.state.sampleRateHz = parameter;
    else if (command === COMMANDS.gainMode) this.state.gainMode = parameter;
    else if (command === COMMANDS.gainTenthsDb) this.state.gainTenthsDb = parameter;
    else if (command === COMMANDS.frequencyCorrectionPpm) this.state.ppm = parameter | 0;
    else if (command === COMMANDS.biasTee) this.state.biasTee = parameter;
  }

  private async stream(link: ByteLink): Promise<never> {
    const { pace = 1, hangs } = this.behaviour;
    let sentMs = performance.now();
    let pairs = 0;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, PIECE_MS));
      if (hangs?.(pairs) === true) continue;
      const { sampleRateHz } = this.state;
      const due = Math.floor(((performance.now() - sentMs) / 1_000) * sampleRateHz * pace);
      sentMs += (due / sampleRateHz / pace) * 1_000;
      await link.write(this.samples(pairs, due));
      pairs += due;
    }
  }

  private samples(first: number, pairs: number): Uint8Array {
    const { centerHz, sampleRateHz } = this.state;
    const step = (2 * Math.PI * (this.carrierHz - centerHz)) / sampleRateHz;
    const isSeen = Math.abs(step) < Math.PI;
    const samples = new Uint8Array(2 * pairs);
    for (let i = 0; i < pairs; i++) {
      const phase = step * (first + i);
      // A little noise of equal steps, so that nothing is ever constant.
      const noise = ((Math.imul(first + i, 2_654_435_761) >>> 28) - 7.5) / 4;
      samples[2 * i] = Math.round(127.5 + noise + (isSeen ? 40 * Math.cos(phase) : 0));
      samples[2 * i + 1] = Math.round(127.5 - noise + (isSeen ? 40 * Math.sin(phase) : 0));
    }
    return samples;
  }
}

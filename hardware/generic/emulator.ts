import { decodeCobs, encodeCobs } from '../../src/formats/cobs.ts';
import { crc32 } from '../../src/formats/crc32.ts';
import { encodeSweepPacket } from '../../src/formats/sweep-packet.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';

/** How the emulated device is built, and what goes wrong with it; sweeps are counted from 0. */
export interface GenericBehaviour {
  /** 0: as fast as the wire takes it. */
  readonly sweepMs?: number;
  readonly points?: number;
  /** Sends nothing for as long as it is so. */
  readonly hangs?: () => boolean;
  /** Answers no command. */
  readonly isMute?: boolean;
  /** Restarts in the middle of this sweep: counts from 0 again, its span gone. */
  readonly restarts?: (sweep: number) => boolean;
}

const POWER_ON_SPAN = { startHz: 433e6, stopHz: 434e6 };

/** A device of one's own making: no calendar, a sweep after the other, `scan` understood. `run` is one connection. */
export class GenericEmulator {
  /** What a test looks at. */
  span = { ...POWER_ON_SPAN };
  sweepsSent = 0;
  readonly commands: string[] = [];
  private readonly behaviour: GenericBehaviour;
  private sequence = 0;
  private startedMs = performance.now();

  constructor(behaviour: GenericBehaviour = {}) {
    this.behaviour = behaviour;
  }

  async run(link: ByteLink): Promise<void> {
    const { sweepMs = 0, restarts, hangs } = this.behaviour;
    const reading = this.readAll(link);
    try {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, sweepMs));
        if (hangs?.() === true) continue;
        const frame = framed(this.sweepPacket());
        if (restarts?.(this.sweepsSent++) === true) {
          await link.write(frame.subarray(0, frame.length >> 1));
          this.span = { ...POWER_ON_SPAN };
          this.sequence = 0;
          this.startedMs = performance.now();
          await link.write(Uint8Array.of(0));
        } else await link.write(frame);
      }
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    } finally {
      await link.close();
      await reading;
    }
  }

  private sweepPacket(): Uint8Array {
    const { points = 200 } = this.behaviour;
    const { startHz, stopHz } = this.span;
    const sequence = this.sequence++;
    return encodeSweepPacket(
      {
        kind: 'sweep',
        receiver: '',
        sequence,
        timeNs: BigInt(Math.round((performance.now() - this.startedMs) * 1e6)),
        durationSeconds: null,
        startHz,
        stepHz: (stopHz - startHz) / (points - 1),
        rbwHz: null,
        unit: 'dBm',
        powers: Float32Array.from({ length: points }, (_, i) => -100 - ((i + sequence) % 16) / 4),
        gainDb: null,
        flags: [],
      },
      'i16',
    );
  }

  private async readAll(link: ByteLink): Promise<void> {
    let line = Buffer.alloc(0);
    try {
      for (;;) {
        const bytes = await link.read(60_000);
        line = Buffer.concat([line, bytes ?? Buffer.alloc(0)]);
        for (let zero = line.indexOf(0); zero >= 0; zero = line.indexOf(0)) {
          const packet = decodeCobs(line.subarray(0, zero));
          line = line.subarray(zero + 1);
          if (packet !== null) await this.obey(packet, link);
        }
      }
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    }
  }

  private async obey(bytes: Uint8Array, link: ByteLink): Promise<void> {
    const packet = Buffer.from(bytes.subarray(0, -4));
    if (packet.toString('latin1', 0, 4) !== 'BWCM' || this.behaviour.isMute === true) return;
    const command = JSON.parse(packet.toString('utf8', 8));
    this.commands.push(command.command);
    this.span = { startHz: command.startHz, stopHz: command.stopHz };
    const reply = JSON.stringify({ id: command.id, ok: true });
    await link.write(framed(Buffer.concat([Buffer.from('BWRP\x01\0\0\0', 'latin1'), Buffer.from(reply)])));
  }
}

function framed(packet: Uint8Array): Buffer {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(packet));
  return Buffer.concat([encodeCobs(Buffer.concat([packet, crc])), Uint8Array.of(0)]);
}

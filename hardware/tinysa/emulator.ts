import { type ByteLink, LinkLost } from '../link/byte-link.ts';

/** How the emulated device is built, and what goes wrong with it; sweeps are counted from 0. */
export interface TinySaBehaviour {
  readonly model?: 'basic' | 'ultra';
  /** What is on the air, dBm at the input; above the device's noise it shows. */
  readonly levelDbm?: (frequencyHz: number, sweep: number) => number;
  /** Time for a point, ms; 0: as fast as the wire takes it. */
  readonly pointMs?: number;
  /** So many replies to `version` after switching on are malformed. */
  readonly garbledVersions?: number;
  /** No prompt after this sweep, as when a person touches the screen. */
  readonly promptMissing?: (sweep: number) => boolean;
  /** Points after which the sweep ends; null: all of them. */
  readonly endsAfter?: (sweep: number) => number | null;
  /** The device hangs in the middle of this sweep and never says anything again until it is switched off. */
  readonly hangs?: (sweep: number) => boolean;
  /** It restarts in the middle of this sweep: settings gone, banner, prompt. */
  readonly restarts?: (sweep: number) => boolean;
}

const CR = 0x0d;
const [BACKSPACE, DELETE] = [0x08, 0x7f];
const LINE_LIMIT = 47;
const ARGUMENT_LIMIT = 4;
const CHUNK_BYTES = 64;
/** −174 dBm/Hz and a noise figure of 12 dB. */
const NOISE_DBM_HZ = -174 + 12;

class PowerCut extends Error {}

interface State {
  rbwKHz: number | 'auto';
  attenuationDb: number | 'auto';
  lna: boolean;
  abortAllowed: boolean;
  mode: string;
  resumed: boolean;
}

const FACTORY = {
  rbwKHz: 'auto',
  attenuationDb: 'auto',
  lna: false,
  abortAllowed: false,
  mode: '',
  resumed: true,
} as const;

/**
 * The device's side of the wire: a shell that repeats each character, executes at CR and ends each reply with its
 * prompt. `run` is one connection and ends when that is lost; the device goes on existing, with its settings.
 */
export class TinySaEmulator {
  /** What a test looks at. */
  state: State = { ...FACTORY };
  sweepsStarted = 0;
  readonly commands: string[] = [];
  private readonly behaviour: TinySaBehaviour;
  private readonly model: 'basic' | 'ultra';
  private versions = 0;
  private spanMHz = 100;
  private link: ByteLink | null = null;
  private typed: number[] = [];
  private arrived: () => void = () => undefined;
  private line = '';
  private lost: unknown = null;

  constructor(behaviour: TinySaBehaviour = {}) {
    this.behaviour = behaviour;
    this.model = behaviour.model ?? 'ultra';
  }

  async run(link: ByteLink): Promise<void> {
    this.link = link;
    this.typed = [];
    this.lost = null;
    const reading = this.readAll(link);
    try {
      await this.boot();
      for (;;) await this.take(await this.nextByte());
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    } finally {
      await link.close();
      await reading;
    }
  }

  private async readAll(link: ByteLink): Promise<void> {
    try {
      for (;;) {
        const bytes = await link.read(60_000);
        if (bytes !== null) this.typed.push(...bytes);
        this.arrived();
      }
    } catch (error) {
      this.lost = error;
      this.arrived();
    }
  }

  private async nextByte(): Promise<number> {
    while (this.typed.length === 0) {
      if (this.lost !== null) throw this.lost;
      await new Promise<void>((resolve) => {
        this.arrived = resolve;
      });
    }
    return this.typed.shift() as number;
  }

  private async boot(): Promise<void> {
    this.line = '';
    await this.print('\r\ntinySA Shell\r\nch> ');
  }

  private async print(text: string): Promise<void> {
    await this.link?.write(Buffer.from(text, 'latin1'));
  }

  private async take(byte: number): Promise<void> {
    if (byte === CR) {
      await this.print('\r\n');
      const { line } = this;
      this.line = '';
      try {
        if (await this.execute(line)) await this.print('ch> ');
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        this.state = { ...FACTORY };
        this.typed = [];
        await this.boot();
      }
    } else if (byte === BACKSPACE || byte === DELETE) {
      if (this.line !== '') await this.print('\b \b');
      this.line = this.line.slice(0, -1);
    } else if (byte >= 0x20 && this.line.length < LINE_LIMIT) {
      const character = String.fromCharCode(byte);
      this.line += character;
      await this.print(character);
    }
  }

  /** False: no prompt follows. */
  private async execute(line: string): Promise<boolean> {
    const [command = '', ...args] = line.trim().split(/\s+/);
    if (command === '') return true;
    this.commands.push(line);
    if (args.length > ARGUMENT_LIMIT) await this.print('too many arguments, max 4\r\n');
    else if (command === 'scanraw') return this.scanRaw(args.map(Number));
    else await this.print(this.answer(command, args));
    return true;
  }

  private answer(command: string, [argument]: string[]): string {
    const { state } = this;
    switch (command) {
      case 'version':
        return this.version();
      case 'deviceid':
        return 'deviceid 37\r\n';
      case 'zero':
        return `usage: zero {level}\r\n${this.zeroDb}dBm\r\n`;
      case 'sweep':
        return '88000000 108000000 450\r\n';
      case 'rbw':
        if (argument === undefined) return `usage: rbw 0.2..850|auto\r\n${this.rbwKHz.toFixed(1)}kHz\r\n`;
        state.rbwKHz = argument === 'auto' ? 'auto' : Number(argument);
        return '';
      case 'attenuate':
        state.attenuationDb = argument === 'auto' ? 'auto' : Number(argument);
        return '';
      case 'lna':
        if (this.model === 'basic') return 'lna?\r\n';
        state.lna = argument === 'on';
        return '';
      case 'mode':
        state.mode = argument ?? '';
        return '';
      case 'abort':
        if (argument !== undefined) state.abortAllowed = argument === 'on';
        return '';
      case 'resume':
        state.resumed = true;
        return '';
      default:
        return `${command}?\r\n`;
    }
  }

  private version(): string {
    if (this.versions++ < (this.behaviour.garbledVersions ?? 0)) return 'tin\xff\x00SA4_v1\r\n';
    return this.model === 'basic'
      ? 'tinySA_v1.4-175-g1419a93\r\n'
      : 'tinySA4_v1.4-199-gde12ba2\r\nHW Version:V0.4.5.1 \r\n';
  }

  private get zeroDb(): number {
    return this.model === 'basic' ? 128 : 174;
  }

  /** What the device chooses is about 7 kHz for each MHz of span. */
  private get rbwKHz(): number {
    const wanted = this.state.rbwKHz === 'auto' ? 7 * this.spanMHz : this.state.rbwKHz;
    const [least, most] = this.model === 'basic' ? [2, 600] : [0.2, 850];
    return Math.min(most, Math.max(least, wanted));
  }

  private async scanRaw([start, stop, points]: number[]): Promise<boolean> {
    if (!(stop >= start)) {
      await this.print('frequency range is invalid\r\n');
      return true;
    }
    if (!(points > 0)) {
      await this.print('scan point count is invalid\r\n');
      return true;
    }
    this.spanMHz = (stop - start) / 1e6;
    const sweep = this.sweepsStarted++;
    this.state.resumed = false;
    const data = this.sweepBytes(start, Math.fround(Math.floor((stop - start) / points)), points, sweep);
    const early = this.behaviour.endsAfter?.(sweep) ?? null;
    const bytes = early === null ? data : Buffer.concat([data.subarray(0, 1 + 3 * early), Buffer.from('}')]);
    const isInterrupted = await this.send(bytes, sweep);
    return !isInterrupted && this.behaviour.promptMissing?.(sweep) !== true;
  }

  /** { and for each point x, low byte, high byte of (dBm + zero) · 32; } */
  private sweepBytes(startHz: number, stepHz: number, points: number, sweep: number): Buffer {
    const bytes = Buffer.alloc(3 * points + 2);
    bytes.write('{', 0, 'latin1');
    for (let i = 0; i < points; i++) {
      const noiseDbm = NOISE_DBM_HZ + 10 * Math.log10(this.rbwKHz * 1e3);
      const signalDbm = this.behaviour.levelDbm?.(startHz + i * stepHz, sweep) ?? Number.NEGATIVE_INFINITY;
      const ripple = ((i * 7919 + sweep * 104_729) % 64) / 32 - 1;
      const level = Math.max(noiseDbm + ripple, signalDbm);
      bytes.write('x', 1 + 3 * i, 'latin1');
      bytes.writeInt16LE(Math.round((level + this.zeroDb) * 32), 2 + 3 * i);
    }
    bytes.write('}', bytes.length - 1, 'latin1');
    return bytes;
  }

  /** In pieces of the USB endpoint's size; true: interrupted, after which the command says nothing more. */
  private async send(bytes: Buffer, sweep: number): Promise<boolean> {
    const { hangs, restarts, pointMs = 0 } = this.behaviour;
    const middle = Math.floor(bytes.length / 2);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      if (at >= middle && restarts?.(sweep) === true) throw new PowerCut();
      if (at >= middle && hangs?.(sweep) === true) await this.hang();
      if (this.state.abortAllowed && (await this.isAborted())) return true;
      if (pointMs > 0) await new Promise((resolve) => setTimeout(resolve, (pointMs * CHUNK_BYTES) / 3));
      await this.link?.write(bytes.subarray(at, at + CHUNK_BYTES));
    }
    return false;
  }

  /** With `abort on` the shell reads while a sweep runs. */
  private async isAborted(): Promise<boolean> {
    if (this.typed.length === 0) return false;
    while (this.typed.length > 0) {
      const byte = this.typed.shift() as number;
      const ends = byte === CR && this.line === 'abort';
      await this.take(byte);
      if (ends) return true;
    }
    return false;
  }

  private async hang(): Promise<never> {
    for (;;) {
      this.typed = [];
      if (this.lost !== null) throw this.lost;
      await new Promise<void>((resolve) => {
        this.arrived = resolve;
      });
    }
  }
}

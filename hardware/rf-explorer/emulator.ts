import { type ByteLink, LinkLost } from '../link/byte-link.ts';

/** How the emulated device is built, and what goes wrong with it; sweeps are counted from 0. */
export interface RfeBehaviour {
  readonly points?: number;
  /** How it sends its sweeps: by one byte, by multiples of 16, or by two bytes. */
  readonly packet?: 'S' | 's' | 'z';
  /** What is on the air, dBm at the receiver; above its noise of −110 dBm it shows. */
  readonly levelDbm?: (frequencyHz: number, sweep: number) => number;
  readonly offsetDb?: number;
  /** 0: as fast as the wire takes it. */
  readonly sweepMs?: number;
  /** Points after which a sweep is ended by its mark; null: all of them. */
  readonly endsAfter?: (sweep: number) => number | null;
  /** Sends no more sweeps from this one on, until its port is opened anew. */
  readonly hangs?: (sweep: number) => boolean;
  readonly restarts?: (sweep: number) => boolean;
}

const NOISE_DBM = -110;
const FACTORY = { startKHz: 431_000, stopKHz: 441_000, stage: '0', onHold: true } as const;
const BUSY_MS = 15;
const RANGE_KHZ = { low: 50, high: 960_000 } as const;

/**
 * The device's side of the wire. `run` is one connection and ends when that is lost; the device goes on existing,
 * with its settings. As the real one does, it loses commands that come while it answers, and its first sweep after a
 * change holds nonsense.
 */
export class RfExplorerEmulator {
  /** What a test looks at. */
  state: { startKHz: number; stopKHz: number; stage: string; onHold: boolean } = { ...FACTORY };
  points: number;
  sweepsSent = 0;
  private readonly behaviour: RfeBehaviour;
  private link: ByteLink | null = null;
  private input = Buffer.alloc(0);
  private wake: () => void = () => undefined;
  private isNonsense = true;
  private isBusy = false;

  constructor(behaviour: RfeBehaviour = {}) {
    this.behaviour = behaviour;
    this.points = behaviour.points ?? 112;
  }

  async run(link: ByteLink): Promise<void> {
    this.link = link;
    this.input = Buffer.alloc(0);
    let lost = false;
    const reading = this.readAll(link).finally(() => {
      lost = true;
      this.wake();
    });
    try {
      while (!lost) {
        if (this.state.onHold || this.behaviour.hangs?.(this.sweepsSent) === true) await this.pause(60_000);
        else await this.sweep();
      }
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    } finally {
      await link.close();
      await reading;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async readAll(link: ByteLink): Promise<void> {
    try {
      for (;;) {
        const bytes = await link.read(60_000);
        if (bytes !== null) await this.receive(bytes);
      }
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    }
  }

  private async receive(bytes: Uint8Array): Promise<void> {
    this.input = Buffer.concat([this.input, bytes]);
    while (this.input.length >= 2) {
      if (this.input[0] !== 0x23 || this.input[1] < 3) this.input = this.input.subarray(1);
      else if (this.input.length < this.input[1]) return;
      else {
        const command = this.input.subarray(2, this.input[1]);
        this.input = this.input.subarray(this.input[1]);
        if (!this.isBusy) await this.execute(command);
      }
    }
  }

  private async execute(command: Buffer): Promise<void> {
    const text = command.toString('latin1');
    const span = /^C2-F:(\d{7}),(\d{7}),(-?\d{3,4}),(-?\d{3,4})$/.exec(text);
    if (span !== null) this.change(() => this.setSpan(+span[1], +span[2]));
    else if (text.startsWith('CJ')) this.change(() => (this.points = 16 * (command[2] + 1)));
    else if (text.startsWith('Cj')) this.change(() => (this.points = command.readUInt16BE(2)));
    else if (text === 'CH') this.state.onHold = true;
    else if (text.startsWith('a')) this.state.stage = text[1];
    else if (text === 'C0') await this.introduce();
    this.wake();
  }

  /** It keeps its span where another is beyond what it tunes. */
  private setSpan(startKHz: number, stopKHz: number): void {
    if (startKHz >= RANGE_KHZ.low && stopKHz <= RANGE_KHZ.high) Object.assign(this.state, { startKHz, stopKHz });
  }

  /** Deaf until it has told its new configuration. */
  private change(set: () => unknown): void {
    this.isBusy = true;
    setTimeout(() => {
      set();
      this.isNonsense = true;
      this.state.onHold = false;
      this.isBusy = false;
      this.print(this.configLine()).catch(() => undefined);
      this.wake();
    }, BUSY_MS);
  }

  private async introduce(): Promise<void> {
    this.state.onHold = false;
    const lines = [
      'RF Explorer 03.39 18-Jun-21',
      '#SnB3AK7AL7CACAA74M',
      '#CAL:1',
      '#BAT:0',
      '#C2-M:010,255,03.39',
      '#QA:0',
    ];
    await this.print([...lines, this.configLine(), '#a0'].join('\r\n'));
  }

  private print(text: string): Promise<void> {
    return this.link?.write(Buffer.from(`${text}\r\n`, 'latin1')) ?? Promise.resolve();
  }

  private get stepHz(): number {
    return Math.round(((this.state.stopKHz - this.state.startKHz) * 1_000) / (this.points - 1));
  }

  private configLine(): string {
    const field = (value: number, digits: number) =>
      value < 0 ? `-${String(-value).padStart(digits - 1, '0')}` : String(value).padStart(digits, '0');
    const head = [field(this.state.startKHz, 7), field(this.stepHz, 7), '-010', '-120'];
    const tail = [
      '0',
      '000',
      field(RANGE_KHZ.low, 7),
      field(RANGE_KHZ.high, 7),
      '0959950',
      '00110',
      field(this.behaviour.offsetDb ?? 0, 4),
      '000',
    ];
    const letter = this.points > 9_999 ? 'f' : 'F';
    return `#C2-${letter}:${[...head, field(this.points, this.points > 9_999 ? 5 : 4), ...tail].join(',')}`;
  }

  private async sweep(): Promise<void> {
    const { sweepMs = 0, endsAfter, restarts } = this.behaviour;
    if (sweepMs > 0) await this.pause(sweepMs);
    const sweep = this.sweepsSent++;
    const bytes = this.sweepBytes(sweep);
    this.isNonsense = false;
    const early = endsAfter?.(sweep) ?? null;
    const head = bytes.length - this.points - 2;
    if (restarts?.(sweep) === true) await this.restart(bytes);
    else if (early === null) await this.link?.write(bytes);
    else await this.link?.write(Buffer.concat([bytes.subarray(0, head + early), Buffer.from('fffefffe00', 'hex')]));
  }

  private async restart(bytes: Buffer): Promise<void> {
    await this.link?.write(bytes.subarray(0, bytes.length >> 1));
    this.state = { ...FACTORY };
    this.points = this.behaviour.points ?? 112;
    await this.print('\r\n(C) Ariel Rocholl 2010-2021');
  }

  private sweepBytes(sweep: number): Buffer {
    const { packet = 'S', levelDbm, offsetDb = 0 } = this.behaviour;
    const { points } = this;
    const sizes = { S: [points], s: [(points / 16) & 0xff], z: [points >> 8, points & 0xff] };
    const levels = Array.from({ length: points }, (_, i) => {
      if (this.isNonsense) return 0x10;
      const signalDbm = levelDbm?.(this.state.startKHz * 1_000 + i * this.stepHz, sweep) ?? Number.NEGATIVE_INFINITY;
      const level = Math.max(NOISE_DBM + (((i * 7919 + sweep * 31) % 5) - 2) / 2, signalDbm) - offsetDb;
      return Math.min(255, Math.max(0, Math.round(-2 * level)));
    });
    return Buffer.concat([Buffer.from(`$${packet}`), Buffer.from([...sizes[packet], ...levels, 0x0d, 0x0a])]);
  }
}

import type { DriverSink, ReceiverDriver } from '../../src/core/driver.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { type Conversation, DeviceDriver, type DeviceOptions } from '../link/device-driver.ts';
import { DeviceOrders, withSpan } from '../link/device-orders.ts';
import { SilenceWatch } from '../link/silence-watch.ts';
import type { RfExplorerSettings } from './options.ts';
import {
  encodeCommand,
  encodePoints,
  encodeSpan,
  INPUT_STAGES,
  levelsDbm,
  modelName,
  parseConfig,
  parseModel,
  type RfeConfig,
  type RfeMessage,
  RfeParser,
} from './protocol.ts';

const ANSWER_MS = 3_000;
const ATTEMPTS = 3;
/** Longer than the slowest sweep of the device. */
const SILENCE_MS = 10_000;
/** After as many it is known how long it takes for one. */
const USUAL_SWEEPS = 4;
const REBOOTED = '(C) Ariel Rocholl';

export function rfExplorerDriver(options: DeviceOptions<RfExplorerSettings>): ReceiverDriver {
  const orders = new DeviceOrders(['scan']);
  return new DeviceDriver(options, {
    orders,
    converse: (link, sink, ready) => new RfeSession(options, orders, link, sink).run(ready),
    // On hold it sends nothing into a port that nobody reads.
    farewell: (link) => link.write(encodeCommand('CH')),
  } satisfies Conversation);
}

/** One connection to one device. */
class RfeSession {
  private readonly options: DeviceOptions<RfExplorerSettings>;
  private readonly orders: DeviceOrders;
  private readonly link: ByteLink;
  private readonly sink: DriverSink;
  private readonly parser = new RfeParser();
  private config: RfeConfig | null = null;
  private model: string | null = null;
  private serial: string | null = null;
  /** The first sweep after a change of settings began before it. */
  private isFirst = true;
  /** Until then it sweeps what somebody else asked for. */
  private isConfigured = false;
  private rebooted = false;
  private lastSweepMs: number | null = null;
  private readonly silence = new SilenceWatch();
  private sweeps = 0;
  private understood = 0;
  private bytes = 0;
  private readonly gainDb: number;

  constructor(options: DeviceOptions<RfExplorerSettings>, orders: DeviceOrders, link: ByteLink, sink: DriverSink) {
    this.options = options;
    this.orders = orders;
    this.link = link;
    this.sink = sink;
    const { inputStage } = options.settings;
    this.gainDb = inputStage === null ? 0 : INPUT_STAGES[inputStage].gainDb;
  }

  async run(ready: () => void): Promise<never> {
    for (;;) {
      this.rebooted = false;
      this.isConfigured = false;
      await this.ask(
        encodeCommand('C0'),
        () => this.config !== null && this.model !== null,
        () => this.strange(),
      );
      this.announce();
      ready();
      await this.configure();
      while (!this.rebooted) {
        if (this.orders.take()) await this.obey();
        else await this.nextBytes(ready);
      }
    }
  }

  /** What the device does not take is refused, and it sweeps on as before. */
  private async obey(): Promise<void> {
    try {
      await this.configure();
      this.orders.accept();
    } catch (error) {
      if (!(error instanceof LinkLost && this.orders.refuse(error.message))) throw error;
      await this.configure();
    }
  }

  private strange(): string {
    if (this.bytes === 0 || this.understood > 0) return 'no RF Explorer answers';
    return `bytes come, but none that an RF Explorer sends: is ${this.options.settings.baudRate} its baud rate?`;
  }

  /** Says so early where it stops sweeping, and gives it up after longer. */
  private async nextBytes(ready: () => void): Promise<void> {
    const patientMs = SILENCE_MS * (this.options.patience ?? 1);
    const usualMs = this.sweeps < USUAL_SWEEPS ? patientMs : Math.min(patientMs, this.silence.limitMs);
    if (await this.receive(usualMs)) return;
    if (usualMs < patientMs) {
      this.sink.status(this.options.receiver, 'offline', 'the device stopped sweeping');
      this.silence.pause();
      if (await this.receive(patientMs - usualMs)) {
        ready();
        return;
      }
    }
    throw new LinkLost('no byte came for too long');
  }

  private announce(): void {
    const { config } = this;
    this.sink.info(this.options.receiver, {
      model: this.model,
      serial: this.serial,
      location: null,
      antenna: null,
      calibrationOffsetDb: null,
      spursHz: [],
      ranges: config === null || config.minHz >= config.maxHz ? [] : [{ lowHz: config.minHz, highHz: config.maxHz }],
    });
  }

  /** A command that comes while the device answers another is lost: each waits for the configuration that follows. */
  private async configure(): Promise<void> {
    const { startHz, stopHz, points, inputStage } = withSpan(this.options.settings, this.orders.current);
    if (points !== null && this.config?.points !== points) {
      const refusal = () => `the device does not take ${points} points`;
      await this.ask(encodePoints(points), () => this.config?.points === points, refusal);
    }
    if (startHz !== null && stopHz !== null && !this.hasSpan(startHz, stopHz)) {
      const { topDbm = -10, bottomDbm = -120 } = this.config ?? {};
      const refusal = () => `the device does not take ${startHz} to ${stopHz} Hz`;
      await this.ask(encodeSpan(startHz, stopHz, topDbm, bottomDbm), () => this.hasSpan(startHz, stopHz), refusal);
    }
    if (inputStage !== null) await this.link.write(encodeCommand(`a${INPUT_STAGES[inputStage].code}`));
    this.isFirst = true;
    this.isConfigured = true;
  }

  /** The device counts in kHz and rounds its step to whole Hz. */
  private hasSpan(startHz: number, stopHz: number): boolean {
    if (this.config === null) return false;
    const actualStopHz = this.config.startHz + (this.config.points - 1) * this.config.stepHz;
    const slackHz = 1_000 + this.config.points;
    return Math.abs(this.config.startHz - startHz) <= 1_000 && Math.abs(actualStopHz - stopHz) <= slackHz;
  }

  private async ask(command: Uint8Array, isAnswered: () => boolean, refusal: () => string): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.link.write(command);
      const endMs = performance.now() + ANSWER_MS * (this.options.patience ?? 1);
      while (performance.now() < endMs) {
        await this.receive(endMs - performance.now());
        if (isAnswered()) return;
      }
    }
    throw new LinkLost(refusal());
  }

  /** False: nothing came in time. */
  private async receive(limitMs: number): Promise<boolean> {
    const bytes = await this.link.read(limitMs);
    if (bytes === null) return false;
    this.silence.hear(performance.now());
    this.bytes += bytes.length;
    // One after the other: a configuration changes what the sweep behind it means.
    for (const message of this.parser.push(bytes)) this.take(message);
    return true;
  }

  private take(message: RfeMessage): void {
    if (message.kind !== 'rejected') this.understood++;
    if (message.kind === 'rejected') this.sink.rejected(this.options.receiver, message.reject);
    else if (message.kind === 'line') this.takeLine(message.text);
    else this.takeSweep(message.levels);
  }

  private takeLine(line: string): void {
    const config = parseConfig(line);
    const model = parseModel(line);
    if (config !== null) {
      const before = this.config;
      const isSame =
        before?.startHz === config.startHz && before.stepHz === config.stepHz && before.points === config.points;
      // It says so after each change, also after one that changes nothing: a command that was sent again.
      this.isFirst = true;
      // Another span takes another time.
      if (!isSame) this.sweeps = 0;
      this.config = config;
      this.parser.points = config.points;
    } else if (model !== null) this.model = modelName(model);
    else if (line.startsWith('#Sn')) this.serial = line.slice(3, 19).trim();
    else if (line.startsWith(REBOOTED)) {
      this.rebooted = true;
      this.isConfigured = false;
      this.config = null;
    }
  }

  private takeSweep(levels: Uint8Array): void {
    const { config, gainDb } = this;
    const { receiver, clock } = this.options;
    const nowMs = clock.nowMs();
    const sinceMs = this.lastSweepMs === null ? null : nowMs - this.lastSweepMs;
    this.lastSweepMs = nowMs;
    this.sweeps++;
    if (config === null || !this.isConfigured || levels.length !== config.points) return;
    if (this.isFirst) {
      this.isFirst = false;
      return;
    }
    // The device sweeps all the time: a sweep began where the one before it ended.
    const durationMs = sinceMs !== null && sinceMs >= 0 && sinceMs < SILENCE_MS ? sinceMs : null;
    this.sink.frame({
      kind: 'sweep',
      receiver,
      sequence: null,
      timeNs: BigInt(Math.round((nowMs - (durationMs ?? 0)) * 1e6)),
      durationSeconds: durationMs === null ? null : durationMs / 1_000,
      startHz: config.startHz,
      stepHz: config.stepHz,
      rbwHz: config.rbwHz,
      unit: 'dBm',
      powers: levelsDbm(levels, config.offsetDb, gainDb),
      gainDb: this.options.settings.inputStage === null ? null : gainDb,
      flags: [],
    });
  }
}

import type { DriverSink, ReceiverDriver } from '../../src/core/driver.ts';
import type { Frame } from '../../src/core/frames.ts';
import type { ReceiverOrder } from '../../src/core/tasking.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { DeviceDriver, type DeviceOptions } from '../link/device-driver.ts';
import { DeviceOrders } from '../link/device-orders.ts';
import { SilenceWatch } from '../link/silence-watch.ts';
import { encodeCommand, parseReply } from '../mqtt/protocol.ts';
import { SequenceTracker } from '../mqtt/sequence.ts';
import { DeviceClock } from './device-clock.ts';
import type { GenericSettings } from './options.ts';
import { encodeFrame, encodeJsonPacket, FrameCutter, parsePacket } from './protocol.ts';

/** A device that sends nothing for this long is opened anew. */
const SILENCE_MS = 60_000;
const REPLY_MS = 2_000;
const ATTEMPTS = 3;
/** Bytes that hold no packet for this long are those of another device, or of another speed. */
const STRANGE_MS = 2_000;
/** After as many frames it is known how often one comes. */
const USUAL_FRAMES = 4;

export function genericDriver(options: DeviceOptions<GenericSettings>): ReceiverDriver {
  const orders = new DeviceOrders(['scan', 'tune']);
  return new DeviceDriver(options, {
    orders,
    converse: (link, sink, ready) => new GenericSession(options, orders, link, sink, ready).run(),
  });
}

/** One connection to one device. */
class GenericSession {
  private readonly options: DeviceOptions<GenericSettings>;
  private readonly orders: DeviceOrders;
  private readonly link: ByteLink;
  private readonly sink: DriverSink;
  private readonly ready: () => void;
  private readonly cutter = new FrameCutter();
  private readonly clock = new DeviceClock();
  private readonly sequences = { iq: new SequenceTracker(), sweep: new SequenceTracker() };
  private readonly silence = new SilenceWatch();
  private frames = 0;
  private state: 'new' | 'strange' | 'heard' | 'stalled' = 'new';
  private command: { readonly id: string; readonly bytes: Uint8Array; tries: number; dueMs: number } | null = null;
  private commands = 0;

  constructor(
    options: DeviceOptions<GenericSettings>,
    orders: DeviceOrders,
    link: ByteLink,
    sink: DriverSink,
    ready: () => void,
  ) {
    this.options = options;
    this.orders = orders;
    this.link = link;
    this.sink = sink;
    this.ready = ready;
  }

  async run(): Promise<never> {
    this.askForSpan();
    const { patience = 1 } = this.options;
    const openedMs = performance.now();
    let heardMs = openedMs;
    for (;;) {
      if (this.orders.take()) this.askForSpan();
      await this.repeatCommand(patience);
      const limitMs = this.frames < USUAL_FRAMES ? REPLY_MS * patience : this.silence.limitMs;
      const bytes = await this.link.read(limitMs);
      if (bytes !== null) {
        heardMs = performance.now();
        this.take(bytes);
        if (this.state === 'new' && heardMs - openedMs > STRANGE_MS * patience) this.tellStrange();
      } else if (performance.now() - heardMs > SILENCE_MS * patience) throw new LinkLost('no byte came for too long');
      else if (this.state === 'heard' && this.frames >= USUAL_FRAMES) this.tellStalled();
    }
  }

  private tellStrange(): void {
    this.state = 'strange';
    const { receiver, settings } = this.options;
    const why = `bytes come, but no packet among them: is ${settings.baudRate} its baud rate?`;
    this.sink.status(receiver, 'offline', why);
  }

  private tellStalled(): void {
    this.state = 'stalled';
    this.silence.pause();
    this.sink.status(this.options.receiver, 'offline', 'the device stopped sending');
  }

  private askForSpan(): void {
    const order = this.orders.current ?? this.configured();
    if (order === null) return;
    const id = String(++this.commands);
    const json = encodeCommand({ id, ...order });
    this.command = { id, bytes: encodeFrame(encodeJsonPacket('BWCM', json)), tries: 0, dueMs: 0 };
  }

  private configured(): ReceiverOrder | null {
    const { startHz, stopHz, rbwHz } = this.options.settings;
    return startHz === null || stopHz === null ? null : { command: 'scan', startHz, stopHz, rbwHz };
  }

  private async repeatCommand(patience: number): Promise<void> {
    const { command } = this;
    if (command === null || performance.now() < command.dueMs) return;
    if (command.tries === ATTEMPTS) {
      this.command = null;
      this.orders.giveUp();
      this.options.log.warn({ receiver: this.options.receiver }, 'the receiver does not answer; it sends what it will');
      return;
    }
    command.tries++;
    command.dueMs = performance.now() + REPLY_MS * patience;
    // The zero before it ends whatever the device may have read of the line's noise.
    await this.link.write(Buffer.concat([Uint8Array.of(0), command.bytes]));
  }

  private take(bytes: Uint8Array): void {
    const { receiver } = this.options;
    for (const packet of this.cutter.push(bytes)) {
      const message = packet.ok ? parsePacket(packet.value, receiver) : { kind: 'rejected' as const, ...packet };
      if (message.kind === 'rejected') this.sink.rejected(receiver, message.reject);
      else {
        this.hear();
        if (message.kind === 'frame') this.takeFrame(message.frame);
        else if (message.magic === 'BWRP') this.takeReply(message.body);
      }
    }
  }

  private hear(): void {
    if (this.state !== 'heard') this.ready();
    this.state = 'heard';
  }

  private takeFrame(frame: Frame): void {
    const { receiver, clock } = this.options;
    this.silence.hear(performance.now());
    this.frames++;
    const durationNs = frame.kind === 'iq' ? BigInt(Math.round((frame.pairs / frame.sampleRateHz) * 1e9)) : 0n;
    const timeNs = this.clock.timeNs(frame.timeNs, durationNs, BigInt(Math.round(clock.nowMs() * 1e6)));
    if (frame.sequence === null) return;
    const step = this.sequences[frame.kind].step(frame.sequence, frame.timeNs);
    const isRestart = step.kind !== 'next';
    // A line repeats nothing: a number that was there already is a device that counts anew, its settings gone.
    if (isRestart) {
      this.sequences[frame.kind] = new SequenceTracker();
      this.sequences[frame.kind].step(frame.sequence, frame.timeNs);
      this.askForSpan();
    } else if (step.lost > 0) this.sink.lost(receiver, step.lost);
    const isBroken = isRestart || step.lost > 0;
    if (frame.kind === 'iq') this.sink.frame({ ...frame, timeNs, lostBefore: frame.lostBefore || isBroken });
    else this.sink.frame({ ...frame, timeNs, flags: isBroken ? [...frame.flags, 'lost'] : frame.flags });
  }

  private takeReply(body: Uint8Array): void {
    const { receiver, log } = this.options;
    const reply = parseReply(body);
    if (!reply.ok) {
      this.sink.rejected(receiver, reply.reject);
      return;
    }
    if (reply.value.id !== this.command?.id) return;
    this.command = null;
    if (reply.value.ok) this.orders.accept();
    else if (!this.orders.refuse(reply.value.error ?? 'the device does not say why')) {
      log.warn({ receiver, error: reply.value.error }, 'the receiver refuses its span');
    }
  }
}

import type { DriverSink } from '../../../src/core/driver.ts';
import { parseRadioHound } from '../../../src/formats/radiohound.ts';
import type { Dialect } from '../dialect.ts';
import { UNKNOWN_INFO } from '../protocol.ts';
import { GONE_MS, parseAnnounce, type RadioHoundNode, topicKind } from './protocol.ts';

/** One RadioHound node: its periodograms become sweeps, its heartbeats its state. */
export class RadioHoundDialect implements Dialect {
  private readonly receiver: string;
  private told = '';
  private timer: NodeJS.Timeout | null = null;

  constructor(receiver: string) {
    this.receiver = receiver;
  }

  take(topic: string, payload: Uint8Array, sink: DriverSink): void {
    const kind = topicKind(topic);
    if (kind === 'announce') this.takeAnnounce(payload, sink);
    else if (kind === 'data') this.takeData(payload, sink);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private takeAnnounce(payload: Uint8Array, sink: DriverSink): void {
    const node = parseAnnounce(payload);
    if (!node.ok) {
      sink.rejected(this.receiver, node.reject);
      return;
    }
    this.tellNode(node.value, sink);
    sink.status(this.receiver, 'online');
    this.stop();
    this.timer = setTimeout(() => {
      sink.status(this.receiver, 'offline', `no heartbeat came for ${GONE_MS / 1_000} s`);
    }, GONE_MS).unref();
  }

  private tellNode({ macAddress, hardware, location }: RadioHoundNode, sink: DriverSink): void {
    const model = hardware === null ? 'RadioHound' : `RadioHound ${hardware}`;
    const info = { ...UNKNOWN_INFO, model, serial: macAddress, location };
    const words = JSON.stringify(info);
    if (words !== this.told) sink.info(this.receiver, info);
    this.told = words;
  }

  private takeData(payload: Uint8Array, sink: DriverSink): void {
    const parsed = parseRadioHound(payload, this.receiver);
    if (parsed.ok) sink.frame(parsed.value.sweep);
    else sink.rejected(this.receiver, parsed.reject);
  }
}

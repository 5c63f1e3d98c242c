import type { DriverSink } from '../../../src/core/driver.ts';
import type { Dialect } from '../dialect.ts';
import { parseSpectrogram } from './protocol.ts';

/** One device of an sdr-hub: its spectra become sweeps. What it cuts out as transmissions is left to its own service. */
export class SdrHubDialect implements Dialect {
  private readonly receiver: string;

  constructor(receiver: string) {
    this.receiver = receiver;
  }

  take(topic: string, payload: Uint8Array, sink: DriverSink): void {
    if (!topic.endsWith('/spectrogram')) return;
    const parsed = parseSpectrogram(payload, this.receiver);
    if (parsed.ok) sink.frame(parsed.value);
    else sink.rejected(this.receiver, parsed.reject);
  }

  stop(): void {}
}

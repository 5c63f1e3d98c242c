import type { DriverSink, ReceiverDriver } from '../../src/core/driver.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { DeviceDriver, type DeviceOptions } from '../link/device-driver.ts';
import { BlockCutter } from '../samples/block-cutter.ts';
import { type ClockLegacy, HOST_CLOCK, type HostClock } from '../samples/sample-clock.ts';
import type { RtlTcpSettings } from './options.ts';
import { type Command, encodeCommand, HEADER_BYTES, parseHeader } from './protocol.ts';

const HEADER_MS = 5_000;
const SILENCE_MS = 2_000;
/** After a retune the server's buffers still hold samples of the old frequency; nothing says where they end. */
const IN_FLIGHT_SECONDS = 0.1;

export interface RtlTcpTuning {
  readonly centerHz: number;
  readonly sampleRateHz: number;
  readonly gainDb: number | null;
}

export interface RtlTcpOptions extends DeviceOptions<RtlTcpSettings> {
  readonly host?: HostClock;
  /** Called when the first samples of a tuning are there. */
  readonly onTuned?: (cutter: BlockCutter) => void;
}

/** An RTL-SDR behind an rtl_tcp server, which may stand anywhere. */
export class RtlTcpDriver implements ReceiverDriver {
  private readonly options: RtlTcpOptions;
  private readonly driver: DeviceDriver;
  private tuning: RtlTcpTuning;
  private session: RtlTcpSession | null = null;
  private legacy: ClockLegacy | null = null;

  constructor(options: RtlTcpOptions) {
    this.options = options;
    this.tuning = options.settings;
    this.driver = new DeviceDriver(options, {
      converse: (link, sink, ready) => this.converse(link, sink, ready),
    });
  }

  start(sink: DriverSink): Promise<void> {
    return this.driver.start(sink);
  }

  acknowledge(): void {}

  stop(): Promise<void> {
    return this.driver.stop();
  }

  /** Takes effect within a tenth of a second where the server is there, else when it comes back. */
  async retune(tuning: RtlTcpTuning): Promise<void> {
    this.tuning = tuning;
    await this.session?.tune(tuning).catch(() => undefined);
  }

  private async converse(link: ByteLink, sink: DriverSink, ready: () => void): Promise<never> {
    const session = new RtlTcpSession(this.options, link, sink, this.tuning, this.legacy);
    this.session = session;
    try {
      return await session.run(ready);
    } finally {
      this.legacy = session.legacy();
      this.session = null;
    }
  }
}

export function rtlTcpDriver(options: RtlTcpOptions): RtlTcpDriver {
  return new RtlTcpDriver(options);
}

/** One connection to one server. */
class RtlTcpSession {
  private readonly options: RtlTcpOptions;
  private readonly link: ByteLink;
  private readonly sink: DriverSink;
  private readonly host: HostClock;
  private tuning: RtlTcpTuning;
  private cutter: BlockCutter;
  private told = false;

  constructor(
    options: RtlTcpOptions,
    link: ByteLink,
    sink: DriverSink,
    tuning: RtlTcpTuning,
    legacy: ClockLegacy | null,
  ) {
    this.options = options;
    this.link = link;
    this.sink = sink;
    this.host = options.host ?? HOST_CLOCK;
    this.tuning = tuning;
    this.cutter = this.newCutter(tuning, legacy);
  }

  async run(ready: () => void): Promise<never> {
    const { patience = 1 } = this.options;
    const first = await this.readHeader(patience);
    await this.command('frequencyCorrectionPpm', this.options.settings.frequencyCorrectionPpm);
    if (this.options.settings.biasTee) await this.command('biasTee', 1);
    await this.command('agc', 0);
    await this.tune(this.tuning);
    ready();
    this.take(first);
    for (;;) {
      const bytes = await this.link.read(SILENCE_MS * patience);
      if (bytes === null) throw new LinkLost('the server sends no samples');
      this.take(bytes);
    }
  }

  async tune(tuning: RtlTcpTuning): Promise<void> {
    const before = this.tuning;
    this.tuning = tuning;
    this.told = false;
    // Samples of another rate are another stream, with a clock of its own.
    if (before.sampleRateHz !== tuning.sampleRateHz) this.cutter = this.newCutter(tuning, this.legacy());
    this.cutter.retune(tuning, Math.ceil(IN_FLIGHT_SECONDS * tuning.sampleRateHz));
    await this.command('sampleRateHz', tuning.sampleRateHz);
    await this.command('centerHz', tuning.centerHz);
    await this.command('gainMode', tuning.gainDb === null ? 0 : 1);
    if (tuning.gainDb !== null) await this.command('gainTenthsDb', tuning.gainDb * 10);
  }

  legacy(): ClockLegacy {
    return this.cutter.clock.legacy();
  }

  private newCutter(tuning: RtlTcpTuning, legacy: ClockLegacy | null): BlockCutter {
    const { receiver } = this.options;
    return new BlockCutter({ receiver, format: 'cu8', sampleRateHz: tuning.sampleRateHz }, tuning, this.host, legacy);
  }

  /** What came with the header are samples already. */
  private async readHeader(patience: number): Promise<Uint8Array> {
    let read: Uint8Array = new Uint8Array(0);
    while (read.length < HEADER_BYTES) {
      const bytes = await this.link.read(HEADER_MS * patience);
      if (bytes === null) throw new LinkLost('the server says nothing; another program may hold it');
      read = Buffer.concat([read, bytes]);
    }
    const header = parseHeader(read);
    if (!header.ok) {
      this.sink.rejected(this.options.receiver, header.reject);
      throw new LinkLost(header.reject.detail);
    }
    return read.subarray(HEADER_BYTES);
  }

  private command(command: Command, parameter: number): Promise<void> {
    return this.link.write(encodeCommand(command, parameter));
  }

  private take(bytes: Uint8Array): void {
    for (const block of this.cutter.push(bytes)) {
      if (!this.told) this.options.onTuned?.(this.cutter);
      this.told = true;
      this.sink.frame(block);
    }
  }
}

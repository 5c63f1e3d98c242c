import type { Log } from '../../src/core/ports.ts';
import { portOpener } from '../link/port.ts';
import { type RtlTcpDriver, rtlTcpDriver } from '../rtl-tcp/driver.ts';
import type { BlockCutter } from '../samples/block-cutter.ts';
import type { HostClock } from '../samples/sample-clock.ts';
import type { RtlTcpSourceSettings } from './source-options.ts';
import type { IqTuning, Tuner, TunerHealth, TunerSink, Tuning } from './tuner.ts';

export interface RtlTcpTunerOptions {
  readonly receiver: string;
  readonly settings: RtlTcpSourceSettings;
  readonly host: HostClock;
  readonly log: Log;
}

/** An rtl_tcp server as the agent's front end: retuned without a break of the stream. */
export class RtlTcpTuner implements Tuner {
  gnssTime = false;
  private readonly options: RtlTcpTunerOptions;
  private driver: RtlTcpDriver | null = null;
  private cutter: BlockCutter | null = null;
  private sink: TunerSink | null = null;
  private restarts = 0;

  constructor(options: RtlTcpTunerOptions) {
    this.options = options;
  }

  get health(): TunerHealth {
    const clock = this.cutter?.clock;
    return {
      samplesLost: clock?.lostPairs ?? 0,
      restarts: this.restarts,
      clockSteps: clock?.steps ?? 0,
      sampleClockPpm: clock?.sampleClockPpm ?? null,
    };
  }

  async tune(tuning: Tuning, sink: TunerSink): Promise<void> {
    const { centerHz, sampleRateHz, gainDb } = tuning as IqTuning;
    this.sink = sink;
    if (this.driver !== null) {
      await this.driver.retune({ centerHz, sampleRateHz, gainDb });
      return;
    }
    const { receiver, settings, host, log } = this.options;
    this.driver = rtlTcpDriver({
      receiver,
      settings: { ...settings, centerHz, sampleRateHz, gainDb },
      open: portOpener(settings.port, 0),
      clock: host,
      host,
      log,
      onTuned: (cutter) => {
        this.cutter = cutter;
        this.sink?.tuned();
      },
    });
    await this.driver.start({
      frame: (frame) => this.sink?.frame(frame.kind === 'iq' ? { ...frame, gnssTime: this.gnssTime } : frame),
      info: () => undefined,
      status: (_, state, detail?: string) => {
        if (state === 'offline') this.restarts++;
        if (this.driver !== null) this.sink?.state(state, detail ?? null);
      },
      rejected: (_, reject, count = 1) => this.sink?.rejected(reject, count),
      lost: () => undefined,
    });
  }

  async rest(): Promise<void> {
    const { driver } = this;
    this.driver = null;
    await driver?.stop();
  }
}

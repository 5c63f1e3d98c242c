import type { Log } from '../../src/core/ports.ts';
import type { CountedReject, SweepReader } from '../../src/formats/sweep-reader.ts';
import { type ByteLink, LinkLost } from '../link/byte-link.ts';
import { DeviceLoop } from '../link/device-loop.ts';
import { BlockCutter } from '../samples/block-cutter.ts';
import type { ClockLegacy, HostClock } from '../samples/sample-clock.ts';
import { openProgram, type ProgramLink } from './program-link.ts';
import type { IqProgram, SdrProgram, SweepProgram } from './programs/program.ts';
import type { IqTuning, SpanTuning, Tuner, TunerHealth, TunerSink, Tuning } from './tuner.ts';

export interface ProgramTunerOptions {
  readonly receiver: string;
  readonly program: SdrProgram;
  readonly host: HostClock;
  readonly log: Log;
}

/** A front end that a program of its own reads: started for a tuning, and started anew for the next one. */
export class ProgramTuner implements Tuner {
  gnssTime = false;
  private readonly options: ProgramTunerOptions;
  private loop: DeviceLoop | null = null;
  private turn: Promise<void> = Promise.resolve();
  private cutter: BlockCutter | null = null;
  private legacy: ClockLegacy | null = null;
  private counted = { samplesLost: 0, restarts: 0, clockSteps: 0 };

  constructor(options: ProgramTunerOptions) {
    this.options = options;
  }

  get health(): TunerHealth {
    const clock = this.cutter?.clock;
    return {
      samplesLost: this.counted.samplesLost + (clock?.lostPairs ?? 0),
      restarts: this.counted.restarts,
      clockSteps: this.counted.clockSteps + (clock?.steps ?? 0),
      sampleClockPpm: clock?.sampleClockPpm ?? null,
    };
  }

  tune(tuning: Tuning, sink: TunerSink): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      const { receiver, log } = this.options;
      let link: ProgramLink | null = null;
      const loop = new DeviceLoop({
        receiver,
        log,
        open: async () => {
          link = await this.open(tuning, (failed) => link?.fail(failed));
          return link;
        },
        converse: (opened, ready) => this.converse(opened, tuning, sink, ready),
        tell: (state, detail?: string) => {
          if (this.loop !== loop) return;
          if (state === 'offline') this.counted.restarts++;
          sink.state(state, detail ?? null);
        },
      });
      this.loop = loop;
    });
  }

  rest(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** The state of a loop that was ended on purpose is not told. */
  private async end(): Promise<void> {
    const { loop } = this;
    this.loop = null;
    await loop?.stop();
  }

  private open(tuning: Tuning, fail: (reason: string) => void): Promise<ProgramLink> {
    const { program, log, receiver } = this.options;
    const args = program.kind === 'iq' ? program.args(tuning as IqTuning) : program.args(tuning as SpanTuning);
    return openProgram({
      command: program.command,
      args,
      hear: (line) => {
        log.debug({ receiver, line }, program.command);
        const note = program.hears(line);
        if (note?.lostPairs !== undefined) {
          this.counted.samplesLost += note.lostPairs;
          this.cutter?.markLost();
        }
        if (note?.gone !== undefined) fail(note.gone);
      },
    });
  }

  private converse(link: ByteLink, tuning: Tuning, sink: TunerSink, ready: () => void): Promise<never> {
    const { program } = this.options;
    const heard = () => {
      ready();
      sink.tuned();
    };
    return program.kind === 'iq'
      ? this.readSamples(link, program, tuning as IqTuning, sink, heard)
      : this.readSweeps(link, program, sink, heard);
  }

  private async readSamples(
    link: ByteLink,
    program: IqProgram,
    tuning: IqTuning,
    sink: TunerSink,
    heard: () => void,
  ): Promise<never> {
    const { receiver, host } = this.options;
    const stream = { receiver, format: program.format, sampleRateHz: tuning.sampleRateHz };
    const tuned = { centerHz: tuning.centerHz, gainDb: program.gainDb(tuning) };
    const cutter = new BlockCutter(stream, tuned, host, this.legacy);
    this.cutter = cutter;
    try {
      for await (const bytes of this.output(link, heard)) {
        cutter.gnssTime = this.gnssTime;
        for (const block of cutter.push(bytes)) sink.frame(block);
      }
    } finally {
      for (const block of cutter.finish()) sink.frame(block);
      this.retire(cutter);
    }
    throw new LinkLost('its output ended');
  }

  private async readSweeps(link: ByteLink, program: SweepProgram, sink: TunerSink, heard: () => void): Promise<never> {
    const reader = program.reader(this.options.receiver);
    const give = ({ sweeps, rejects }: ReturnType<SweepReader['push']>) => {
      for (const reject of rejects) sink.rejected(reject, (reject as CountedReject).count);
      for (const sweep of sweeps) sink.frame(sweep);
    };
    try {
      for await (const bytes of this.output(link, heard)) give(reader.push(bytes));
    } finally {
      give(reader.finish());
    }
    throw new LinkLost('its output ended');
  }

  /** What the program writes; its first bytes are told of. Throws `LinkLost` where it ends or hangs. */
  private async *output(link: ByteLink, heard: () => void): AsyncGenerator<Uint8Array> {
    const { command, startSeconds, silenceSeconds } = this.options.program;
    for (let first = true; ; first = false) {
      const seconds = first ? startSeconds : silenceSeconds;
      const bytes = await link.read(seconds * 1_000);
      if (bytes === null) throw new LinkLost(`${command} has written nothing for ${seconds} s`);
      if (first) heard();
      yield bytes;
    }
  }

  private retire({ clock }: BlockCutter): void {
    this.legacy = clock.legacy();
    this.counted.samplesLost += clock.lostPairs;
    this.counted.clockSteps += clock.steps;
    this.cutter = null;
  }
}

import type { Log } from '../../src/core/ports.ts';
import type { ReceiverPlanStep } from '../../src/core/tasking.ts';
import type { ReceiverCommand, ReceiverReply } from '../mqtt/protocol.ts';
import type { Tuner, TunerSink, Tuning } from './tuner.ts';

/** What a step leaves open, and what the receiver does by itself. */
export interface TaskingSettings {
  /** As configured, until something else is asked for. */
  readonly home: Tuning;
  readonly plan: readonly ReceiverPlanStep[];
  /** Of each place of a span that is wider than the sample rate. */
  readonly dwellSeconds: number;
}

interface Step {
  readonly tuning: Tuning;
  readonly dwellSeconds: number;
}

/** The middle of the band, where the filters of a front end are flat. */
const USABLE_SHARE = 0.8;
const MOST_STEPS = 1_024;

/** Thrown inside this file only: a step that this receiver cannot take. */
class Refusal extends Error {}

/** What the receiver looks at: its plan or what it was commanded, step by step. */
export class Tasking {
  private readonly settings: TaskingSettings;
  private readonly tuner: Tuner;
  private readonly sink: TunerSink;
  private readonly log: Log;
  private steps: readonly Step[] = [];
  private index = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(settings: TaskingSettings, tuner: Tuner, sink: TunerSink, log: Log) {
    this.settings = settings;
    this.tuner = tuner;
    this.log = log;
    this.sink = { ...sink, frame: (frame) => sink.frame(frame), tuned: () => this.tuned(sink) };
  }

  /** With its own plan, or where it was configured. */
  start(): Promise<void> {
    return this.follow(this.ownSteps());
  }

  /** Answers once the command is under way: how long the front end takes is not waited for. */
  obey(command: ReceiverCommand): ReceiverReply {
    try {
      const steps = this.stepsOf(command);
      const done = steps === null ? this.rest() : this.follow(steps);
      done.catch((error: unknown) => this.log.error({ error: String(error) }, 'a command could not be followed'));
      return { id: command.id, ok: true, error: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { id: command.id, ok: false, error: error.message };
    }
  }

  rest(): Promise<void> {
    this.steps = [];
    this.stopTimer();
    return this.tuner.rest();
  }

  private stepsOf(command: ReceiverCommand): readonly Step[] | null {
    switch (command.command) {
      case 'tune':
      case 'scan':
        return this.expand({ ...command, dwellSeconds: this.settings.dwellSeconds });
      case 'plan':
        return command.steps.length === 0 ? this.ownSteps() : this.expandAll(command.steps);
      case 'stop':
        return null;
    }
  }

  private ownSteps(): readonly Step[] {
    const { plan, home, dwellSeconds } = this.settings;
    return plan.length === 0 ? [{ tuning: home, dwellSeconds }] : this.expandAll(plan);
  }

  private expandAll(plan: readonly ReceiverPlanStep[]): readonly Step[] {
    const steps = plan.flatMap((step) => this.expand(step));
    if (steps.length > MOST_STEPS) throw new Refusal(`${steps.length} places to tune to; at most ${MOST_STEPS}`);
    return steps;
  }

  /** One step, or as many as an IQ receiver needs to see a span. */
  private expand(step: ReceiverPlanStep): Step[] {
    const { home } = this.settings;
    const { dwellSeconds } = step;
    if ('centerHz' in step) {
      if (home.kind === 'sweep') throw new Refusal('this receiver sweeps: it takes scan, not tune');
      const { centerHz } = step;
      const sampleRateHz = step.sampleRateHz ?? home.sampleRateHz;
      return [{ tuning: { kind: 'iq', centerHz, sampleRateHz, gainDb: step.gainDb ?? home.gainDb }, dwellSeconds }];
    }
    const { startHz, stopHz } = step;
    if (home.kind === 'sweep') {
      return [{ tuning: { kind: 'sweep', startHz, stopHz, rbwHz: step.rbwHz ?? home.rbwHz }, dwellSeconds }];
    }
    const widthHz = USABLE_SHARE * home.sampleRateHz;
    const count = Math.ceil((stopHz - startHz) / widthHz);
    if (count > MOST_STEPS) throw new Refusal(`${count} places to tune to; at most ${MOST_STEPS}`);
    const spacingHz = (stopHz - startHz) / count;
    return Array.from({ length: count }, (_, i) => {
      return { tuning: { ...home, centerHz: startHz + (i + 0.5) * spacingHz }, dwellSeconds };
    });
  }

  private follow(steps: readonly Step[]): Promise<void> {
    this.steps = steps;
    this.index = 0;
    return this.tuneToStep();
  }

  private tuneToStep(): Promise<void> {
    this.stopTimer();
    return this.tuner.tune(this.steps[this.index].tuning, this.sink);
  }

  /** The dwell counts from the first data on: while the device is away, nothing is stepped. */
  private tuned(sink: TunerSink): void {
    sink.tuned();
    if (this.steps.length < 2 || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.index = (this.index + 1) % this.steps.length;
      this.tuneToStep().catch((error: unknown) => this.log.error({ error: String(error) }, 'a step failed'));
    }, this.steps[this.index].dwellSeconds * 1_000);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

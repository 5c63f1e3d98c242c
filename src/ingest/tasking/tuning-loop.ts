import type { Frame } from '../../core/frames.ts';
import type { Clock } from '../../core/ports.ts';
import type { OrderReply, OrderState, PlanStep, ReceiverOrder, Tuning } from '../../core/tasking.ts';
import { covers, isOf, orderOf, planOrder, type Span } from './tuning.ts';

/** What a receiver is to do until it is told otherwise. */
export type Program =
  | { readonly kind: 'hold'; readonly tuning: Tuning }
  /** Back to what it looked at before; a receiver that steps by itself has a plan of its own to go back to. */
  | { readonly kind: 'home'; readonly tuning: Tuning }
  /** In the order of the visits, again and again. */
  | { readonly kind: 'round'; readonly round: readonly PlanStep[] };

export interface TuningLoopDeps {
  readonly clock: Clock;
  readonly command: (order: ReceiverOrder) => Promise<OrderReply>;
  /** It cannot be commanded now. */
  readonly isAway: () => boolean;
  /** It steps through a plan by itself. */
  readonly stepsItself: () => boolean;
  readonly changed: () => void;
  /** The receiver went back to what it looked at before. */
  readonly cameHome: () => void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A receiver whose frames have another tuning for this long has lost its settings: a restart, or another hand. */
const ASTRAY_MS = 10_000;
const RETUNE_SHARE = 0.2;

/** Commands one receiver through a program: one command at a time, repeated ever more slowly while it fails. */
export class TuningLoop {
  order: OrderState = 'idle';
  error: string | null = null;
  retryMs: number | null = null;
  /** Beside its dwell a step takes so long: until a command is answered, or until a receiver that steps by itself is there. */
  retuneSeconds: number | null = null;
  private readonly deps: TuningLoopDeps;
  private program: Program | null = null;
  private position = 0;
  private failures = 0;
  /** One more with each command: what is answered late belongs to none. */
  private turn = 0;
  private timer: NodeJS.Timeout | null = null;
  private asked: Tuning | null = null;
  private rightMs = 0;
  /** What the last frame saw, and the last one before the present command. */
  private last: Span | null = null;
  private before: Span | null = null;

  constructor(deps: TuningLoopDeps) {
    this.deps = deps;
  }

  /** The step of the round that is on; null where there is none, or where the receiver steps by itself. */
  get step(): { readonly index: number; readonly step: PlanStep } | null {
    if (this.program?.kind !== 'round' || this.asked === null) return null;
    const { round } = this.program;
    const index = this.position % round.length;
    return { index, step: round[index] };
  }

  run(program: Program | null): void {
    this.program = program;
    this.position = 0;
    this.failures = 0;
    void this.next();
  }

  /** It has come back: whatever it was told before is gone. */
  back(): void {
    this.failures = 0;
    if (this.program !== null) void this.next();
  }

  away(): void {
    if (this.program === null) return;
    this.pause();
    this.tell('away');
  }

  saw(frame: Frame, span: Span): void {
    this.last = span;
    const { asked, program } = this;
    if (asked === null || (this.order !== 'accepted' && this.order !== 'seen')) return;
    const nowMs = this.deps.clock.nowMs();
    const isOther = this.before?.lowHz !== span.lowHz || this.before.highHz !== span.highHz;
    if (isOf(asked, frame) || (isOther && covers(asked, span))) {
      this.rightMs = nowMs;
      if (this.order === 'accepted') this.tell('seen');
    } else if (program?.kind === 'hold' && nowMs - this.rightMs > ASTRAY_MS) {
      this.fail('unanswered', 'what the receiver sends has another tuning');
    }
  }

  /** A retuning took so long. */
  measured(seconds: number): void {
    const before = this.retuneSeconds ?? seconds;
    this.retuneSeconds = Math.max(0, before + (seconds - before) * RETUNE_SHARE);
  }

  stop(): void {
    this.program = null;
    this.pause();
    this.order = 'idle';
  }

  private async next(): Promise<void> {
    const turn = this.pause();
    const { program } = this;
    if (program === null || this.deps.isAway()) {
      this.tell(program === null ? 'idle' : 'away');
      return;
    }
    const current = program.kind === 'round' ? program.round[this.position % program.round.length] : null;
    const tuning =
      program.kind === 'round' ? program.round[this.position % program.round.length].tuning : program.tuning;
    const whole = this.deps.stepsItself() ? wholeOrder(program) : null;
    this.asked = whole === null ? tuning : null;
    this.before = this.last;
    this.tell('sent');
    const sentMs = this.deps.clock.nowMs();
    const reply = await this.deps.command(whole ?? orderOf(tuning));
    if (turn !== this.turn) return;
    if (reply.outcome !== 'accepted') {
      if (reply.outcome === 'refused' && whole === null) this.position++;
      this.fail(reply.outcome, reply.error);
      return;
    }
    if (whole === null) this.measured((this.deps.clock.nowMs() - sentMs) / 1_000);
    this.accept();
    if (whole === null && current !== null) this.after(current.dwellSeconds * 1_000, () => this.advance());
    if (program.kind === 'home') this.deps.cameHome();
  }

  private accept(): void {
    this.failures = 0;
    this.rightMs = this.deps.clock.nowMs();
    this.tell('accepted');
  }

  private advance(): void {
    this.position++;
    void this.next();
  }

  private fail(state: 'refused' | 'unanswered', error: string): void {
    this.pause();
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.failures++, 10));
    this.tell(state, error, this.deps.clock.nowMs() + delayMs);
    this.after(delayMs, () => void this.next());
  }

  /** Nothing that was asked for or waited for counts any more. */
  private pause(): number {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.asked = null;
    return ++this.turn;
  }

  private after(ms: number, then: () => void): void {
    this.timer = setTimeout(then, ms);
    this.timer.unref();
  }

  private tell(order: OrderState, error: string | null = null, retryMs: number | null = null): void {
    this.order = order;
    this.error = error;
    this.retryMs = retryMs;
    this.deps.changed();
  }
}

/** What is given whole to a receiver that steps by itself; null: one command. */
function wholeOrder(program: Program): ReceiverOrder | null {
  if (program.kind === 'home') return { command: 'plan', steps: [] };
  return program.kind === 'round' ? planOrder(program.round) : null;
}

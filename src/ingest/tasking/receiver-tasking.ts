import type { Frame } from '../../core/frames.ts';
import type { Clock } from '../../core/ports.ts';
import type { ReceiverInfo, ReceiverStatus } from '../../core/records.ts';
import type {
  Holder,
  Mission,
  OrderReply,
  PlannedScan,
  PlanOutline,
  ReceiverOrder,
  ReceiverReach,
  ReceiverTask,
  TaskingRecord,
  TaskingStatus,
  Tuning,
} from '../../core/tasking.ts';
import { type MissionRun, nextRun } from './mission-calendar.ts';
import { ASSUMED_RETUNE_SECONDS, outlineOf, type PlanContext, roundOf } from './plan-outline.ts';
import { reachOf, spanOf, tuningOf } from './tuning.ts';
import { type Program, TuningLoop } from './tuning-loop.ts';

export interface ReceiverTaskingDeps {
  readonly receiver: string;
  readonly clock: Clock;
  /** Asked each time, as a device may be plugged in at any time; null: its driver has no commands. */
  readonly commander: () => ((order: ReceiverOrder) => Promise<OrderReply>) | null;
  readonly save: (record: TaskingRecord) => Promise<void>;
  readonly changed: () => void;
}

/** What is longer than this between two tunings is an outage. */
const LONGEST_RETUNE_SECONDS = 30;

/** One receiver: who commands it now, a task before a mission before its plan, and what it is told to do. */
export class ReceiverTasking {
  reach: ReceiverReach | null = null;
  task: ReceiverTask | null = null;
  record: TaskingRecord;
  private readonly deps: ReceiverTaskingDeps;
  private readonly loop: TuningLoop;
  private readonly missions = new Map<string, { readonly mission: Mission; run: MissionRun | null; askedMs: number }>();
  private running: { readonly mission: Mission; readonly run: MissionRun } | null = null;
  private state: Pick<ReceiverStatus, 'approved' | 'state'> = { approved: false, state: 'offline' };
  private info: ReceiverInfo | null = null;
  /** What the loop runs; another one replaces it. */
  private programKey = '';
  private holder: Holder = 'none';
  /** What it was given back to, until its frames show where it is now: those under way are still of the tuning before. */
  private gaveBackTo: Tuning | null = null;
  private last: { readonly lowHz: number; readonly endSeconds: number } | null = null;
  private outlined: { readonly key: string; readonly outline: PlanOutline } | null = null;

  constructor(deps: ReceiverTaskingDeps) {
    this.deps = deps;
    this.record = { receiver: deps.receiver, plan: null, home: null, changedBy: '', changedMs: 0 };
    this.loop = new TuningLoop({
      clock: deps.clock,
      command: (order) =>
        deps.commander()?.(order) ?? Promise.resolve({ outcome: 'refused', error: 'it takes no commands' }),
      isAway: () => !this.isThere,
      stepsItself: () => this.stepsItself,
      changed: deps.changed,
      cameHome: () => void this.cameHome(),
    });
  }

  get tunable(): boolean {
    return this.deps.commander() !== null;
  }

  get approved(): boolean {
    return this.state.approved;
  }

  /** How long a step takes beyond its dwell, and what the receiver can tune. */
  get context(): PlanContext {
    const { retuneSeconds } = this.loop;
    return {
      reach: this.reach,
      ranges: this.info?.ranges ?? [],
      retuneSeconds: retuneSeconds ?? ASSUMED_RETUNE_SECONDS,
      retuneMeasured: retuneSeconds !== null,
    };
  }

  receiver({ approved, state, info }: ReceiverStatus): void {
    const wasThere = this.isThere;
    this.state = { approved, state };
    this.info = info;
    if (this.isThere && !wasThere) this.loop.back();
    else if (wasThere && !this.isThere) this.loop.away();
  }

  frame(frame: Frame): void {
    const before = this.reach;
    this.reach = reachOf(frame);
    if (this.stepsItself) this.measureStep(frame);
    if (before?.lowHz !== this.reach.lowHz || before.highHz !== this.reach.highHz) this.gaveBackTo = null;
    const isNew = before?.kind !== this.reach.kind || before.sampleRateHz !== this.reach.sampleRateHz;
    if (isNew) this.deps.changed();
    this.loop.saw(frame, this.reach);
  }

  setMission(id: string, mission: Mission | null): void {
    if (mission === null) this.missions.delete(id);
    else this.missions.set(id, { mission, run: null, askedMs: Number.NaN });
  }

  /** The run of a mission that is on, or else the next one. */
  runOf(id: string): MissionRun | null {
    const kept = this.missions.get(id);
    if (kept === undefined || !kept.mission.enabled) return null;
    const nowMs = this.deps.clock.nowMs();
    const isFresh = nowMs >= kept.askedMs && nowMs < (kept.run?.stopMs ?? kept.askedMs + 60_000);
    if (!isFresh) {
      kept.run = nextRun(kept.mission.schedule, nowMs);
      kept.askedMs = nowMs;
    }
    return kept.run;
  }

  /** Looks who commands now, and has the receiver told where that has changed. */
  async decide(): Promise<void> {
    const nowMs = this.deps.clock.nowMs();
    if (this.task !== null && this.task.endsMs !== null && this.task.endsMs <= nowMs) this.task = null;
    this.running = this.runningMission(nowMs);
    const { key, holder, program } = this.wanted();
    if (key === this.programKey) return;
    this.programKey = key;
    this.holder = holder;
    // Kept before the first command: a service that ends in the middle gives back when it starts again.
    const home = holder !== 'none' && this.record.home === null ? this.presentTuning() : null;
    try {
      if (home !== null) await this.keepHome(home);
    } catch (error) {
      this.programKey = '';
      throw error;
    }
    // Another program may have become the wanted one meanwhile.
    if (this.programKey === key) this.loop.run(program);
  }

  status(): TaskingStatus {
    const { record, task, running, loop, reach } = this;
    return {
      receiver: this.deps.receiver,
      tunable: this.tunable,
      reach,
      holder: this.holder,
      plan: planOf(record.plan),
      outline: record.plan === null ? null : this.outline(record.plan),
      task,
      mission: running && { id: running.mission.id, name: running.mission.name, stopMs: running.run.stopMs },
      step: this.step(),
      order: loop.order,
      orderError: loop.error,
      retryMs: loop.retryMs,
    };
  }

  stop(): void {
    this.loop.stop();
  }

  private get stepsItself(): boolean {
    return this.info?.features?.includes('plan') === true;
  }

  /** From the end of the last frame of one tuning to the first of the next, by the receiver's own clock. */
  private measureStep(frame: Frame): void {
    const { last, reach } = this;
    if (reach === null || reach.frameSeconds === null) return;
    const startSeconds = Number(frame.timeNs) / 1e9;
    const gapSeconds = last === null ? Number.NaN : startSeconds - last.endSeconds;
    if (last !== null && last.lowHz !== reach.lowHz && gapSeconds < LONGEST_RETUNE_SECONDS)
      this.loop.measured(gapSeconds);
    this.last = { lowHz: reach.lowHz, endSeconds: startSeconds + reach.frameSeconds };
  }

  private get isThere(): boolean {
    return this.state.approved && this.state.state !== 'offline';
  }

  private wanted(): { key: string; holder: Holder; program: Program | null } {
    const { task, running, record } = this;
    if (task !== null)
      return { key: `task ${task.id}`, holder: 'task', program: { kind: 'hold', tuning: task.tuning } };
    if (running !== null) {
      const { id, changedMs, plan } = running.mission;
      return { key: `mission ${id} ${changedMs}`, holder: 'mission', program: programOf(plan) };
    }
    if (record.plan !== null) {
      return { key: `plan ${record.changedMs}`, holder: 'plan', program: programOf(record.plan) };
    }
    if (record.home !== null) return { key: 'home', holder: 'none', program: { kind: 'home', tuning: record.home } };
    return { key: '', holder: 'none', program: null };
  }

  /** Of missions that run at once the one that began first goes on. */
  private runningMission(nowMs: number): { mission: Mission; run: MissionRun } | null {
    let first: { mission: Mission; run: MissionRun } | null = null;
    for (const [id, { mission }] of this.missions) {
      const run = this.runOf(id);
      if (run === null || run.startMs > nowMs) continue;
      if (first === null || run.startMs < first.run.startMs) first = { mission, run };
    }
    return first;
  }

  private async keepHome(home: Tuning | null): Promise<void> {
    this.record = { ...this.record, home };
    await this.deps.save(this.record);
  }

  private presentTuning(): Tuning | null {
    return this.gaveBackTo ?? (this.reach === null ? null : tuningOf(this.reach));
  }

  private async cameHome(): Promise<void> {
    this.programKey = '';
    this.gaveBackTo = this.record.home;
    this.loop.run(null);
    await this.keepHome(null);
  }

  private step(): TaskingStatus['step'] {
    const { step } = this.loop;
    if (step !== null) {
      const plan = this.running?.mission.plan ?? this.record.plan;
      const { lowHz, highHz } = step.step;
      const number = (plan?.steps.findIndex((each) => each.lowHz === lowHz && each.highHz === highHz) ?? -1) + 1;
      return { number, of: plan?.steps.length ?? 0, lowHz, highHz };
    }
    if (this.task !== null) return { number: 1, of: 1, ...spanOf(this.task.tuning, this.reach?.sampleRateHz ?? null) };
    const steps = (this.running?.mission.plan ?? this.record.plan)?.steps ?? [];
    return steps.length === 1 ? { number: 1, of: 1, lowHz: steps[0].lowHz, highHz: steps[0].highHz } : null;
  }

  private outline(plan: PlannedScan): PlanOutline {
    const { retuneSeconds, retuneMeasured } = this.context;
    const rounded = Number(retuneSeconds.toPrecision(2));
    const key = `${this.record.changedMs} ${rounded} ${retuneMeasured}`;
    if (this.outlined?.key !== key) {
      this.outlined = { key, outline: outlineOf(plan, plan.steps, { retuneSeconds: rounded, retuneMeasured }) };
    }
    return this.outlined.outline;
  }
}

function programOf(plan: PlannedScan): Program {
  const [only, ...others] = plan.steps;
  if (others.length === 0) return { kind: 'hold', tuning: only.tuning };
  return { kind: 'round', round: roundOf(plan, plan.steps) };
}

function planOf(plan: PlannedScan | null): TaskingStatus['plan'] {
  if (plan === null) return null;
  const { steps: _steps, ...rest } = plan;
  return rest;
}

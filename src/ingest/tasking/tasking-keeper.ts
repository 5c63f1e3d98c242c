import { randomUUID } from 'node:crypto';
import { BandwardenError } from '../../core/errors.ts';
import type { Frame } from '../../core/frames.ts';
import type { Clock, Log, Store, TaskingDesk } from '../../core/ports.ts';
import type { ReceiverStatus } from '../../core/records.ts';
import type {
  Mission,
  MissionStatus,
  OrderReply,
  PlannedScan,
  PlanOutline,
  ReceiverOrder,
  ScanPlan,
  TaskingStatus,
  TaskRequest,
  Tuning,
} from '../../core/tasking.ts';
import { scheduleProblem } from './mission-calendar.ts';
import { workOutPlan } from './plan-outline.ts';
import { ReceiverTasking } from './receiver-tasking.ts';
import { spanOf } from './tuning.ts';

export interface TaskingKeeperDeps {
  readonly store: Pick<Store, 'tasking' | 'missions'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How a receiver is commanded; null: its driver has no commands. */
  readonly commanderOf: (receiver: string) => ((order: ReceiverOrder) => Promise<OrderReply>) | null;
  readonly tell: (status: TaskingStatus) => void;
}

const TICK_MS = 500;
const MISSIONS = 256;

/** Decides for every receiver who commands it, by plans, missions and operators' tasks, and tells of it. */
export class TaskingKeeper implements TaskingDesk {
  private readonly deps: TaskingKeeperDeps;
  private readonly receivers = new Map<string, ReceiverTasking>();
  private readonly known = new Map<string, Mission>();
  /** Told at the next tick: a receiver that steps ten times a second is not news ten times a second. */
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | null = null;

  private constructor(deps: TaskingKeeperDeps) {
    this.deps = deps;
  }

  static async open(deps: TaskingKeeperDeps): Promise<TaskingKeeper> {
    const keeper = new TaskingKeeper(deps);
    for (const record of await deps.store.tasking.list()) keeper.keptFor(record.receiver).record = record;
    for (const mission of await deps.store.missions.list()) keeper.know(mission);
    keeper.timer = setInterval(() => keeper.tick(), TICK_MS).unref();
    return keeper;
  }

  /** A receiver's state, from those who keep it. */
  receiver(status: ReceiverStatus): void {
    this.keptFor(status.id).receiver(status);
  }

  frame(frame: Frame): void {
    this.keptFor(frame.receiver).frame(frame);
  }

  forget(receiver: string): void {
    this.receivers.get(receiver)?.stop();
    this.receivers.delete(receiver);
    for (const [id, mission] of this.known) if (mission.receiver === receiver) this.known.delete(id);
  }

  list(): TaskingStatus[] {
    return [...this.receivers.values()].map((kept) => kept.status());
  }

  of(receiver: string): TaskingStatus {
    return this.existing(receiver).status();
  }

  outline(receiver: string, plan: ScanPlan): PlanOutline {
    const kept = this.existing(receiver);
    const { outline } = workOutPlan(plan, kept.context);
    if (outline.problem !== null || kept.tunable) return outline;
    const message = 'the driver of this receiver has no commands: what it looks at is set at the device';
    return { ...outline, problem: { code: 'not-tunable', band: null, limitHz: null, limitSeconds: null, message } };
  }

  async setPlan(receiver: string, plan: ScanPlan | null, by: string): Promise<TaskingStatus> {
    const kept = this.existing(receiver);
    const planned = plan === null ? null : this.planned(receiver, plan);
    const record = { ...kept.record, plan: planned, changedBy: by, changedMs: this.deps.clock.nowMs() };
    await this.deps.store.tasking.put(record);
    kept.record = { ...record, home: kept.record.home };
    // The way back was kept or forgotten meanwhile: what is stored last is the whole.
    if (kept.record.home !== record.home) await this.deps.store.tasking.put(kept.record);
    return this.decided(kept);
  }

  async startTask(receiver: string, request: TaskRequest): Promise<TaskingStatus> {
    const kept = this.existing(receiver);
    this.checkTuning(kept, request.tuning);
    const { tuning, seconds, by, role, takeOver } = request;
    const { task } = kept;
    if (task !== null && task.by !== by && task.id !== takeOver) {
      const until = task.endsMs === null ? 'until it is released' : `until ${new Date(task.endsMs).toISOString()}`;
      throw new BandwardenError('conflict', `${task.by} holds ${receiver} ${until}`);
    }
    const startedMs = this.deps.clock.nowMs();
    const endsMs = seconds === null ? null : startedMs + seconds * 1_000;
    kept.task = { id: randomUUID(), tuning, by, role, startedMs, endsMs };
    return this.decided(kept);
  }

  async releaseTask(receiver: string, task: string): Promise<TaskingStatus> {
    const kept = this.existing(receiver);
    if (kept.task?.id !== task)
      throw new BandwardenError('conflict', 'this task is over, or another has taken its place');
    kept.task = null;
    return this.decided(kept);
  }

  missions(): MissionStatus[] {
    return [...this.known.values()].map((mission) => this.missionStatus(mission));
  }

  async putMission(wanted: Omit<Mission, 'plan' | 'changedMs'> & { readonly plan: ScanPlan }): Promise<MissionStatus> {
    const kept = this.existing(wanted.receiver);
    const problem = scheduleProblem(wanted.schedule);
    if (problem !== null) throw new BandwardenError('bad-input', problem);
    if (!this.known.has(wanted.id) && this.known.size >= MISSIONS) {
      throw new BandwardenError('limited', `there are ${MISSIONS} missions already`);
    }
    const plan = this.planned(wanted.receiver, wanted.plan);
    const mission: Mission = { ...wanted, plan, changedMs: this.deps.clock.nowMs() };
    await this.deps.store.missions.put(mission);
    const before = this.known.get(mission.id);
    if (before !== undefined) this.receivers.get(before.receiver)?.setMission(mission.id, null);
    this.know(mission);
    await kept.decide();
    return this.missionStatus(mission);
  }

  async removeMission(id: string): Promise<Mission> {
    const mission = this.known.get(id);
    if (mission === undefined) throw new BandwardenError('not-found', `there is no mission ${id}`);
    await this.deps.store.missions.remove(id);
    this.known.delete(id);
    const kept = this.receivers.get(mission.receiver);
    kept?.setMission(id, null);
    await kept?.decide();
    return mission;
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    for (const kept of this.receivers.values()) kept.stop();
  }

  private planned(receiver: string, plan: ScanPlan): PlannedScan {
    const { problem } = this.outline(receiver, plan);
    if (problem !== null) throw new BandwardenError('bad-input', problem.message);
    return { ...plan, steps: workOutPlan(plan, this.existing(receiver).context).steps };
  }

  private checkTuning(kept: ReceiverTasking, tuning: Tuning): void {
    const refuse = (why: string): never => {
      throw new BandwardenError('bad-input', why);
    };
    if (!kept.tunable) refuse('the driver of this receiver has no commands');
    if (!kept.approved) refuse('the receiver is not approved');
    const { reach, ranges } = kept.context;
    if (reach !== null && reach.kind !== tuning.kind) {
      refuse(
        reach.kind === 'scan'
          ? 'this receiver sweeps: a span is expected'
          : 'this receiver sends IQ: a centre is expected',
      );
    }
    const { lowHz, highHz } = spanOf(tuning, 0);
    if (tuning.kind === 'scan' && lowHz >= highHz) refuse('the span ends where it begins, or before');
    if (ranges.length > 0 && !ranges.some((range) => lowHz >= range.lowHz && highHz <= range.highHz)) {
      const tunes = ranges.map((range) => `${range.lowHz / 1e6} to ${range.highHz / 1e6} MHz`).join(', ');
      refuse(`this is beyond what the receiver tunes: ${tunes}`);
    }
  }

  private async decided(kept: ReceiverTasking): Promise<TaskingStatus> {
    await kept.decide();
    const status = kept.status();
    this.deps.tell(status);
    return status;
  }

  private tick(): void {
    for (const [id, kept] of this.receivers) {
      kept.decide().catch((error: unknown) => {
        this.deps.log.error({ receiver: id, error: String(error) }, "a receiver's tasking could not be stored");
      });
    }
    for (const id of this.changed) {
      const kept = this.receivers.get(id);
      if (kept !== undefined) this.deps.tell(kept.status());
    }
    this.changed.clear();
  }

  private know(mission: Mission): void {
    this.known.set(mission.id, mission);
    this.keptFor(mission.receiver).setMission(mission.id, mission);
  }

  private missionStatus(mission: Mission): MissionStatus {
    const run = this.receivers.get(mission.receiver)?.runOf(mission.id) ?? null;
    const running = run !== null && run.startMs <= this.deps.clock.nowMs();
    return { ...mission, nextStartMs: run?.startMs ?? null, nextStopMs: run?.stopMs ?? null, running };
  }

  private existing(receiver: string): ReceiverTasking {
    const kept = this.receivers.get(receiver);
    if (kept === undefined) throw new BandwardenError('not-found', `there is no receiver ${receiver}`);
    return kept;
  }

  private keptFor(receiver: string): ReceiverTasking {
    const known = this.receivers.get(receiver);
    if (known !== undefined) return known;
    const kept = new ReceiverTasking({
      receiver,
      clock: this.deps.clock,
      commander: () => this.deps.commanderOf(receiver),
      save: (record) => this.deps.store.tasking.put(record),
      changed: () => this.changed.add(receiver),
    });
    this.receivers.set(receiver, kept);
    return kept;
  }
}

import { summariseCoverage } from '../analysis/coverage/coverage-summary.ts';
import type { ClockQuality, CoverageQuery, CoverageRow, CoverageSummary } from '../core/coverage.ts';
import type { Clock, CoverageDesk, Log, Store } from '../core/ports.ts';
import type { ReceiverInfo, ReceiverStatus } from '../core/records.ts';
import { CoverageLedger, IN_TRANSIT_MS } from './coverage-ledger.ts';
import type { LaneLook } from './receiver-lane.ts';

export interface CoverageKeeperDeps {
  readonly store: Store['coverage'];
  readonly clock: Clock;
  readonly log: Log;
  readonly infoOf: (receiver: string) => ReceiverInfo | null;
}

/** At a power cut so much of the ledger is lost; it then says `unrecorded`. */
const WRITE_MS = 60_000;
/** Rows that wait for a store that fails; past that the oldest are dropped, and logged. */
const MOST_WAITING = 20_000;
/** A look with more clipped samples than this is overdriven: intermodulation fills the span. */
const OVERLOAD_SHARE = 0.01;

/** Keeps the ledger: fed by looks and states, written every minute, asked by people. */
export class CoverageKeeper implements CoverageDesk {
  private readonly deps: CoverageKeeperDeps;
  private readonly ledger = new CoverageLedger();
  private waiting: CoverageRow[] = [];
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(deps: CoverageKeeperDeps) {
    this.deps = deps;
    this.timer = setInterval(() => void this.write(), WRITE_MS).unref();
  }

  looked({ look, kind, startMs, endMs, gnssTime }: LaneLook): void {
    const { receiver, startHz, stepHz, bins, rbwHz } = look;
    const half = stepHz / 2;
    const highHz = startHz + (bins - 1) * stepHz + half;
    const seconds = (endMs - startMs) / 1000;
    this.ledger.visit({
      receiver,
      kind,
      lowHz: startHz - half,
      highHz,
      startMs,
      endMs,
      dwellSeconds: kind === 'sweep' ? Math.min(seconds, (seconds * rbwHz) / (highHz - startHz)) : null,
      lostBefore: look.lostBefore,
      overload: look.overload === true || look.clipped > OVERLOAD_SHARE * look.samples,
      clock: clockOf(gnssTime, this.deps.infoOf(receiver)),
    });
  }

  dropped(receiver: string): void {
    this.ledger.dropped(receiver);
  }

  told({ id, state, approved }: Pick<ReceiverStatus, 'id' | 'state' | 'approved'>): void {
    this.ledger.state(id, approved ? (state === 'online' ? null : state) : 'not-approved');
  }

  async summary(query: CoverageQuery): Promise<CoverageSummary> {
    const nowMs = this.deps.clock.nowMs();
    const present = this.ledger.present(query.receiver, nowMs);
    const stored = await this.deps.store.find(query);
    // What is in memory is newer than what was last written of the same rows.
    const keyOf = ({ kind, lowHz, highHz, fromMs }: CoverageRow) => `${kind} ${lowHz} ${highHz} ${fromMs}`;
    const rows = [...stored, ...this.waiting.filter(({ receiver }) => receiver === query.receiver), ...present];
    const latestMs = Math.max(query.fromMs + 1, ...present.map((row) => row.toMs));
    const isUnderWay = query.toMs > latestMs && nowMs - latestMs <= IN_TRANSIT_MS;
    const toMs = isUnderWay ? latestMs : query.toMs;
    return summariseCoverage([...new Map(rows.map((row) => [keyOf(row), row])).values()], { ...query, toMs });
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  private write(): Promise<void> {
    this.waiting.push(...this.ledger.takeChanged(this.deps.clock.nowMs()));
    this.writing = this.writing.then(() => this.writeWaiting());
    return this.writing;
  }

  private async writeWaiting(): Promise<void> {
    const rows = this.waiting.splice(0);
    if (rows.length === 0) return;
    try {
      await this.deps.store.put(rows);
    } catch (error) {
      this.waiting = [...rows, ...this.waiting];
      const lost = this.waiting.splice(0, Math.max(0, this.waiting.length - MOST_WAITING)).length;
      this.deps.log.error({ error: String(error), rows: rows.length, lost }, 'coverage could not be stored');
    }
  }
}

function clockOf(gnssTime: boolean, info: ReceiverInfo | null): ClockQuality {
  const { source = 'none', uncertaintySeconds = null } = info?.clock ?? {};
  return { source: gnssTime ? 'gnss' : source, uncertaintySeconds };
}

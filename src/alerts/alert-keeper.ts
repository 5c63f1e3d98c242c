import { BandwardenError } from '../core/errors.ts';
import type { AlertDesk, Clock, Log, Store } from '../core/ports.ts';
import type { Alert, AlertState } from '../core/records.ts';
import { AlertBook, type AlertOptions } from './alert-book.ts';
import type { Sighting } from './sighting.ts';

export interface AlertDeskDeps {
  readonly store: Store['alerts'];
  readonly clock: Clock;
  readonly log: Log;
  readonly options: AlertOptions;
  /** Called after the alert is safe, in order of revision. `raised`: it is new. */
  readonly tell: (alert: Alert, raised: boolean) => void;
}

/** Alerts that are not closed and are taken up again at the start. */
const MOST_OPEN = 100_000;
const MOST_CLOSED = 1_000;

/** Stores every change of an alert before anybody is told of it, one after the other. */
export class AlertKeeper implements AlertDesk {
  private readonly deps: AlertDeskDeps;
  private readonly book: AlertBook;
  /** The latest sighting of each emission that waits its turn. */
  private readonly waiting = new Map<string, Sighting>();
  private turn: Promise<unknown> = Promise.resolve();
  private raised = 0;

  private constructor(deps: AlertDeskDeps, book: AlertBook) {
    this.deps = deps;
    this.book = book;
  }

  static async open(deps: AlertDeskDeps): Promise<AlertKeeper> {
    const open = await Promise.all(
      (['raised', 'acknowledged'] as const).map((state) => deps.store.find({ state, limit: MOST_OPEN })),
    );
    // What somebody closed and is still on the air must not be raised anew by a restart.
    const closed = await deps.store.find({ state: 'closed', limit: MOST_CLOSED });
    const known = [...closed.toReversed(), ...open.flat()];
    const keeper = new AlertKeeper(deps, new AlertBook(deps.options, known, await deps.store.lastRevision()));
    for (const alert of keeper.book.proposeOffAir(deps.clock.nowMs())) await keeper.settle(alert);
    return keeper;
  }

  /** Alerts raised since the start. */
  get raisedTotal(): number {
    return this.raised;
  }

  /** Returns when what it raised or changed is safe and told; never rejects. */
  observe(sighting: Sighting): Promise<void> {
    const { id } = sighting.record;
    const queued = this.waiting.has(id);
    this.waiting.set(id, sighting);
    // The turn that already waits for this emission will take the newer sighting.
    return queued ? this.idle() : this.inTurn(() => this.take(id)).catch((error: unknown) => this.failed(error));
  }

  /** Everything asked for so far is done. */
  async idle(): Promise<void> {
    await this.turn.catch(() => undefined);
  }

  acknowledge(id: string, by: string, note: string): Promise<Alert> {
    return this.setState(id, 'acknowledged', by, note);
  }

  reopen(id: string, by: string, note: string): Promise<Alert> {
    return this.setState(id, 'raised', by, note);
  }

  close(id: string, by: string, note: string): Promise<Alert> {
    return this.setState(id, 'closed', by, note);
  }

  private async take(id: string): Promise<void> {
    const sighting = this.waiting.get(id);
    this.waiting.delete(id);
    if (sighting === undefined) return;
    const alert = this.book.propose(sighting, this.deps.clock.nowMs());
    if (alert !== null) await this.settle(alert);
  }

  private setState(id: string, state: AlertState, by: string, note: string): Promise<Alert> {
    return this.inTurn(async () => {
      const alert = this.book.get(id) ?? (await this.deps.store.get(id));
      if (alert === null) throw new BandwardenError('not-found', `there is no alert ${id}`);
      const next = this.book.proposeState(alert, state, by, note, this.deps.clock.nowMs());
      await this.settle(next);
      return next;
    });
  }

  private async settle(alert: Alert): Promise<void> {
    const isNew = this.book.get(alert.id) === null && alert.updatedMs === alert.raisedMs;
    await this.deps.store.put(alert);
    this.book.commit(alert);
    if (isNew) this.raised++;
    this.deps.tell(alert, isNew);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work, work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** The emission's next sighting proposes the same again: nothing is lost but time. */
  private failed(error: unknown): void {
    this.deps.log.error({ error: String(error) }, 'an alert could not be stored; it will be tried again');
  }
}

import { RevisitTimes } from '../analysis/coverage/revisit-times.ts';
import type { ClockQuality, CoverageGap, CoverageRow, GapCause, MoreGaps } from '../core/coverage.ts';

/** What the ledger needs to know of a look. Times by the receiver's clock. */
export interface CoverageVisit {
  readonly receiver: string;
  readonly kind: 'iq' | 'sweep';
  readonly lowHz: number;
  readonly highHz: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Of one frequency in a sweep; null for IQ. */
  readonly dwellSeconds: number | null;
  /** Samples are missing before it. */
  readonly lostBefore: boolean;
  /** The front end was overdriven: what it shows is no observation. */
  readonly overload: boolean;
  readonly clock: ClockQuality;
}

const ROW_MS = 3_600_000;
/** Gaps that a row lists; of more the shortest are only summed up. */
const MOST_GAPS = 128;
/** Spans of one receiver that are kept open; past that the one visited longest ago is closed. */
const MOST_SPANS = 128;
/** A span that was not visited for so long is closed: what comes then is a new row. */
const ABANDONED_MS = 600_000;
/** Time stamps wobble; less than this between two looks is none, a hundredth of a look or a millisecond. */
const WOBBLE_SHARE = 0.01;
const WOBBLE_MS = 1;
/** A sweep that comes later than so many usual revisits was held up by something. */
const LATE_REVISITS = 2.5;
const LEAST_REVISITS = 4;
/** What came within this is not yet late: blocks travel in bursts. */
export const IN_TRANSIT_MS = 3_000;

const NO_MORE: MoreGaps = { count: 0, totalMs: 0, longestMs: 0 };

/** One span of one receiver, since its row began. */
class Account {
  readonly receiver: string;
  readonly kind: 'iq' | 'sweep';
  readonly lowHz: number;
  readonly highHz: number;
  readonly #fromMs: number;
  readonly #revisits = new RevisitTimes();
  #visits = 0;
  #longestRevisitSeconds: number | null = null;
  #gaps: CoverageGap[] = [];
  #more = NO_MORE;
  #dwellSeconds: number | null;
  #clock: ClockQuality;
  #lastStartMs: number;
  lastEndMs: number;
  changed = true;

  constructor(visit: CoverageVisit, fromMs: number) {
    this.receiver = visit.receiver;
    this.kind = visit.kind;
    this.lowHz = visit.lowHz;
    this.highHz = visit.highHz;
    this.#fromMs = fromMs;
    this.#dwellSeconds = visit.dwellSeconds;
    this.#clock = visit.clock;
    this.#lastStartMs = visit.startMs;
    this.lastEndMs = fromMs;
  }

  get fromMs(): number {
    return this.#fromMs;
  }

  /** @param cause why nothing came, should there be a gap before this visit */
  visit(visit: CoverageVisit, cause: GapCause): void {
    const { startMs, endMs } = visit;
    const wobbleMs = Math.max(WOBBLE_MS, WOBBLE_SHARE * (endMs - startMs));
    const sinceStart = (startMs - this.#lastStartMs) / 1000;
    const usual = this.#visits >= LEAST_REVISITS ? this.#revisits.median() : null;
    const isLate = usual !== null && sinceStart > LATE_REVISITS * usual;
    // Between two sweeps there is always a pause; between two spans in turn as well.
    const isHeldUp = isLate || visit.lostBefore || (cause !== 'lost' && cause !== 'retuned');
    const isGap = startMs > this.lastEndMs + wobbleMs && (visit.kind === 'iq' || isHeldUp);
    if (isGap) this.#gap({ fromMs: this.lastEndMs, toMs: startMs, cause });
    const isReturn = visit.kind === 'sweep' ? !isGap : isGap && cause === 'retuned';
    if (isReturn && this.#visits > 0) this.#revisit(sinceStart);
    const fromMs = Math.max(startMs, this.lastEndMs);
    if (visit.overload && endMs > fromMs) this.#gap({ fromMs, toMs: endMs, cause: 'overload' });
    this.#visits++;
    if (visit.kind === 'sweep' || isGap || this.#visits === 1) this.#lastStartMs = startMs;
    this.lastEndMs = Math.max(this.lastEndMs, endMs);
    this.#dwellSeconds = visit.dwellSeconds;
    this.#clock = visit.clock;
    this.changed = true;
  }

  /** The row as it stands; a gap that is still open reaches to `toMs`. */
  row(open: { readonly toMs: number; readonly cause: GapCause } | null): CoverageRow {
    const last = open !== null && open.toMs > this.lastEndMs ? open : null;
    const gaps = last === null ? this.#gaps : [...this.#gaps, { ...last, fromMs: this.lastEndMs }];
    return {
      receiver: this.receiver,
      kind: this.kind,
      lowHz: this.lowHz,
      highHz: this.highHz,
      fromMs: this.#fromMs,
      toMs: last?.toMs ?? this.lastEndMs,
      gaps: [...gaps],
      moreGaps: this.#more,
      dwellSeconds: this.#dwellSeconds,
      revisits: this.#revisits.bins(),
      longestRevisitSeconds: this.#longestRevisitSeconds,
      clock: this.#clock,
    };
  }

  #revisit(seconds: number): void {
    if (!(seconds > 0)) return;
    this.#revisits.add(seconds);
    this.#longestRevisitSeconds = Math.max(this.#longestRevisitSeconds ?? 0, seconds);
  }

  #gap(gap: CoverageGap): void {
    const last = this.#gaps.at(-1);
    if (last !== undefined && last.cause === gap.cause && gap.fromMs - last.toMs <= WOBBLE_MS) {
      this.#gaps[this.#gaps.length - 1] = { ...last, toMs: gap.toMs };
      return;
    }
    this.#gaps.push(gap);
    if (this.#gaps.length > MOST_GAPS) this.#sumUpShortest();
  }

  #sumUpShortest(): void {
    const ms = (gap: CoverageGap) => gap.toMs - gap.fromMs;
    const shortest = this.#gaps.reduce((one, other) => (ms(other) < ms(one) ? other : one));
    this.#gaps = this.#gaps.filter((gap) => gap !== shortest);
    const { count, totalMs, longestMs } = this.#more;
    const lengthMs = ms(shortest);
    this.#more = { count: count + 1, totalMs: totalMs + lengthMs, longestMs: Math.max(longestMs, lengthMs) };
  }
}

interface ReceiverAccounts {
  readonly spans: Map<string, Account>;
  /** Why nothing came since the last look, as far as anybody said. */
  cause: GapCause | null;
  state: 'offline' | 'silent' | 'not-approved' | null;
  lastSpan: string;
}

/** When each receiver really observed each span. Rows of about an hour, written in batches. */
export class CoverageLedger {
  readonly #receivers = new Map<string, ReceiverAccounts>();
  readonly #closed: CoverageRow[] = [];

  visit(visit: CoverageVisit): void {
    const kept = this.#of(visit.receiver);
    const key = `${visit.kind} ${Math.round(visit.lowHz)} ${Math.round(visit.highHz)}`;
    let account = kept.spans.get(key);
    const cause = this.#causeOf(kept, key, visit);
    if (account !== undefined && visit.endMs < account.lastEndMs - ROW_MS) {
      // The receiver's clock was set back: what is on record stays, and a new row begins.
      this.#close(kept, key, account);
      account = undefined;
    }
    if (account === undefined) {
      account = new Account(visit, visit.startMs);
      kept.spans.set(key, account);
      this.#closeOldest(kept);
    }
    account.visit(visit, cause);
    kept.cause = null;
    kept.state = null;
    kept.lastSpan = key;
    if (visit.endMs - account.fromMs >= ROW_MS) this.#turnOver(kept, key, account, visit);
  }

  /** Blocks of this receiver that the service could not take. */
  dropped(receiver: string): void {
    this.#of(receiver).cause = 'dropped';
  }

  /** A state in which nothing can come; null when it is over. */
  state(receiver: string, state: 'offline' | 'silent' | 'not-approved' | null): void {
    const kept = this.#receivers.get(receiver);
    if (kept === undefined) return;
    kept.state = state;
    // What was said outlasts the state: the next look closes the gap.
    if (state !== null && kept.cause !== 'dropped') kept.cause = state;
  }

  /** Rows that changed since the last call; those still open are given again later, with the same beginning. */
  takeChanged(nowMs: number): CoverageRow[] {
    const rows = this.#closed.splice(0);
    for (const kept of this.#receivers.values()) {
      for (const [key, account] of kept.spans) {
        if (account.changed || kept.state !== null) rows.push(account.row(this.#openGap(kept, key, account, nowMs)));
        account.changed = false;
        const isOther = key !== kept.lastSpan;
        if (isOther && nowMs - account.lastEndMs > ABANDONED_MS) kept.spans.delete(key);
      }
    }
    return rows;
  }

  /** The open rows of a receiver as they stand. */
  present(receiver: string, nowMs: number): CoverageRow[] {
    const kept = this.#receivers.get(receiver);
    const closed = this.#closed.filter((row) => row.receiver === receiver);
    if (kept === undefined) return closed;
    const open = [...kept.spans].map(([key, account]) => account.row(this.#openGap(kept, key, account, nowMs)));
    return [...closed, ...open];
  }

  #openGap(kept: ReceiverAccounts, key: string, account: Account, nowMs: number) {
    if (key !== kept.lastSpan) return null;
    const isDue = kept.state !== null || nowMs - account.lastEndMs > IN_TRANSIT_MS;
    return isDue ? { toMs: nowMs, cause: kept.cause ?? kept.state ?? ('lost' as const) } : null;
  }

  #causeOf(kept: ReceiverAccounts, key: string, visit: CoverageVisit): GapCause {
    if (kept.cause !== null) return kept.cause;
    if (visit.lostBefore) return 'lost';
    return kept.lastSpan !== '' && kept.lastSpan !== key ? 'retuned' : 'lost';
  }

  #of(receiver: string): ReceiverAccounts {
    let kept = this.#receivers.get(receiver);
    if (kept === undefined) {
      kept = { spans: new Map(), cause: null, state: null, lastSpan: '' };
      this.#receivers.set(receiver, kept);
    }
    return kept;
  }

  /** The next row begins where this one ends. */
  #turnOver(kept: ReceiverAccounts, key: string, account: Account, visit: CoverageVisit): void {
    this.#close(kept, key, account);
    kept.spans.set(key, new Account(visit, account.lastEndMs));
  }

  #close(kept: ReceiverAccounts, key: string, account: Account): void {
    this.#closed.push(account.row(null));
    kept.spans.delete(key);
  }

  #closeOldest(kept: ReceiverAccounts): void {
    if (kept.spans.size <= MOST_SPANS) return;
    const [key, account] = [...kept.spans].reduce((a, b) => (b[1].lastEndMs < a[1].lastEndMs ? b : a));
    this.#close(kept, key, account);
  }
}

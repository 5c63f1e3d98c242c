import type { Frame } from '../core/frames.ts';
import type { Location, ReceiverRecord, ReceiverStatus } from '../core/records.ts';
import type { LevelUnit } from '../core/units.ts';
import { Presence } from './presence.ts';

/** What the last look of a receiver showed. */
export interface LookFigures {
  readonly lowHz: number;
  readonly highHz: number;
  readonly sampleRateHz: number | null;
  readonly rbwHz: number;
  readonly unit: LevelUnit;
  readonly noiseFloor: number | null;
  readonly clippedPct: number;
}

/** `lastSeenMs` is stored this often. */
const SAVE_INTERVAL_MS = 60_000;

const MOST_WAITING = 64;

/** One receiver: its record, its presence and its counters since the service started. */
export class KeptReceiver {
  record: ReceiverRecord;
  readonly presence = new Presence();
  /** What was said of why it is not there. */
  detail: string | null = null;
  /** Where the configuration says that it stands; goes before what it says itself. */
  fixedLocation: Location | null = null;
  /** It is in the configuration, and perhaps its name with it. */
  fixed: { readonly name: boolean } | null = null;
  figures: LookFigures | null = null;
  frames = 0;
  samples = 0;
  blocksDropped = 0;
  packetsLost = 0;
  packetsRejected = 0;
  lastFrameMs: number | null = null;
  savedMs = 0;
  /** The record changed otherwise than by `lastSeenMs`: stored at the next tick. */
  dirty = false;
  /** Frames that came while it was looked up whether anybody knows the receiver; null afterwards. */
  waiting: Frame[] | null = null;
  private told: ReceiverStatus | null = null;

  constructor(record: ReceiverRecord) {
    this.record = record;
  }

  count(frame: Frame, nowMs: number): void {
    this.presence.frame(nowMs);
    this.frames++;
    if (frame.kind === 'iq') this.samples += frame.pairs;
    this.lastFrameMs = nowMs;
    this.record = { ...this.record, lastSeenMs: nowMs, firstSeenMs: this.record.firstSeenMs ?? nowMs };
  }

  /** Keeps a frame back during the look-up, a matter of milliseconds; false for those that are too many. */
  wait(frame: Frame): boolean {
    if (this.waiting === null || this.waiting.length >= MOST_WAITING) return false;
    this.waiting.push(frame);
    return true;
  }

  isDue(nowMs: number): boolean {
    const seenSince = this.lastFrameMs !== null && this.lastFrameMs > this.savedMs;
    return seenSince && nowMs - this.savedMs >= SAVE_INTERVAL_MS;
  }

  status(nowMs: number): ReceiverStatus {
    const { id, name, approved, refused, info } = this.record;
    const state = this.presence.state(nowMs);
    return {
      id,
      name,
      approved,
      ...(refused && !approved ? { refused } : {}),
      ...(this.fixed === null ? {} : { configured: this.fixed }),
      state,
      // One that speaks over MQTT says why in its info.
      stateDetail: state === 'offline' ? (this.detail ?? info.health?.trouble ?? null) : null,
      info,
      lowHz: this.figures?.lowHz ?? null,
      highHz: this.figures?.highHz ?? null,
      sampleRateHz: this.figures?.sampleRateHz ?? null,
      rbwHz: this.figures?.rbwHz ?? null,
      unit: this.figures?.unit ?? null,
      noiseFloor: this.figures?.noiseFloor ?? null,
      lastFrameMs: this.lastFrameMs,
      frames: this.frames,
      samples: this.samples,
      blocksDropped: this.blocksDropped,
      packetsLost: this.packetsLost,
      packetsRejected: this.packetsRejected,
      clippedPct: this.figures?.clippedPct ?? 0,
    };
  }

  /** Whether `status` differs from what was told last; `stateOnly`: in what a person must see at once. */
  hasNews(status: ReceiverStatus, stateOnly: boolean): boolean {
    const before = this.told;
    const turned =
      before === null ||
      before.state !== status.state ||
      before.stateDetail !== status.stateDetail ||
      before.approved !== status.approved;
    const moved =
      before === null ||
      before.frames !== status.frames ||
      before.packetsRejected !== status.packetsRejected ||
      before.packetsLost !== status.packetsLost ||
      before.blocksDropped !== status.blocksDropped ||
      before.info !== status.info;
    if (!turned && (stateOnly || !moved)) return false;
    this.told = status;
    return true;
  }
}

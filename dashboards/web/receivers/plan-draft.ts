import { PLAN_LIMITS, type PlanProblem, type ReceiverReach, type ScanPlan } from '../../../src/core/tasking.ts';
import { formatFrequency, formatSeconds, parseFrequency } from '../lib/format.ts';
import type { Fillings } from '../lib/i18n/translate.ts';
import type { Locale } from '../lib/settings.ts';

/** A plan as it is typed: every field is text until it makes sense. */
export interface PlanDraft {
  readonly bands: readonly BandDraft[];
  readonly dwell: string;
  readonly gain: string;
  readonly usablePct: string;
  readonly rbwKhz: string;
  readonly stepMhz: string;
}

export interface BandDraft {
  readonly low: string;
  readonly high: string;
  readonly priority: string;
  readonly dwell: string;
}

export type Drafted =
  | { readonly ok: true; readonly plan: ScanPlan }
  | { readonly ok: false; readonly badBand: number | null };

const DEFAULT_DWELL_SECONDS = 0.5;
const DEFAULT_USABLE_SHARE = 0.8;

export const EMPTY_BAND: BandDraft = { low: '', high: '', priority: '1', dwell: '' };

/** MHz as people type it back. */
export function megahertzText(hz: number): string {
  return String(Number((hz / 1e6).toFixed(6)));
}

/** Begins with what the receiver sees now. */
export function draftOf(plan: ScanPlan | null, reach: ReceiverReach | null): PlanDraft {
  const optional = (value: number | null, scale: number) => (value === null ? '' : String(value / scale));
  const bands = plan?.bands ?? (reach === null ? [] : [{ ...reach, priority: 1, dwellSeconds: null }]);
  const drafts = bands.map(({ lowHz, highHz, priority, dwellSeconds }) => ({
    low: megahertzText(lowHz),
    high: megahertzText(highHz),
    priority: String(priority),
    dwell: optional(dwellSeconds, 1),
  }));
  return {
    bands: drafts.length > 0 ? drafts : [EMPTY_BAND],
    dwell: String(plan?.dwellSeconds ?? dwellFor(reach)),
    gain: optional(plan?.gainDb ?? null, 1),
    usablePct: String(Math.round((plan?.usableShare ?? DEFAULT_USABLE_SHARE) * 100)),
    rbwKhz: optional(plan?.rbwHz ?? null, 1e3),
    stepMhz: optional(plan?.stepSpanHz ?? null, 1e6),
  };
}

/** At least a whole sweep. */
function dwellFor(reach: ReceiverReach | null): number {
  return Math.max(DEFAULT_DWELL_SECONDS, Math.ceil((reach?.frameSeconds ?? 0) * 20) / 10);
}

/** The plan that a draft means, with the sample rate that the plan before had; or the first band that makes no sense. */
export function planOf(draft: PlanDraft, sampleRateHz: number | null): Drafted {
  const bands: ScanPlan['bands'][number][] = [];
  for (const [index, band] of draft.bands.entries()) {
    const [lowHz, highHz] = [parseFrequency(band.low), parseFrequency(band.high)];
    const priority = numberOf(band.priority, 1, PLAN_LIMITS.priority);
    const dwellSeconds = optionalOf(band.dwell, PLAN_LIMITS.dwellSeconds.min, PLAN_LIMITS.dwellSeconds.max);
    if (lowHz === null || highHz === null || priority === null || dwellSeconds === undefined) {
      return { ok: false, badBand: index };
    }
    bands.push({ lowHz, highHz, priority: Math.round(priority), dwellSeconds });
  }
  const dwellSeconds = numberOf(draft.dwell, PLAN_LIMITS.dwellSeconds.min, PLAN_LIMITS.dwellSeconds.max);
  const usablePct = numberOf(draft.usablePct, 10, 100);
  const gainDb = optionalOf(draft.gain, -200, 200);
  const rbwKhz = optionalOf(draft.rbwKhz, 1e-6, 1e6);
  const stepMhz = optionalOf(draft.stepMhz, 1e-6, 1e6);
  if (dwellSeconds === null || usablePct === null) return { ok: false, badBand: null };
  if (gainDb === undefined || rbwKhz === undefined || stepMhz === undefined) return { ok: false, badBand: null };
  const rbwHz = rbwKhz === null ? null : rbwKhz * 1e3;
  const stepSpanHz = stepMhz === null ? null : stepMhz * 1e6;
  return {
    ok: true,
    plan: { bands, dwellSeconds, gainDb, sampleRateHz, usableShare: usablePct / 100, rbwHz, stepSpanHz },
  };
}

/** null: no number within the limits. */
function numberOf(text: string, low: number, high: number): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
  return value >= low && value <= high ? value : null;
}

/** null where it is empty, undefined where it is no number within the limits. */
function optionalOf(text: string, low: number, high: number): number | null | undefined {
  if (text.trim() === '') return null;
  return numberOf(text, low, high) ?? undefined;
}

/** What a problem's sentence is filled in with. */
export function problemFillings({ band, limitHz, limitSeconds }: PlanProblem, locale: Locale): Fillings {
  const limit =
    limitHz !== null
      ? formatFrequency(limitHz, locale)
      : limitSeconds !== null
        ? formatSeconds(limitSeconds, locale)
        : '';
  return { band: band === null ? '' : band + 1, limit };
}

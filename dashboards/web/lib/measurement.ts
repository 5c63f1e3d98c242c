import type { EmissionMeasurement, RdsReading } from '../../../src/core/measurement.ts';
import { formatBandwidth, formatFrequency, formatLevel, formatNumber } from './format.ts';
import type { Fillings, Key } from './i18n/translate.ts';
import type { Locale } from './settings.ts';

type Translate = (key: Key, fillings?: Fillings) => string;

/** "74.8 ± 0.6 kHz": value and uncertainty in one unit; the uncertainty decides the decimals. */
export function formatUncertain(valueHz: number, uncertaintyHz: number, locale: Locale): string {
  const size = Math.max(Math.abs(valueHz), uncertaintyHz);
  const unit: { readonly name: string; readonly hz: number } =
    size < 1e3 ? { name: 'Hz', hz: 1 } : size < 1e6 ? { name: 'kHz', hz: 1e3 } : { name: 'MHz', hz: 1e6 };
  const decimals = decimalsFor(uncertaintyHz / unit.hz);
  const [value, uncertainty] = [valueHz, uncertaintyHz].map((hz) => formatNumber(hz / unit.hz, decimals, locale));
  return `${value} ± ${uncertainty} ${unit.name}`;
}

/** A frequency in MHz with as many decimals as its uncertainty, which stands behind it in Hz or kHz. */
function formatCentre({ centerHz, centerUncertaintyHz }: EmissionMeasurement, locale: Locale): string {
  const uncertaintyHz = Math.max(1, centerUncertaintyHz);
  const text =
    Math.abs(centerHz) > 3e6 && centerUncertaintyHz < 100
      ? `${formatNumber(centerHz / 1e6, 6, locale)} MHz`
      : formatFrequency(centerHz, locale);
  return `${text} ± ${formatBandwidth(uncertaintyHz, locale)}`;
}

/** One digit of the uncertainty, two where it begins with a 1. */
function decimalsFor(uncertainty: number): number {
  if (!(uncertainty > 0)) return 1;
  const exponent = Math.floor(Math.log10(uncertainty) + 1e-9);
  const beginsWithOne = uncertainty / 10 ** exponent < 1.95;
  return Math.max(0, Math.min(3, (beginsWithOne ? 1 : 0) - exponent));
}

/** 0xD318 as it is printed on every receiver, with the name if it came. */
export function formatRds({ pi, name }: RdsReading): string {
  const code = `PI 0x${pi.toString(16).toUpperCase().padStart(4, '0')}`;
  return name === null ? code : `${code} ‘${name.trim()}’`;
}

/** "FM broadcast · 256KF8E · PI 0xD318 ‘RADIO 1’ · ±74.8 ± 0.6 kHz": what one wants to know first. */
export function summaryOf(measurement: EmissionMeasurement, t: Translate, locale: Locale): string {
  const { modulation, designator, rds, deviationHz, deviationUncertaintyHz } = measurement;
  const parts = [t(`modulation.${modulation}`)];
  if (designator !== null) parts.push(designator);
  if (rds !== null) parts.push(`RDS ${formatRds(rds)}`);
  if (deviationHz !== null) {
    parts.push(`${t('measured.deviation')} ${formatUncertain(deviationHz, deviationUncertaintyHz ?? 0, locale)}`);
  }
  return parts.join(' · ');
}

/** Everything that was measured, in words; what is null is left out. */
export function factsOf(measurement: EmissionMeasurement, t: Translate, locale: Locale): [string, string][] {
  const facts: [string, string][] = [];
  const add = (key: Key, value: string | null) => {
    if (value !== null) facts.push([t(key), value]);
  };
  const db = (value: number) => `${formatNumber(value, 1, locale)} dB`;
  const m = measurement;
  const confidence = m.modulation === 'unknown' ? '' : ` (${formatNumber(100 * m.confidence, 0, locale)} %)`;
  add('measured.modulation', `${t(`modulation.${m.modulation}`)}${confidence}`);
  add('measured.designator', m.designator);
  add('measured.rds', m.rds && formatRds(m.rds));
  add('measured.centre', formatCentre(m, locale));
  add('measured.offset', m.frequencyOffsetHz === null ? null : signed(m.frequencyOffsetHz, locale));
  add('measured.obw', uncertain(m.occupiedBandwidthHz, m.occupiedBandwidthUncertaintyHz, locale));
  add(
    'measured.xdb',
    m.xDbBandwidthHz === null
      ? null
      : `${formatUncertain(m.xDbBandwidthHz, m.xDbBandwidthUncertaintyHz ?? 0, locale)} (−${m.xDb} dB)`,
  );
  add('measured.level', `${formatLevel(m.level, m.unit, locale)} ± ${db(m.levelUncertaintyDb)}`);
  add('measured.field', m.fieldStrengthDbuVM === null ? null : formatLevel(m.fieldStrengthDbuVM, 'dBuV/m', locale));
  add('measured.deviation', uncertain(m.deviationHz, m.deviationUncertaintyHz, locale));
  add(
    'measured.multiplex',
    m.multiplexPowerDbr === null ? null : `${formatNumber(m.multiplexPowerDbr, 1, locale)} dBr`,
  );
  add('measured.depth', depthOf(m, locale));
  add('measured.symbolRate', uncertain(m.symbolRateHz, m.symbolRateUncertaintyHz, locale)?.replace('Hz', 'Bd') ?? null);
  add('measured.duty', `${formatNumber(m.dutyPct, m.dutyPct < 10 ? 1 : 0, locale)} %`);
  const seconds = formatNumber(m.method.onAirSeconds, 2, locale);
  add(
    'measured.method',
    t('measured.methodText', { seconds, averages: m.method.averages, rbw: formatBandwidth(m.method.rbwHz, locale) }),
  );
  return facts;
}

function uncertain(valueHz: number | null, uncertaintyHz: number | null, locale: Locale): string | null {
  return valueHz === null ? null : formatUncertain(valueHz, uncertaintyHz ?? 0, locale);
}

function signed(hz: number, locale: Locale): string {
  return `${hz > 0 ? '+' : ''}${formatBandwidth(hz, locale)}`;
}

function depthOf(
  { amDepthPositivePct, amDepthNegativePct, amDepthUncertaintyPct }: EmissionMeasurement,
  locale: Locale,
) {
  if (amDepthPositivePct === null || amDepthNegativePct === null) return null;
  const [up, down, uncertainty] = [amDepthPositivePct, amDepthNegativePct, amDepthUncertaintyPct ?? 0].map((pct) =>
    formatNumber(pct, 0, locale),
  );
  return `+${up} / −${down} ± ${uncertainty} %`;
}

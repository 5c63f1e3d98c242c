import type { CoverageSummary } from '../../core/coverage.ts';

type Figures = Pick<CoverageSummary, 'observedPct' | 'bandPct' | 'missedBelowSeconds' | 'revisitSeconds'>;

/** Never 100 % where there is a gap, never 0 % where something was observed. */
function percent(share: number): string {
  if (share >= 100) return '100';
  if (share <= 0) return '0';
  const digits = share > 99 ? 3 : 1;
  const shown = Math.floor(share * 10 ** digits) / 10 ** digits;
  return shown === 0 ? '< 0.1' : String(shown);
}

const STEPS = [
  { from: 86_400, unit: { en: 'd', zh: '天' }, per: 86_400 },
  { from: 7_200, unit: { en: 'h', zh: '小时' }, per: 3_600 },
  { from: 120, unit: { en: 'min', zh: '分钟' }, per: 60 },
  { from: 1, unit: { en: 's', zh: '秒' }, per: 1 },
  { from: 0, unit: { en: 'ms', zh: '毫秒' }, per: 0.001 },
] as const;

/** Two figures, rounded up: what is shorter could have been missed. */
function duration(seconds: number, language: 'en' | 'zh'): string {
  const { unit, per } = STEPS.find(({ from }) => seconds >= from) ?? STEPS[4];
  const value = seconds / per;
  const scale = value >= 10 ? 1 : 10;
  return `${Math.ceil(value * scale - 1e-9) / scale} ${unit[language]}`;
}

/** The one sentence that stands beside a result. */
export function coverageSentence(figures: Figures, language: 'en' | 'zh'): string {
  const { observedPct, bandPct, missedBelowSeconds, revisitSeconds } = figures;
  const share = percent(observedPct);
  const missed = duration(missedBelowSeconds, language);
  if (language === 'zh') {
    if (observedPct <= 0) return bandPct > 0 ? '该频段未被完整观测' : '该时段内未观测该频段';
    const revisit = revisitSeconds === null ? '' : `，每 ${duration(revisitSeconds.median, 'zh')}重访一次`;
    const end = missedBelowSeconds > 0 ? `短于 ${missed}的发射可能漏检` : '没有观测中断';
    return `已观测该时段的 ${share}%${revisit}；${end}`;
  }
  if (observedPct <= 0)
    return bandPct > 0 ? 'the band was not observed as a whole' : 'the band was not observed in the period';
  const revisit = revisitSeconds === null ? '' : `, each frequency every ${duration(revisitSeconds.median, 'en')}`;
  const end = missedBelowSeconds > 0 ? `a transmission shorter than ${missed} could have been missed` : 'without a gap';
  return `observed ${share} % of the period${revisit}; ${end}`;
}

import { VERDICTS, type Verdict } from '../../../../src/core/emission.ts';

/** The theme's colours as the canvases need them. */
export interface PlotColours {
  readonly scope: string;
  readonly text: string;
  readonly live: string;
  readonly fill: string;
  readonly average: string;
  readonly max: string;
  /** For marks on the waterfall, whose palettes are dark in both themes. */
  readonly verdicts: Readonly<Record<Verdict, string>>;
}

export function readColours(element: Element): PlotColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    scope: token('--scope'),
    text: token('--text'),
    live: token('--trace-live'),
    fill: token('--trace-fill'),
    average: token('--trace-average'),
    max: token('--trace-max'),
    verdicts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, token(`--mark-${verdict}`)])) as Record<
      Verdict,
      string
    >,
  };
}

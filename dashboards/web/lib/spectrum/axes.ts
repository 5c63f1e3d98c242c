import { axisBottom, axisLeft, scaleLinear, select } from 'd3';
import type { LevelUnit } from '../../../../src/core/units.ts';
import { formatNumber, frequencyUnit, tickDecimals, unitLabel } from '../format.ts';
import type { Locale } from '../settings.ts';
import type { LevelRange } from './level-range.ts';
import { type ViewRange, widthHz } from './view-range.ts';

export interface AxisView {
  readonly range: ViewRange;
  readonly levels: LevelRange;
  readonly unit: LevelUnit;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly locale: Locale;
  /** Size of the type against 16 px a rem. */
  readonly typeScale: number;
}

/** Nearer to an end than this a number would be cut or touch the unit. */
const EDGE_PX = 24;

/** Frequency beneath, level at the left, both with grid lines across the plot. */
export function drawAxes(svg: SVGSVGElement, view: AxisView): void {
  const { range, levels, widthPx, heightPx, locale, typeScale } = view;
  const unit = frequencyUnit(range.highHz);
  const x = scaleLinear([range.lowHz / unit.hz, range.highHz / unit.hz], [0, widthPx]);
  const y = scaleLinear([levels.low, levels.high], [heightPx, 0]);
  const ticks = x.ticks(Math.max(2, Math.floor(widthPx / (110 * typeScale))));
  const decimals = tickDecimals(ticks.length > 1 ? ticks[1] - ticks[0] : widthHz(range) / unit.hz);
  const edge = EDGE_PX * typeScale;
  const root = select(svg).attr('width', widthPx).attr('height', heightPx);
  root
    .selectAll<SVGGElement, null>('g.x')
    .data([null])
    .join('g')
    .attr('class', 'x')
    .attr('transform', `translate(0,${heightPx})`)
    .call(
      axisBottom<number>(x)
        .tickValues(ticks)
        .tickSize(-heightPx)
        .tickPadding(6)
        .tickFormat((value) =>
          x(value) < edge || x(value) > widthPx - edge ? '' : formatNumber(value, decimals, locale),
        ),
    );
  root
    .selectAll<SVGGElement, null>('g.y')
    .data([null])
    .join('g')
    .attr('class', 'y')
    .call(
      axisLeft<number>(y)
        .ticks(Math.max(2, Math.floor(heightPx / (34 * typeScale))))
        .tickSize(-widthPx)
        .tickPadding(6)
        .tickFormat((value) => formatNumber(value, 0, locale)),
    );
  root
    .selectAll<SVGTextElement, string>('text.unit')
    .data([unitLabel(view.unit)])
    .join('text')
    .attr('class', 'unit')
    .attr('x', -6)
    .attr('y', -7)
    .attr('text-anchor', 'end')
    .text((label) => label);
  root
    .selectAll<SVGTextElement, string>('text.frequency-unit')
    .data([unit.name])
    .join('text')
    .attr('class', 'frequency-unit')
    .attr('x', -8)
    .attr('y', heightPx + 15 * typeScale)
    .attr('text-anchor', 'end')
    .text((label) => label);
}

import { select } from 'd3';
import type { EmissionRecord } from '../../../../src/core/records.ts';
import { formatNumber, frequencyUnit } from '../format.ts';
import { VERDICT_MARKS } from '../icons.ts';
import type { Locale } from '../settings.ts';
import { placeLabels } from './label-lanes.ts';
import { positionPx, type ViewRange } from './view-range.ts';

export interface MarksView {
  /** The most important first. */
  readonly emissions: readonly EmissionRecord[];
  readonly selected: string | null;
  readonly range: ViewRange;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly locale: Locale;
  /** Size of the type against 16 px a rem. */
  readonly typeScale: number;
  readonly describe: (emission: EmissionRecord) => string;
  readonly onSelect: (id: string) => void;
}

interface Mark {
  readonly emission: EmissionRecord;
  readonly left: number;
  readonly width: number;
  readonly lane: number;
  readonly labelLeft: number;
  readonly label: string;
}

const LANES = 3;
const LANE_PX = 16;
const LEAST_PX = 3;
const CHARACTER_PX = 6.6;

/** A box over the band of each emission, and labels where there is room for them. */
export function drawMarks(svg: SVGSVGElement, view: MarksView): void {
  const marks = layOut(view);
  const groups = select(svg)
    .attr('width', view.widthPx)
    .attr('height', view.heightPx)
    .selectAll<SVGGElement, Mark>('g.mark')
    // Drawn from the least important up, so that the important lie on top.
    .data(marks.toReversed(), (mark) => mark.emission.id)
    .join((enter) => {
      const group = enter.append('g');
      group.append('title');
      group.append('rect').attr('class', 'band');
      group.append('rect').attr('class', 'edge').attr('height', 3).attr('y', 0);
      group.append('text');
      return group;
    })
    .order()
    .attr('class', ({ emission }) =>
      ['mark', `v-${emission.verdict}`, emission.id === view.selected ? 'selected' : ''].join(' '),
    )
    .on('click', (event: MouseEvent, mark) => {
      event.stopPropagation();
      view.onSelect(mark.emission.id);
    });
  groups.select('title').text((mark) => view.describe(mark.emission));
  groups
    .select('rect.band')
    .attr('x', (mark) => mark.left)
    .attr('width', (mark) => mark.width)
    .attr('y', 0)
    .attr('height', view.heightPx);
  groups
    .select('rect.edge')
    .attr('x', (mark) => mark.left)
    .attr('width', (mark) => mark.width);
  groups
    .select('text')
    .attr('x', (mark) => mark.labelLeft)
    .attr('y', (mark) => (15 + mark.lane * LANE_PX) * view.typeScale)
    .text((mark) => (mark.lane < 0 ? '' : mark.label));
}

function layOut(view: MarksView): Mark[] {
  const { range, widthPx, locale, emissions, selected } = view;
  const ordered = emissions.toSorted((a, b) => Number(b.id === selected) - Number(a.id === selected));
  const boxes = ordered.map((emission) => {
    const low = Math.max(0, positionPx(emission.lowHz, range, widthPx));
    const high = Math.min(widthPx, positionPx(emission.highHz, range, widthPx));
    const width = Math.max(LEAST_PX, high - low);
    const unit = frequencyUnit(emission.centerHz);
    const decimals = range.highHz - range.lowHz < 5e6 ? 4 : 3;
    const label = `${VERDICT_MARKS[emission.verdict]} ${formatNumber(emission.centerHz / unit.hz, decimals, locale)}`;
    return { emission, left: (low + high) / 2 - width / 2, width, label };
  });
  const places = placeLabels(
    boxes.map((box) => ({ x: box.left + box.width / 2, width: box.label.length * CHARACTER_PX * view.typeScale })),
    LANES,
    widthPx,
  );
  return boxes.map((box, i) => ({ ...box, lane: places[i].lane, labelLeft: places[i].left }));
}

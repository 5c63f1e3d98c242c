import type { CoverageGap } from '../../../../src/core/coverage.ts';
import type { EmissionRecord } from '../../../../src/core/records.ts';
import { formatClock } from '../format.ts';
import type { Settings } from '../settings.ts';
import { typeScale } from '../type-scale.ts';
import { drawAxes } from './axes.ts';
import type { PlotColours } from './colours.ts';
import { drawMarks } from './emission-marks.ts';
import { emissionsIn } from './emission-order.ts';
import type { LevelRange } from './level-range.ts';
import { type Palette, palette } from './palettes.ts';
import type { Tuning } from './receiver-display.ts';
import { ScopePainter } from './scope-painter.ts';
import type { ViewRange } from './view-range.ts';
import { createWaterfall, type WaterfallRenderer } from './waterfall.ts';
import { drawBrackets, drawGaps, drawTimes } from './waterfall-overlay.ts';

export interface PlotParts {
  readonly axes: SVGSVGElement;
  readonly trace: HTMLCanvasElement;
  readonly marks: SVGSVGElement;
  readonly rows: HTMLCanvasElement;
  readonly brackets: HTMLCanvasElement;
  readonly times: HTMLCanvasElement;
}

export interface PlotView {
  readonly tuning: Tuning;
  readonly range: ViewRange;
  readonly levels: LevelRange;
  readonly receiver: string;
  readonly emissions: ReadonlyMap<string, EmissionRecord>;
  readonly selected: string | null;
  readonly settings: Settings;
  /** What the receiver did not observe. */
  readonly gaps: readonly CoverageGap[];
  readonly describeGap: (gap: CoverageGap) => string;
  readonly describe: (emission: EmissionRecord) => string;
  readonly onSelect: (id: string) => void;
}

/** Draws one frame of the plot; what has not changed since the last frame is left as it is. */
export class PlotPainter {
  readonly #parts: PlotParts;
  readonly #scope: ScopePainter;
  readonly #waterfall: WaterfallRenderer;
  readonly #font: string;
  #colours: PlotColours;
  #palette: Palette;
  #paletteName: string;
  #axesStale = true;
  #typeScale = typeScale();
  #markedFrom: ReadonlyMap<string, EmissionRecord> | null = null;
  /** Emissions in view, the most important first. */
  marked: readonly EmissionRecord[] = [];

  constructor(parts: PlotParts, settings: Settings, colours: PlotColours, font: string) {
    this.#parts = parts;
    this.#scope = new ScopePainter(parts.trace.getContext('2d')!);
    this.#waterfall = createWaterfall(parts.rows);
    this.#font = font;
    this.#colours = colours;
    this.#paletteName = settings.palette;
    this.#palette = palette(settings.palette);
  }

  /** Language, theme, size or view are no longer those of the last frame. */
  changed(colours: PlotColours | null = null): void {
    this.#colours = colours ?? this.#colours;
    this.#typeScale = typeScale();
    this.#axesStale = true;
    this.#markedFrom = null;
  }

  /** Height of a waterfall row, device pixels. */
  get rowPx(): number {
    return Math.max(1, Math.round(window.devicePixelRatio * this.#typeScale));
  }

  paint(view: PlotView): void {
    const { tuning, range, levels, settings } = view;
    const { grid, ring, traces, minLevel, levelStepDb } = tuning;
    const { showLive, showAverage, showMax } = settings;
    if (this.#paletteName !== settings.palette) {
      this.#paletteName = settings.palette;
      this.#palette = palette(settings.palette);
    }
    this.#scope.draw(
      traces,
      { grid, range, levels, minLevel, levelStepDb, showLive, showAverage, showMax },
      this.#colours,
      Math.max(1, window.devicePixelRatio),
    );
    this.#waterfall.draw({
      ring,
      range,
      lowByte: (levels.low - minLevel) / levelStepDb,
      highByte: (levels.high - minLevel) / levelStepDb,
      palette: this.#palette,
      rowPx: this.rowPx,
    });
    this.#paintAxes(view);
    this.#paintMarks(view);
    this.#paintOverWaterfall(view);
  }

  dispose(): void {
    this.#waterfall.dispose();
  }

  #size(): { widthPx: number; heightPx: number } {
    const { trace } = this.#parts;
    return { widthPx: trace.clientWidth, heightPx: trace.clientHeight };
  }

  #paintAxes(view: PlotView): void {
    if (!this.#axesStale) return;
    this.#axesStale = false;
    const { range, levels, tuning, settings } = view;
    drawAxes(this.#parts.axes, {
      range,
      levels,
      unit: tuning.unit,
      locale: settings.locale,
      typeScale: this.#typeScale,
      ...this.#size(),
    });
  }

  #paintMarks(view: PlotView): void {
    if (this.#markedFrom === view.emissions) return;
    this.#markedFrom = view.emissions;
    const { range, selected, settings, describe, onSelect } = view;
    this.marked = settings.showMarks ? emissionsIn(view.emissions.values(), view.receiver, range) : [];
    drawMarks(this.#parts.marks, {
      emissions: this.marked.filter((emission) => emission.onAir || emission.id === selected),
      selected,
      range,
      locale: settings.locale,
      describe,
      onSelect,
      typeScale: this.#typeScale,
      ...this.#size(),
    });
  }

  #paintOverWaterfall(view: PlotView): void {
    const { ring } = view.tuning;
    const scale = window.devicePixelRatio * this.#typeScale;
    const brackets = this.#parts.brackets.getContext('2d')!;
    drawBrackets(brackets, ring, this.rowPx, scale, view.range, this.marked, view.selected, this.#colours);
    drawGaps(brackets, ring, this.rowPx, scale, view.gaps, this.#font, view.describeGap);
    const times = this.#parts.times.getContext('2d')!;
    const { locale, timeZone } = view.settings;
    drawTimes(times, ring, this.rowPx, scale, this.#colours, this.#font, (ms) => formatClock(ms, locale, timeZone));
  }
}

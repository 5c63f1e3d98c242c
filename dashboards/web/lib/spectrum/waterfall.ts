import type { Palette } from './palettes.ts';
import type { RowRing } from './row-ring.ts';
import type { ViewRange } from './view-range.ts';
import { CanvasWaterfall } from './waterfall-canvas.ts';
import { WebGlWaterfall } from './waterfall-webgl.ts';

/** What the waterfall shows: rows of `ring` in `range`, bytes `lowByte` to `highByte` from end to end of the palette. */
export interface WaterfallView {
  readonly ring: RowRing;
  readonly range: ViewRange;
  readonly lowByte: number;
  readonly highByte: number;
  readonly palette: Palette;
  /** Height of a row, device pixels. */
  readonly rowPx: number;
}

/** Draws the newest row at the top of a canvas of `canvas.width` × `canvas.height` device pixels. */
export interface WaterfallRenderer {
  readonly kind: 'webgl2' | 'canvas';
  draw(view: WaterfallView): void;
  dispose(): void;
}

/** A "graphics card" that is the processor in disguise: there the 2D canvas is the faster way. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|mesa offscreen/i;

let hardware: boolean | null = null;

function hasHardwareWebGl(): boolean {
  if (hardware === null) {
    const probe = document.createElement('canvas').getContext('webgl2');
    const info = probe?.getExtension('WEBGL_debug_renderer_info');
    const name = probe ? String(probe.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : probe.RENDERER)) : '';
    hardware = probe !== null && !SOFTWARE.test(name);
    probe?.getExtension('WEBGL_lose_context')?.loseContext();
  }
  return hardware;
}

/** `?renderer=webgl2` or `canvas` in the address overrides the choice, to find a driver's fault. */
export function chosenRenderer(): WaterfallRenderer['kind'] {
  const asked = new URLSearchParams(location.search).get('renderer');
  if (asked === 'webgl2' || asked === 'canvas') return asked;
  return hasHardwareWebGl() ? 'webgl2' : 'canvas';
}

export function createWaterfall(canvas: HTMLCanvasElement): WaterfallRenderer {
  if (chosenRenderer() === 'webgl2') {
    const gl = canvas.getContext('webgl2', {
      alpha: true,
      antialias: false,
      depth: false,
      powerPreference: 'low-power',
    });
    if (gl) return new WebGlWaterfall(gl);
  }
  return new CanvasWaterfall(canvas.getContext('2d')!);
}

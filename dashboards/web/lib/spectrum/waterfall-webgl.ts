import { binScale } from './bin-map.ts';
import type { Palette } from './palettes.ts';
import type { RowRing } from './row-ring.ts';
import type { WaterfallRenderer, WaterfallView } from './waterfall.ts';

const VERTEX = `#version 300 es
void main() {
  // One triangle that covers the screen.
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/** A pixel takes the maximum of the bins that it covers; the row is found in the ring by its age. */
const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D levels;
uniform sampler2D palette;
uniform float firstBin;
uniform float binsPerPixel;
uniform int bins;
uniform int capacity;
uniform int filled;
uniform int head;
uniform float height;
uniform float rowPx;
uniform vec2 byteRange;
out vec4 colour;

void main() {
  float x = gl_FragCoord.x - 0.5;
  int age = int(floor((height - gl_FragCoord.y) / rowPx));
  int low = int(floor(firstBin + x * binsPerPixel + 1e-4));
  int high = max(low, int(ceil(firstBin + (x + 1.0) * binsPerPixel - 1e-4)) - 1);
  if (age >= filled || high < 0 || low >= bins) {
    // No row is there: the plot's background shows.
    colour = vec4(0.0);
    return;
  }
  int slot = (head - age + capacity) % capacity;
  low = max(low, 0);
  high = min(min(high, bins - 1), low + 63);
  float level = 0.0;
  for (int k = low; k <= high; k++) level = max(level, texelFetch(levels, ivec2(k, slot), 0).r);
  float shade = clamp((level * 255.0 - byteRange.x) / (byteRange.y - byteRange.x), 0.0, 1.0);
  colour = texelFetch(palette, ivec2(int(shade * 255.0 + 0.5), 0), 0);
}`;

/** Rows lie in an R8 texture used as a ring; a new row is one upload of its bytes, and zoom and colours cost nothing. */
export class WebGlWaterfall implements WaterfallRenderer {
  readonly kind = 'webgl2';
  readonly #gl: WebGL2RenderingContext;
  #program: WebGLProgram | null = null;
  #uniforms = new Map<string, WebGLUniformLocation | null>();
  #levels: WebGLTexture | null = null;
  #palette: WebGLTexture | null = null;
  #ring: RowRing | null = null;
  #uploadedPalette: Palette | null = null;
  #pushed = 0;
  readonly #forget = (event: Event) => {
    // Prevented, so that the browser gives the context back; everything is then built anew.
    event.preventDefault();
    this.#program = null;
    this.#ring = null;
    this.#uploadedPalette = null;
  };

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    gl.canvas.addEventListener('webglcontextlost', this.#forget);
  }

  draw(view: WaterfallView): void {
    const gl = this.#gl;
    if (gl.isContextLost()) return;
    if (!this.#program) this.#build();
    this.#upload(view);
    const { width, height } = gl.canvas;
    const { first, perPixel } = binScale(view.ring.grid, view.range, width);
    gl.viewport(0, 0, width, height);
    gl.useProgram(this.#program);
    gl.uniform1f(this.#at('firstBin'), first);
    gl.uniform1f(this.#at('binsPerPixel'), perPixel);
    gl.uniform1i(this.#at('bins'), view.ring.grid.bins);
    gl.uniform1i(this.#at('capacity'), view.ring.capacity);
    gl.uniform1i(this.#at('filled'), view.ring.filled);
    gl.uniform1i(this.#at('head'), Math.max(0, view.ring.head));
    gl.uniform1f(this.#at('height'), height);
    gl.uniform1f(this.#at('rowPx'), view.rowPx);
    gl.uniform2f(this.#at('byteRange'), view.lowByte, view.highByte);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #at(name: string): WebGLUniformLocation | null {
    return this.#uniforms.get(name) ?? null;
  }

  #build(): void {
    const gl = this.#gl;
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
      throw new Error(`waterfall shader: ${gl.getProgramInfoLog(program)}`);
    }
    this.#program = program;
    const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) as number;
    for (let i = 0; i < count; i++) {
      const { name } = gl.getActiveUniform(program, i)!;
      this.#uniforms.set(name, gl.getUniformLocation(program, name));
    }
    this.#levels = this.#texture(0);
    this.#palette = this.#texture(1);
    gl.useProgram(program);
    gl.uniform1i(this.#at('levels'), 0);
    gl.uniform1i(this.#at('palette'), 1);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  }

  #texture(unit: number): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const parameter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, parameter, gl.NEAREST);
    }
    for (const parameter of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
      gl.texParameteri(gl.TEXTURE_2D, parameter, gl.CLAMP_TO_EDGE);
    }
    return texture;
  }

  #upload(view: WaterfallView): void {
    const gl = this.#gl;
    const { ring } = view;
    gl.activeTexture(gl.TEXTURE0);
    if (this.#ring !== ring) {
      const { bins } = ring.grid;
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, bins, ring.capacity, 0, gl.RED, gl.UNSIGNED_BYTE, null);
      this.#ring = ring;
      this.#pushed = 0;
    }
    this.#pushed = Math.max(this.#pushed, ring.pushed - ring.filled);
    for (; this.#pushed < ring.pushed; this.#pushed++) {
      const slot = this.#pushed % ring.capacity;
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, slot, ring.grid.bins, 1, gl.RED, gl.UNSIGNED_BYTE, ring.slot(slot));
    }
    if (this.#uploadedPalette === view.palette) return;
    gl.activeTexture(gl.TEXTURE1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, view.palette);
    this.#uploadedPalette = view.palette;
  }

  dispose(): void {
    this.#gl.canvas.removeEventListener('webglcontextlost', this.#forget);
    this.#gl.deleteTexture(this.#levels);
    this.#gl.deleteTexture(this.#palette);
    this.#gl.deleteProgram(this.#program);
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

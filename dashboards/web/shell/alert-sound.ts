/** Two short tones, made on the spot; browsers allow them once the person has touched the page. */
export class AlertSound {
  #context: AudioContext | null = null;

  play(): void {
    this.#context ??= new AudioContext();
    const context = this.#context;
    void context.resume();
    for (const [at, hz] of [
      [0, 880],
      [0.18, 1175],
    ]) {
      const start = context.currentTime + at;
      const tone = new OscillatorNode(context, { frequency: hz });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setTargetAtTime(0.16, start, 0.01);
      gain.gain.setTargetAtTime(0, start + 0.12, 0.03);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.3);
    }
  }
}

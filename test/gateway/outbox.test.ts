import { describe, expect, it } from 'vitest';
import { LIVE_LIMITS, Outbox } from '../../src/gateway/live/outbox.ts';

/** A socket whose far end reads only when it is told to. */
class FakeWire {
  readonly sent: string[] = [];
  #pending: { bytes: number; done: () => void }[] = [];
  get bufferedAmount() {
    return this.#pending.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  send(data: Uint8Array, { binary }: { binary: boolean }, done: () => void) {
    this.sent.push(`${binary ? 'spectrum' : 'text'} ${Buffer.from(data).toString().trim()}`);
    this.#pending.push({ bytes: data.byteLength, done });
  }
  read() {
    for (const { done } of this.#pending.splice(0)) done();
  }
}

const padded = (text: string, bytes: number) => Buffer.from(text.padEnd(bytes));
const FULL = LIVE_LIMITS.bufferedBytes;

describe('an outbox', () => {
  it('hands everything over at once while the socket takes it', () => {
    const wire = new FakeWire();
    const outbox = new Outbox(wire);
    outbox.text(Buffer.from('a'));
    outbox.spectrum('roof', Buffer.from('s1'));
    outbox.spectrum('roof', Buffer.from('s2'));
    expect(wire.sent).toEqual(['text a', 'spectrum s1', 'spectrum s2']);
    expect(outbox.skipped).toBe(0);
  });

  it('of spectra keeps the newest of each receiver, and counts the others', () => {
    const wire = new FakeWire();
    const outbox = new Outbox(wire);
    outbox.text(padded('full', FULL));
    for (const i of [1, 2, 3]) outbox.spectrum('roof', Buffer.from(`roof${i}`));
    outbox.spectrum('harbour', Buffer.from('harbour1'));
    expect(wire.sent).toEqual(['text full']);
    expect(outbox.skipped).toBe(2);
    wire.read();
    expect(wire.sent.slice(1)).toEqual(['spectrum roof3', 'spectrum harbour1']);
  });

  it('of texts drops none, keeps their order, and sends them before spectra; a state gives way to a newer one', () => {
    const wire = new FakeWire();
    const outbox = new Outbox(wire);
    outbox.text(padded('full', FULL));
    outbox.spectrum('roof', Buffer.from('s'));
    outbox.text(Buffer.from('alert1'));
    outbox.text(Buffer.from('roof online'), 'receiver roof');
    outbox.text(Buffer.from('alert2'));
    outbox.text(Buffer.from('roof silent'), 'receiver roof');
    expect(outbox.waitingBytes).toBe(FULL + 'alert1alert2roof silent s'.length - 1);
    wire.read();
    expect(wire.sent.slice(1)).toEqual(['text alert1', 'text alert2', 'text roof silent', 'spectrum s']);
  });

  it('is stuck when the socket stays full for 15 s, and not when it was read in between', () => {
    const wire = new FakeWire();
    const outbox = new Outbox(wire);
    outbox.text(padded('full', FULL));
    expect([outbox.isStuck(0), outbox.isStuck(14_999)]).toEqual([false, false]);
    wire.read();
    expect(outbox.isStuck(15_000)).toBe(false);
    outbox.text(padded('full', FULL));
    expect([outbox.isStuck(16_000), outbox.isStuck(30_999), outbox.isStuck(31_000)]).toEqual([false, false, true]);
  });

  it('is stuck at once when more than 4 MiB wait', () => {
    const outbox = new Outbox(new FakeWire());
    for (let i = 0; i < 8; i++) outbox.text(padded(`alert${i}`, FULL));
    expect(outbox.isStuck(0)).toBe(false);
    outbox.text(padded('one more', FULL));
    expect(outbox.isStuck(1)).toBe(true);
  });

  it('tells when its texts are gone, or when it is closed and lets go of all', async () => {
    const wire = new FakeWire();
    const outbox = new Outbox(wire);
    await outbox.drained();
    outbox.text(padded('full', FULL));
    outbox.text(Buffer.from('a'));
    const read = outbox.drained();
    wire.read();
    await read;
    outbox.text(padded('full', FULL));
    outbox.text(Buffer.from('b'));
    const closed = outbox.drained();
    outbox.close();
    await closed;
    outbox.text(Buffer.from('c'));
    wire.read();
    expect(wire.sent).not.toContain('text b');
    expect(wire.sent).not.toContain('text c');
  });
});

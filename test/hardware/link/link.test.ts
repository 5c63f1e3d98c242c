import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ByteLink } from '../../../hardware/link/byte-link.ts';
import { LinkLost } from '../../../hardware/link/byte-link.ts';
import { memoryPair } from '../../../hardware/link/memory.ts';
import { portOpener } from '../../../hardware/link/port.ts';
import { PORT_PATTERN } from '../../../hardware/link/port-name.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort } from '../../support/ports.ts';
import { describeWith } from '../../support/services.ts';
import { PtyCable } from './pty-cable.ts';

const folder = temporaryFolder();
const ends: Array<() => unknown> = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Every byte value, many times over, in an order of its own. */
const DATA = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 197 + (i >> 8)) & 0xff);

async function readAll(link: ByteLink, count: number): Promise<Uint8Array> {
  const all = new Uint8Array(count);
  let at = 0;
  while (at < count) {
    const bytes = await link.read(5_000);
    if (bytes === null) throw new Error(`only ${at} of ${count} bytes came`);
    all.set(bytes.subarray(0, count - at), at);
    at += bytes.length;
  }
  return all;
}

async function carries(left: ByteLink, right: ByteLink): Promise<void> {
  const [received] = await Promise.all([readAll(right, DATA.length), left.write(DATA)]);
  expect(Buffer.compare(received, DATA)).toBe(0);
  await right.write(Uint8Array.of(0, 255, 17, 19));
  expect([...(await readAll(left, 4))]).toEqual([0, 255, 17, 19]);
  expect(await left.read(20)).toBeNull();
}

describe('a link within the process', () => {
  it('carries bytes both ways, and is lost on both sides when one closes', async () => {
    const [left, right] = memoryPair();
    await carries(left, right);
    const waiting = expect(right.read(5_000)).rejects.toBeInstanceOf(LinkLost);
    await left.close();
    await waiting;
    await expect(left.read(10)).rejects.toBeInstanceOf(LinkLost);
    await expect(right.write(DATA)).rejects.toBeInstanceOf(LinkLost);
  });

  it('holds the sender up while nobody reads, rather than keep what it sends', async () => {
    const [left, right] = memoryPair();
    let sent = 0;
    const sending = (async () => {
      for (; sent < 64; sent++) await left.write(new Uint8Array(65_536));
    })();
    sending.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sent).toBeLessThan(8);
    await readAll(right, 64 * 65_536);
    await sending;
    expect(sent).toBe(64);
  });
});

describe('a link over TCP', () => {
  it('carries bytes both ways, and tells when the server goes', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
    const accepted = once(server, 'connection');
    const link = await portOpener(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, 115_200)();
    const [socket] = await accepted;
    socket.pipe(socket);
    const [received] = await Promise.all([readAll(link, DATA.length), link.write(DATA)]);
    expect(Buffer.compare(received, DATA)).toBe(0);
    socket.end();
    await expect(link.read(5_000)).rejects.toBeInstanceOf(LinkLost);
    await link.close();
  });

  it('says where nobody answers', async () => {
    const port = await freePort();
    await expect(portOpener(`tcp://127.0.0.1:${port}`, 115_200)()).rejects.toThrow(`127.0.0.1:${port}`);
  });
});

describe('the name of a port', () => {
  it.each(['/dev/ttyACM0', '/dev/serial/by-id/usb-x', 'COM3', 'tcp://10.0.0.7:4001'])('may be %s', (port) => {
    expect(port).toMatch(new RegExp(PORT_PATTERN));
  });

  it.each(['ttyACM0', '', 'tcp://10.0.0.7', 'udp://10.0.0.7:1', '/dev/a b'])('may not be "%s"', (port) => {
    expect(port).not.toMatch(new RegExp(PORT_PATTERN));
  });
});

describeWith(['socat'], 'a serial port', () => {
  it('carries every byte value both ways, and is lost when the plug is pulled', async () => {
    const cable = new PtyCable(folder);
    await cable.plug();
    ends.push(() => cable.cut());
    const host = await portOpener(cable.hostPath, 500_000)();
    ends.push(() => host.close());
    const device = await cable.device();
    ends.push(() => device.close());
    await carries(host, device);
    const waiting = expect(host.read(5_000)).rejects.toBeInstanceOf(LinkLost);
    await cable.cut();
    await waiting;
  });

  it('that is not there is named, and one that is held says so', async () => {
    await expect(portOpener('/dev/ttyNothing', 115_200)()).rejects.toThrow('/dev/ttyNothing is not there');
    const cable = new PtyCable(folder, 'held');
    await cable.plug();
    ends.push(() => cable.cut());
    const first = await portOpener(cable.hostPath, 115_200)();
    ends.push(() => first.close());
    await expect(portOpener(cable.hostPath, 115_200)()).rejects.toThrow('held by another program');
    await first.close();
    const second = await portOpener(cable.hostPath, 115_200)();
    await second.close();
  });

  it('whose plug is pulled while nobody reads is lost within a second, and no core is kept busy by it', async () => {
    const cable = new PtyCable(folder, 'unread');
    await cable.plug();
    ends.push(() => cable.cut());
    const host = await portOpener(cable.hostPath, 115_200)();
    ends.push(() => host.close());
    const device = await cable.device();
    ends.push(() => device.close());
    // More than the host's side takes in unread: its next read happens after the plug is gone.
    const sending = device.write(DATA).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await cable.cut();
    const cutMs = performance.now();
    const before = process.cpuUsage();
    const reason = await (async () => {
      for (;;) await host.read(5_000);
    })().catch((error: Error) => error);
    expect(reason).toBeInstanceOf(LinkLost);
    expect(performance.now() - cutMs).toBeLessThan(1_500);
    await sending;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const used = process.cpuUsage(before);
    expect((used.user + used.system) / 1_000).toBeLessThan(900);
  });
});

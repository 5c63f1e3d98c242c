import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { likenessOf } from '../../../hardware/known-devices.ts';
import { linuxPorts } from '../../../hardware/link/port-list.ts';
import { foundReceiver } from '../../../hardware/registry.ts';
import { namesOf } from '../../../src/app/port-discovery.ts';
import { portsTable } from '../../../src/cli/receiver-ports.ts';
import { isReceiverId } from '../../../src/core/frames.ts';
import { temporaryFolder } from '../../support/folder.ts';

const folder = temporaryFolder();
let trees = 0;

interface UsbPort {
  readonly name: string;
  /** Folders between the port and its USB device, as the kernel's drivers make them. */
  readonly below: string;
  readonly usb?: Readonly<Record<string, string>>;
  readonly byId?: string;
  readonly byPath?: string;
}

/** The kernel's and udev's trees, as Linux 6 lays them out. */
function machine(ports: readonly UsbPort[]): { sys: string; dev: string } {
  const root = join(folder, `machine-${++trees}`);
  const [sys, dev] = [join(root, 'sys'), join(root, 'dev')];
  for (const path of [join(sys, 'class/tty'), join(dev, 'serial/by-id'), join(dev, 'serial/by-path')]) {
    mkdirSync(path, { recursive: true });
  }
  ports.forEach(({ name, below, usb, byId, byPath }, i) => {
    const device = join(sys, `devices/pci0000:00/usb1/1-${i + 1}`);
    const port = join(device, below);
    mkdirSync(port, { recursive: true });
    for (const [file, text] of Object.entries(usb ?? {})) writeFileSync(join(device, file), `${text}\n`);
    mkdirSync(join(sys, 'class/tty', name));
    symlinkSync(port, join(sys, 'class/tty', name, 'device'));
    writeFileSync(join(dev, name), '');
    if (byId !== undefined) symlinkSync(`../../${name}`, join(dev, 'serial/by-id', byId));
    if (byPath !== undefined) symlinkSync(`../../${name}`, join(dev, 'serial/by-path', byPath));
  });
  return { sys, dev };
}

const TINYSA = { idVendor: '0483', idProduct: '5740', manufacturer: 'tinysa.org', product: 'tinySA4' };
const CP2102 = { idVendor: '10c4', idProduct: 'ea60', manufacturer: 'Silicon Labs', product: 'CP2102 USB to UART' };

describe('the serial ports of a machine', () => {
  it('are listed with their USB identity, under the names that stay', async () => {
    const { sys, dev } = machine([
      { name: 'ttyACM0', below: '1-1:1.0', usb: TINYSA, byId: 'usb-tinysa.org_tinySA4_400-if00' },
      { name: 'ttyUSB0', below: '1-2:1.0/ttyUSB0', usb: CP2102, byPath: 'pci-0000:00:14.0-usb-0:2:1.0-port0' },
      { name: 'ttyACM1', below: '1-3:1.0', usb: { ...TINYSA, idProduct: '5740' } },
      { name: 'ttyS0', below: 'serial0' },
    ]);
    const listed = await linuxPorts(sys, dev);
    expect(listed).toMatchObject([
      {
        path: join(dev, 'serial/by-id/usb-tinysa.org_tinySA4_400-if00'),
        device: join(dev, 'ttyACM0'),
        vendorId: '0483',
        productId: '5740',
        manufacturer: 'tinysa.org',
        product: 'tinySA4',
      },
      { path: join(dev, 'ttyACM1'), product: 'tinySA4' },
      { path: join(dev, 'serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0'), vendorId: '10c4', productId: 'ea60' },
    ]);
    const table = portsTable(listed);
    expect(table.split('\n')[1]).toMatch(
      /400-if00 +\S+ttyACM0 +0483:5740 +tinysa.org tinySA4 +tinySA Ultra \(type: tinysa\)$/,
    );
  });

  it('are none where there is no such tree, and then a sentence', async () => {
    expect(await linuxPorts(join(folder, 'nothing'), join(folder, 'nothing'))).toEqual([]);
    expect(portsTable([])).toContain('No serial port');
  });
});

describe('a port', () => {
  const port = { path: '/dev/ttyACM0', device: '/dev/ttyACM0', manufacturer: null };

  it.each([
    ['0483', '5740', 'tinySA4', 'tinysa', 'tinySA Ultra'],
    ['0483', '5740', 'tinySA', 'tinysa', 'tinySA'],
    ['0483', '5740', null, 'tinysa', 'tinySA'],
    ['10c4', 'ea60', 'CP2102N USB to UART Bridge Controller', 'rf-explorer', 'CP2102'],
  ])('of %s:%s, %s, looks like %s', (vendorId, productId, product, type, what) => {
    const likeness = likenessOf({ ...port, vendorId, productId, product });
    expect(likeness?.type).toBe(type);
    expect(likeness?.what).toContain(what);
    expect(foundReceiver(type, port.path)).toMatchObject({ type, port: port.path, startHz: null, stopHz: null });
  });

  it.each([
    ['0483', '5740', 'NanoVNA-H4'],
    ['0483', '5740', 'STM32 Virtual ComPort'],
    ['1a86', '7523', 'USB Serial'],
    [null, null, null],
  ])('of %s:%s, %s, is offered to nobody', (vendorId, productId, product) => {
    expect(likenessOf({ ...port, vendorId, productId, product })).toBeNull();
  });

  it('has a receiver’s id from its name, whatever that is', () => {
    const first = (path: string) => namesOf('tinysa', path).next().value;
    expect(first('/dev/serial/by-id/usb-tinysa.org_tinySA4_400-if00')).toBe('tinysa-tinysa-org_tinysa4_400');
    expect(first('/dev/ttyACM0')).toBe('tinysa-ttyacm0');
    expect(first('COM3')).toBe('tinysa-com3');
    for (const path of ['/dev/…', '/', `/dev/${'x'.repeat(200)}`, '/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0']) {
      for (const id of [...namesOf('rf-explorer', path)].slice(0, 3)) expect(isReceiverId(id)).toBe(true);
    }
  });
});

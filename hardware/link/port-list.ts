import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A serial port of this machine, and what its USB device says of itself; null where it does not, or is none. */
export interface ListedPort {
  /** The name that stays with the device or its socket where there is one, else that of today. */
  readonly path: string;
  /** Today's name, such as /dev/ttyACM0. */
  readonly device: string;
  /** Four hexadecimal digits, small letters. */
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
}

export type ListPorts = () => Promise<ListedPort[]>;

/** Sockets of the machine's own board have names of their own and are nobody's new device. */
const USB_PORTS = /^tty(?:ACM|USB)\d+$/;
/** From a port up to its USB device: the port itself, its interface, the device. */
const MOST_STEPS_UP = 4;

export function listPorts(): Promise<ListedPort[]> {
  return process.platform === 'linux' ? linuxPorts('/sys', '/dev') : otherPorts();
}

/**
 * On Linux the kernel's own tree says it, in a container too. serialport asks udevadm, ends the whole program where
 * that is not installed, and does not tell the product, by which a tinySA differs from its many relatives.
 */
export async function linuxPorts(sys: string, dev: string): Promise<ListedPort[]> {
  const names = (await entriesOf(join(sys, 'class/tty'))).filter((name) => USB_PORTS.test(name));
  const links = [...(await linksIn(join(dev, 'serial/by-id'))), ...(await linksIn(join(dev, 'serial/by-path')))];
  const ports = names.map(async (name): Promise<ListedPort> => {
    const device = join(dev, name);
    const usb = await usbDeviceOf(join(sys, 'class/tty', name, 'device'));
    const said = async (file: string) => (usb === null ? null : textOf(join(usb, file)));
    const real = await realpath(device).catch(() => device);
    return {
      path: links.find(({ target }) => target === real)?.link ?? device,
      device,
      vendorId: (await said('idVendor'))?.toLowerCase() ?? null,
      productId: (await said('idProduct'))?.toLowerCase() ?? null,
      manufacturer: await said('manufacturer'),
      product: await said('product'),
    };
  });
  return Promise.all(ports);
}

async function otherPorts(): Promise<ListedPort[]> {
  const { SerialPort } = await import('serialport');
  return (await SerialPort.list()).map(({ path, vendorId, productId, manufacturer }) => ({
    path,
    device: path,
    vendorId: vendorId?.toLowerCase() ?? null,
    productId: productId?.toLowerCase() ?? null,
    manufacturer: manufacturer ?? null,
    product: null,
  }));
}

async function usbDeviceOf(link: string): Promise<string | null> {
  let folder = await realpath(link).catch(() => null);
  for (let step = 0; folder !== null && step < MOST_STEPS_UP; step++) {
    if ((await textOf(join(folder, 'idVendor'))) !== null) return folder;
    folder = dirname(folder);
  }
  return null;
}

async function textOf(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() === '' ? null : text.trim().slice(0, 128);
}

async function entriesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort((a, b) => (a < b ? -1 : 1));
}

async function linksIn(folder: string): Promise<Array<{ readonly link: string; readonly target: string }>> {
  const links = (await entriesOf(folder)).map((name) => join(folder, name));
  const targets = await Promise.all(links.map((link) => realpath(link).catch(() => '')));
  return links.map((link, i) => ({ link, target: targets[i] }));
}

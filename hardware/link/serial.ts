import { stat } from 'node:fs/promises';
import { type ByteLink, LinkLost } from './byte-link.ts';
import { StreamLink } from './stream-link.ts';

/** How often it is looked whether the device is still plugged in, ms. */
const WATCH_MS = 250;

/** 8 data bits, no parity, 1 stop bit, no flow control: what every device here speaks. */
export async function openSerial(path: string, baudRate: number): Promise<ByteLink> {
  const SerialPort = await loadSerialPort();
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, lock: true, autoOpen: false });
    port.open((error) => {
      if (error !== null) {
        reject(new LinkLost(explain(error.message, path)));
        return;
      }
      const endWatch = watchPlug(path, () => port.close(undefined, new Error('the device was unplugged')));
      port.once('close', endWatch);
      resolve(new StreamLink(port, () => shut(port)));
    });
  });
}

/** The stream's own `destroy` would leave the port open, and held against the next attempt. */
function shut(port: { isOpen: boolean; close(done: () => void): void; destroy(): unknown }): void {
  if (port.isOpen) port.close(() => port.destroy());
  else port.destroy();
}

/**
 * Linux gives a port whose device was pulled out as one with nothing to read, for ever: a read that is under way then
 * neither fails nor ends, and serialport asks again and again at the full speed of a core until something is written.
 * The file of the port is gone at once, or another one in its place.
 */
function watchPlug(path: string, unplugged: () => void): () => void {
  if (process.platform === 'win32') return () => undefined;
  let first: number | null = null;
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    const device = await stat(path).then(
      ({ rdev }) => rdev,
      () => null,
    );
    isLooking = false;
    first ??= device;
    if (device !== null && device === first) return;
    clearInterval(timer);
    unplugged();
  };
  const timer = setInterval(() => void look(), WATCH_MS);
  void look();
  return () => clearInterval(timer);
}

/** Only a service with a serial receiver needs the binding, so only it suffers where there is none for its machine. */
async function loadSerialPort() {
  try {
    return (await import('serialport')).SerialPort;
  } catch (error) {
    throw new LinkLost(`serial ports cannot be used on this machine: ${String(error)}`);
  }
}

function explain(message: string, path: string): string {
  if (/No such file|File not found/i.test(message)) return `${path} is not there`;
  if (/Permission denied|Access denied/i.test(message)) {
    return `${path} may not be opened by this account; it needs the group of the port, often dialout`;
  }
  if (/lock|busy/i.test(message)) return `${path} is held by another program`;
  return `${path}: ${message}`;
}

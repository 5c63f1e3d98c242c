import { type ByteLink, LinkLost } from './byte-link.ts';
import { StreamLink } from './stream-link.ts';

/** 8 data bits, no parity, 1 stop bit, no flow control: what every device here speaks. */
export async function openSerial(path: string, baudRate: number): Promise<ByteLink> {
  const SerialPort = await loadSerialPort();
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, lock: true, autoOpen: false });
    port.open((error) => {
      if (error === null) resolve(new StreamLink(port, () => shut(port)));
      else reject(new LinkLost(explain(error.message, path)));
    });
  });
}

/** The stream's own `destroy` would leave the port open, and held against the next attempt. */
function shut(port: { isOpen: boolean; close(done: () => void): void; destroy(): unknown }): void {
  if (port.isOpen) port.close(() => port.destroy());
  else port.destroy();
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

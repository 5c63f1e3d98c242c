import type { OpenLink } from './byte-link.ts';
import { openSerial } from './serial.ts';
import { openTcp } from './tcp.ts';

/** `/dev/ttyACM0`, `COM3` or `tcp://HOST:PORT`. */
export function portOpener(port: string, baudRate: number): OpenLink {
  const address = /^tcp:\/\/([^\s/:]+):([0-9]{1,5})$/.exec(port);
  return address === null ? () => openSerial(port, baudRate) : () => openTcp(address[1], Number(address[2]));
}

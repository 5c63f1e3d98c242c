import { connect } from 'node:net';
import { type ByteLink, LinkLost } from './byte-link.ts';
import { StreamLink } from './stream-link.ts';

const CONNECT_LIMIT_MS = 5_000;
/** A server of serial ports that lost its power says nothing; these questions find out. */
const KEEP_ALIVE_MS = 10_000;

/** A port behind a server of serial ports (ser2net, socat, an Ethernet adapter), as plain bytes. */
export function openTcp(host: string, port: number): Promise<ByteLink> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    const timer = setTimeout(() => fail(`no answer within ${CONNECT_LIMIT_MS} ms`), CONNECT_LIMIT_MS);
    const fail = (why: string) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new LinkLost(`${host}:${port}: ${why}`));
    };
    const failed = (error: Error) => fail(error.message);
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      resolve(new StreamLink(socket));
    });
  });
}

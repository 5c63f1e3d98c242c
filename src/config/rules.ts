import { isIP } from 'node:net';
import type { Config } from './schema.ts';
import type { Path, Problem } from './shape.ts';

/** What one key asks of another. */

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function problem(path: Path, message: string): Problem {
  return { path, message };
}

function httpProblems({ http }: Config): Problem[] {
  const problems: Problem[] = [];
  const guarded = http.publicUrl?.startsWith('https://') === true || http.trustedProxies.length > 0;
  if (!isLoopback(http.host) && !guarded) {
    const wanted = 'needs an https publicUrl or trustedProxies, since passwords would cross the network unencrypted';
    problems.push(problem(['http', 'host'], `listening on ${http.host} ${wanted}; expected 127.0.0.1`));
  }
  http.trustedProxies.forEach((range, i) => {
    const [address, bits] = range.split('/');
    const version = isIP(address);
    if (version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128)) return;
    problems.push(problem(['http', 'trustedProxies', i], `expected an IP address or a range, found "${range}"`));
  });
  return problems;
}

function mqttProblems({ mqtt }: Config): Problem[] {
  const problems: Problem[] = [];
  if (mqtt.broker !== null && !URL.canParse(mqtt.broker)) {
    problems.push(problem(['mqtt', 'broker'], `expected a URL such as mqtts://broker:8883, found "${mqtt.broker}"`));
  } else if (mqtt.broker !== null && new URL(mqtt.broker).password !== '') {
    problems.push(problem(['mqtt', 'broker'], 'a password does not belong in the URL: use mqtt.passwordFile'));
  }
  if (mqtt.passwordFile !== null && mqtt.username === null) {
    problems.push(problem(['mqtt', 'passwordFile'], 'a password without mqtt.username'));
  }
  return problems;
}

/** Two receivers that give the same value to a key that only one may have. */
function repeated(receivers: Config['receivers'], key: 'id' | 'port'): Problem[] {
  const first = new Map<string, number>();
  return receivers.flatMap((receiver, i) => {
    const value = (receiver as { readonly port?: string; readonly id: string })[key];
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier !== undefined) {
      return [problem(['receivers', i, key], `"${value}" is already the ${key} of receivers[${earlier}]`)];
    }
    first.set(value, i);
    return [];
  });
}

function spanProblems(receivers: Config['receivers']): Problem[] {
  return receivers.flatMap((receiver, i) => {
    if (!('startHz' in receiver)) return [];
    const { startHz, stopHz } = receiver;
    const both = startHz !== null && stopHz !== null;
    if (both ? startHz < stopHz : startHz === stopHz) return [];
    return [problem(['receivers', i, 'stopHz'], `expected above startHz, ${startHz}; found ${stopHz}`)];
  });
}

function dialectProblems({ receivers, mqtt }: Config): Problem[] {
  return receivers.flatMap((receiver, i) => {
    if (receiver.type !== 'mqtt') return [];
    const { dialect, topic } = receiver;
    const isOurs = dialect === 'bandwarden';
    if (isOurs && topic !== null) return [problem(['receivers', i, 'topic'], 'only another dialect has one to name')];
    if (isOurs) return [];
    if (topic === null) return [problem(['receivers', i, 'topic'], `expected the topic of the ${dialect} receiver`)];
    const why = 'is for receivers on a broker of your own, mqtt.broker; the embedded one takes our topics only';
    return mqtt.broker === null ? [problem(['receivers', i, 'dialect'], `"${dialect}" ${why}`)] : [];
  });
}

function receiverProblems(config: Config): Problem[] {
  const { receivers } = config;
  return [
    ...dialectProblems(config),
    ...repeated(receivers, 'id'),
    ...repeated(receivers, 'port'),
    ...spanProblems(receivers),
  ];
}

export function problemsBetween(config: Config): Problem[] {
  return [...httpProblems(config), ...mqttProblems(config), ...receiverProblems(config)];
}

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

function receiverProblems({ receivers }: Config): Problem[] {
  const first = new Map<string, number>();
  return receivers.flatMap(({ id }, i) => {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, i);
      return [];
    }
    return [problem(['receivers', i, 'id'], `"${id}" is already the id of receivers[${earlier}]`)];
  });
}

export function problemsBetween(config: Config): Problem[] {
  return [...httpProblems(config), ...mqttProblems(config), ...receiverProblems(config)];
}

import { parseTopic, RECEIVER_READS, RECEIVER_WRITES } from './protocol.ts';

/** Who a connection belongs to, once its password was checked. */
export type Principal = { readonly kind: 'service' } | { readonly kind: 'receiver'; readonly receiver: string };

/** A receiver writes its own reports and nothing else; `$SYS` belongs to the broker. */
export function mayPublish(prefix: string, who: Principal, topic: string): boolean {
  if (topic.startsWith('$')) return false;
  if (who.kind === 'service') return true;
  const parsed = parseTopic(prefix, topic);
  return parsed !== null && parsed.receiver === who.receiver && RECEIVER_WRITES.includes(parsed.leaf);
}

/** A receiver reads its own commands and acknowledgements, each by its full name: no wildcard matches here. */
export function mayRead(prefix: string, who: Principal, filter: string): boolean {
  if (filter.startsWith('$')) return false;
  if (who.kind === 'service') return true;
  const parsed = parseTopic(prefix, filter);
  return parsed !== null && parsed.receiver === who.receiver && RECEIVER_READS.includes(parsed.leaf);
}

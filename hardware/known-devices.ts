import type { ListedPort } from './link/port-list.ts';

/** What a port looks like, from outside: whether it is that shows when it is opened. */
export interface Likeness {
  readonly type: 'tinysa' | 'rf-explorer';
  /** For people. */
  readonly what: string;
}

/** USB identities, vendor:product. Several kinds of device share one: `product` says which of them it is. */
const KNOWN: ReadonlyArray<{ readonly usb: string; readonly product: RegExp | null } & Likeness> = [
  // The identity of every STM32 example; NanoVNA and others have it too.
  { usb: '0483:5740', product: /^tinySA4/i, type: 'tinysa', what: 'tinySA Ultra' },
  { usb: '0483:5740', product: /^tinySA/i, type: 'tinysa', what: 'tinySA' },
  // The bridge inside; thousands of other devices have the same.
  { usb: '10c4:ea60', product: null, type: 'rf-explorer', what: 'CP2102 bridge, as in an RF Explorer' },
];

export function likenessOf({ vendorId, productId, product }: ListedPort): Likeness | null {
  const usb = `${vendorId}:${productId}`;
  // Where the system does not tell the product, the identity has to do.
  const known = KNOWN.find((one) => one.usb === usb && (one.product?.test(product ?? 'tinySA') ?? true));
  return known === undefined ? null : { type: known.type, what: known.what };
}

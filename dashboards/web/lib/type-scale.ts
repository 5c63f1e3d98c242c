/** Size of the page's type against the usual 16 px: larger on large desks (base.css). Plots follow it. */
export function typeScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

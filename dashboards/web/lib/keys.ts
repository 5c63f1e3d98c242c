/** True where a key belongs to the focused control, not to a shortcut: fields, lists, or with a modifier held. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('input, textarea, select, [contenteditable]') || target.closest('dialog') !== null) return true;
  const pressed = event.key === ' ' || event.key === 'Enter';
  return pressed && target.matches('button, a, summary, [role="row"]');
}
